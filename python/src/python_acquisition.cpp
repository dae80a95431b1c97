#include "python_acquisition.hpp"

#include <fmt/core.h>
#include <nanobind/stl/string.h>
#include <wheatstone/error.hpp>

#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

std::string shown(nb::handle object) {
  std::string text = utf8_of(nb::repr(object));
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

}  // namespace

PythonAcquisition::PythonAcquisition(std::string name) : Acquisition(std::move(name)) {}

PythonAcquisition::~PythonAcquisition() {
  const nb::gil_scoped_acquire held;
  unbind();
}

void PythonAcquisition::unbind() {
  call_.unbind();
  keys_.clear();
}

void PythonAcquisition::measure(const Point& point, Row& out) {
  try {
    take_results(call_(point), out);
  } catch (const nb::python_error& error) {
    throw raised_in_loop(error, session_);
  }
}

void PythonAcquisition::take_results(nb::handle results, Row& out) {
  nb::object mapping = nb::borrow(results);
  if (results.is_none() && call_.row().is_valid() && nb::len(call_.row()) > nb::len(call_.given())) {
    mapping = nb::dict();  // its results are in ctx
  } else if (!PyDict_Check(results.ptr())) {
    if (!nb::isinstance(results, nb::module_::import_("collections.abc").attr("Mapping"))) {
      throw DataError(
          fmt::format("acquisition '{}' returned {}, which is no mapping; return results by name, {{\"name\": value}}",
                      name(), shown(results)));
    }
    mapping = nb::borrow(reinterpret_cast<PyObject*>(&PyDict_Type))(results);
  }
  if (call_.row().is_valid()) mapping = with_added(mapping);
  Py_ssize_t position = 0;
  PyObject* key = nullptr;
  PyObject* value = nullptr;
  std::size_t i = 0;
  while (PyDict_Next(mapping.ptr(), &position, &key, &value) != 0) set_result(i++, key, value, out);
  if (i < out.size()) {
    Row fewer;
    for (std::size_t k = 0; k < i; ++k) fewer.push_back(out[k]);
    out = std::move(fewer);
    keys_.resize(i);
  }
}

nb::object PythonAcquisition::with_added(nb::handle results) const {
  const nb::dict row = nb::borrow<nb::dict>(call_.row());
  const nb::dict given = nb::borrow<nb::dict>(call_.given());
  nb::dict all;
  for (const auto& [key, value] : row) {
    if (!given.contains(key)) {
      all[key] = value;
    } else if (!nb::object(given[key]).is(value)) {
      throw DataError(fmt::format(
          "acquisition '{}' changed {} in ctx, which the row holds already; add its value under a name of its own",
          name(), shown(key)));
    }
  }
  if (all.size() == 0) return nb::borrow(results);
  all.update(nb::borrow<nb::dict>(results));
  return all;
}

void PythonAcquisition::set_result(std::size_t i, PyObject* key, PyObject* value, Row& out) {
  const bool known = i < keys_.size() && i < out.size() && keys_[i].ptr() == key;
  if (!known) {
    if (!PyUnicode_Check(key)) {
      throw DataError(
          fmt::format("acquisition '{}' returned the key {}; keys of results are text", name(), shown(key)));
    }
    if (i >= keys_.size()) keys_.resize(i + 1);
    keys_[i] = nb::borrow(key);
    if (i >= out.size()) out.push_back({});
    out[i].key = utf8_of(key);
  }
  try {
    out[i].value = value_from(value);
  } catch (const DataError& error) {
    throw DataError(fmt::format("result '{}' of acquisition '{}': {}", out[i].key, name(), error.what()));
  }
}

}  // namespace wheatstone::python
