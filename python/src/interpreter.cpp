#include "interpreter.hpp"

#include <cxxabi.h>
#include <dlfcn.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

namespace wheatstone::python {
namespace {

template <class Function>
void find(Function*& function, const char* name) {
  void* const symbol = ::dlsym(RTLD_DEFAULT, name);
  if (symbol == nullptr) throw std::runtime_error(std::string("this Python interpreter does not export ") + name);
  function = reinterpret_cast<Function*>(symbol);
}

// The number of positional arguments of a vectorcall, none: the slot before the arguments may be used by the callee
// (PY_VECTORCALL_ARGUMENTS_OFFSET of the C API).
constexpr std::size_t k_may_use_slot_before = std::size_t{1} << (8 * sizeof(std::size_t) - 1);

template <class Call>
PyObject* or_stay(Call call) {
  try {
    return call();
  } catch (const abi::__forced_unwind&) {
    for (;;) ::pause();
  }
}

}  // namespace

PyObject* call_by_name(PyObject* function, PyObject* const* values, PyObject* names) {
  return or_stay([&] { return interpreter().vectorcall(function, values, k_may_use_slot_before, names); });
}

PyObject* call_with(PyObject* function, PyObject* by_position, PyObject* by_name) {
  return or_stay([&] { return PyObject_Call(function, by_position, by_name); });
}

const Interpreter& interpreter() {
  static const Interpreter found = [] {
    Interpreter symbols;
    find(symbols.holds_lock, "PyGILState_Check");
    find(symbols.vectorcall, "PyObject_Vectorcall");
    return symbols;
  }();
  return found;
}

}  // namespace wheatstone::python
