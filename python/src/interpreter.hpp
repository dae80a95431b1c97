#pragma once
// Functions of the interpreter that the limited API of Python 3.11 leaves out, though every Python exports them.

#include <nanobind/nanobind.h>

#include <cstddef>

namespace wheatstone::python {

struct Interpreter {
  /// Whether the calling thread holds the interpreter's lock.
  int (*holds_lock)() = nullptr;
  /// PyObject_Vectorcall, in the limited API from 3.12 on.
  PyObject* (*vectorcall)(PyObject* callable, PyObject* const* args, std::size_t nargsf, PyObject* kwnames) = nullptr;
};

/// Passed as the number of positional arguments of a vectorcall, none: the slot before the arguments may be used by the
/// callee (PY_VECTORCALL_ARGUMENTS_OFFSET of the C API).
constexpr std::size_t k_may_use_slot_before = std::size_t{1} << (8 * sizeof(std::size_t) - 1);

/// Found once, when the module is imported. Throws std::runtime_error naming a symbol that is missing.
const Interpreter& interpreter();

}  // namespace wheatstone::python
