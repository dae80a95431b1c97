#pragma once
// Text of the library as Python text.

#include <nanobind/nanobind.h>

#include <string>
#include <string_view>

namespace wheatstone::python {

/// Bytes that are no UTF-8 (a garbled answer, a file name) become surrogate escapes, as in Python's own file names.
[[nodiscard]] inline nanobind::object text_of(std::string_view text) {
  return nanobind::steal(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogateescape"));
}

/// What an instrument said: UTF-8 where it is that, else Latin-1, in which every byte is a character.
[[nodiscard]] inline nanobind::str said_text(std::string_view text) {
  const auto size = static_cast<Py_ssize_t>(text.size());
  PyObject* const decoded = PyUnicode_DecodeUTF8(text.data(), size, nullptr);
  if (decoded != nullptr) return nanobind::steal<nanobind::str>(decoded);
  PyErr_Clear();
  return nanobind::steal<nanobind::str>(PyUnicode_DecodeLatin1(text.data(), size, nullptr));
}

/// NUL as the four characters \x00: sentences go to terminals and to C.
[[nodiscard]] inline std::string without_nul(std::string text) {
  for (std::size_t at = text.find('\0'); at != std::string::npos; at = text.find('\0', at))
    text.replace(at, 1, "\\x00");
  return text;
}

/// A sentence to be printed: bytes that are no UTF-8 are escaped.
[[nodiscard]] inline nanobind::object sentence_of(std::string_view text) {
  const std::string shown = without_nul(std::string(text));
  return nanobind::steal(PyUnicode_DecodeUTF8(shown.data(), static_cast<Py_ssize_t>(shown.size()), "backslashreplace"));
}

/// Python text as a sentence in UTF-8; halves of surrogate pairs are escaped.
[[nodiscard]] inline std::string utf8_of(nanobind::handle text) {
  const nanobind::object bytes = nanobind::steal(PyUnicode_AsEncodedString(text.ptr(), "utf-8", "backslashreplace"));
  if (!bytes.is_valid()) throw nanobind::python_error();
  return without_nul(std::string(PyBytes_AsString(bytes.ptr()), static_cast<std::size_t>(PyBytes_Size(bytes.ptr()))));
}

/// An object as sentences show it.
[[nodiscard]] inline std::string shown(nanobind::handle object) {
  std::string text = utf8_of(nanobind::repr(object));
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

}  // namespace wheatstone::python
