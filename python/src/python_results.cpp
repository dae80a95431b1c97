#include "python_results.hpp"

#include <fmt/core.h>
#include <wheatstone/error.hpp>

#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {

namespace nb = nanobind;

bool is_mapping(nb::handle object) {
  return PyDict_Check(object.ptr()) || nb::isinstance(object, nb::module_::import_("collections.abc").attr("Mapping"));
}

void PythonResults::take(nb::handle results, Row& out) {
  nb::object mapping = nb::borrow(results);
  if (!PyDict_Check(results.ptr())) {
    if (!is_mapping(results)) {
      throw DataError(fmt::format("{} returned {}, which is no mapping; return results by name, {{\"name\": value}}",
                                  source_, shown(results)));
    }
    mapping = nb::borrow(reinterpret_cast<PyObject*>(&PyDict_Type))(results);
  }
  Py_ssize_t position = 0;
  PyObject* key = nullptr;
  PyObject* value = nullptr;
  std::size_t i = 0;
  while (PyDict_Next(mapping.ptr(), &position, &key, &value) != 0) set(i++, key, value, out);
  if (i < out.size()) {
    Row fewer;
    for (std::size_t k = 0; k < i; ++k) fewer.push_back(out[k]);
    out = std::move(fewer);
    keys_.resize(i);
  }
}

void PythonResults::set(std::size_t i, PyObject* key, PyObject* value, Row& out) {
  const bool known = i < keys_.size() && i < out.size() && keys_[i].ptr() == key;
  if (!known) {
    if (!PyUnicode_Check(key)) {
      throw DataError(fmt::format("{} returned the key {}; keys of results are text", source_, shown(key)));
    }
    if (i >= keys_.size()) keys_.resize(i + 1);
    keys_[i] = nb::borrow(key);
    if (i >= out.size()) out.push_back({});
    out[i].key = utf8_of(key);
  }
  try {
    out[i].value = value_from(value);
  } catch (const DataError& error) {
    throw DataError(fmt::format("result '{}' of {}: {}", out[i].key, source_, error.what()));
  }
}

}  // namespace wheatstone::python
