#include "raised_in_python.hpp"

#include "text.hpp"

namespace wheatstone::python {
namespace {

namespace nb = nanobind;

std::string line_of(nb::handle error) {
  std::string text = utf8_of(error.type().attr("__name__"));
  try {
    const auto said = utf8_of(nb::str(error));
    if (!said.empty()) text += ": " + said;
  } catch (const nb::python_error&) {
    text += " (whose text cannot be read)";
  }
  return text;
}

void release(PyObject* object) {
  const nb::gil_scoped_acquire held;
  Py_DECREF(object);
}

}  // namespace

RaisedInPython::RaisedInPython(const nb::python_error& error)
    : object_(nb::borrow(error.value()).release().ptr(), release),
      text_(std::make_shared<const std::string>(line_of(error.value()))) {}

}  // namespace wheatstone::python
