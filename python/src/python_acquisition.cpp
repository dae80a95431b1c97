#include "python_acquisition.hpp"

#include <fmt/core.h>
#include <nanobind/stl/string.h>
#include <wheatstone/error.hpp>

#include "interpreter.hpp"
#include "raised_in_python.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

constexpr std::size_t k_nowhere = static_cast<std::size_t>(-1);

std::string shown(nb::handle object) {
  std::string text = utf8_of(nb::repr(object));
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

bool g_keyboard_interrupt = false;

}  // namespace

bool take_keyboard_interrupt() { return std::exchange(g_keyboard_interrupt, false); }

PythonAcquisition::PythonAcquisition(std::string name) : Acquisition(std::move(name)) {}

PythonAcquisition::~PythonAcquisition() {
  const nb::gil_scoped_acquire held;
  unbind();
}

void PythonAcquisition::unbind() {
  function_.reset();
  names_.reset();
  keep_.reset();
  varied_.clear();
  keys_.clear();
  row_.reset();
  given_.reset();
}

void PythonAcquisition::bind(nb::object function, const std::vector<Argument>& arguments) {
  function_ = std::move(function);
  nb::list names;
  nb::list keep;
  slots_.assign(arguments.size() + 1, nullptr);
  varied_.clear();
  row_arguments_.clear();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Argument& argument = arguments[i];
    names.append(argument.name);
    keep.append(argument.object);
    switch (argument.source) {
      case ArgumentSource::constant:
        slots_[i + 1] = argument.object.ptr();
        break;
      case ArgumentSource::parameter:
        varied_.push_back({i + 1, argument.parameter, argument.object.ptr(), k_nowhere, {}});
        break;
      case ArgumentSource::row:
        row_arguments_.push_back(i + 1);
        timestamp_as_seconds_ = PyObject_IsTrue(argument.object.ptr()) == 1;
        break;
    }
  }
  names_ = nb::tuple(names);
  keep_ = keep;
}

void PythonAcquisition::fill(const Point& point) {
  for (Varied& varied : varied_) {
    const std::size_t position = point.data().positions[varied.parameter];
    if (position == varied.position) continue;
    nb::object value = nb::steal(PySequence_GetItem(varied.values, static_cast<Py_ssize_t>(position)));
    if (!value.is_valid()) throw nb::python_error();
    varied.value = std::move(value);
    slots_[varied.argument] = varied.value.ptr();
    varied.position = position;
  }
  if (row_arguments_.empty()) return;
  row_ = row_so_far(point);
  given_ = row_.attr("copy")();
  for (const std::size_t argument : row_arguments_) slots_[argument] = row_.ptr();
}

nb::object PythonAcquisition::row_so_far(const Point& point) const {
  nb::dict row;
  const Point::Data& data = point.data();
  for (std::size_t i = 0; i < data.names.size(); ++i) row[text_of(data.names[i])] = object_from(data.values[i]);
  const Time began = point.timestamp();
  row["timestamp"] = timestamp_as_seconds_ ? nb::object(nb::float_(static_cast<double>(began.nanoseconds) * 1e-9))
                                           : object_from(Value(began));
  for (const Row::Entry& entry : data.so_far) row[text_of(entry.key)] = object_from(entry.value);
  return row;
}

void PythonAcquisition::measure(const Point& point, Row& out) {
  try {
    fill(point);
    const nb::object results =
        nb::steal(interpreter().vectorcall(function_.ptr(), slots_.data() + 1, k_may_use_slot_before, names_.ptr()));
    if (!results.is_valid()) throw nb::python_error();
    take_results(results, out);
  } catch (const nb::python_error& error) {
    if (session_ != nullptr && error.matches(PyExc_KeyboardInterrupt)) {
      g_keyboard_interrupt = true;
      session_->abort();
    }
    throw RaisedInPython(error);
  }
}

void PythonAcquisition::take_results(nb::handle results, Row& out) {
  nb::object mapping = nb::borrow(results);
  if (results.is_none() && row_.is_valid() && nb::len(row_) > nb::len(given_)) {
    mapping = nb::dict();  // its results are in ctx
  } else if (!PyDict_Check(results.ptr())) {
    if (!nb::isinstance(results, nb::module_::import_("collections.abc").attr("Mapping"))) {
      throw DataError(
          fmt::format("acquisition '{}' returned {}, which is no mapping; return results by name, {{\"name\": value}}",
                      name(), shown(results)));
    }
    mapping = nb::borrow(reinterpret_cast<PyObject*>(&PyDict_Type))(results);
  }
  if (row_.is_valid()) mapping = with_added(mapping);
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
  const nb::dict row = nb::borrow<nb::dict>(row_);
  const nb::dict given = nb::borrow<nb::dict>(given_);
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
