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

/// Calls a function as PyObject_Vectorcall does, with arguments by name alone. An interpreter that exits ends a thread
/// that comes back to it, by unwinding through frames that must not unwind; such a thread stays in here instead, and
/// the process ends without it. The slot before the values may be used by the callee.
[[nodiscard]] PyObject* call_by_name(PyObject* function, PyObject* const* values, PyObject* names);
/// The same as PyObject_Call does, with arguments by position and by name; the latter may be null.
[[nodiscard]] PyObject* call_with(PyObject* function, PyObject* by_position, PyObject* by_name);

/// Found once, when the module is imported. Throws std::runtime_error naming a symbol that is missing.
const Interpreter& interpreter();

}  // namespace wheatstone::python
