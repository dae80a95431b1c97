#include "interpreter.hpp"

#include <dlfcn.h>

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

}  // namespace

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
