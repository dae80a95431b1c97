#pragma once
// The parts of wheatstone._native, one function a public header.

#include <nanobind/nanobind.h>

namespace wheatstone::python {

namespace nb = nanobind;

/// Lets the library's waits release the interpreter's lock, and parks threads that return after the interpreter has
/// gone.
void bind_blocking(nb::module_& module);
/// Raises the library's errors as those of wheatstone.errors.
void bind_error(nb::module_& module);
void bind_value(nb::module_& module);

}  // namespace wheatstone::python
