#pragma once
// Text of the library as Python text.

#include <nanobind/nanobind.h>

#include <string_view>

namespace wheatstone::python {

/// Bytes that are no UTF-8 (a garbled answer, a file name) become surrogate escapes, as in Python's own file names.
[[nodiscard]] inline nanobind::object text_of(std::string_view text) {
  return nanobind::steal(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogateescape"));
}

}  // namespace wheatstone::python
