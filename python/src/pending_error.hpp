#pragma once
// What a signal handler of Python raised while the library waited.

#include <nanobind/nanobind.h>

namespace wheatstone::python {

/// The exception that ended the main thread's wait, taken out; invalid where there is none, or in another thread.
[[nodiscard]] nanobind::object take_pending_error();

}  // namespace wheatstone::python
