#include "python_call.hpp"

#include <utility>

#include "interpreter.hpp"
#include "python_values.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

constexpr std::size_t k_nowhere = Point::Data::k_no_position - 1;

bool g_keyboard_interrupt = false;

ArgumentSource source_named(const std::string& word) {
  if (word == "parameter") return ArgumentSource::parameter;
  return word == "row" ? ArgumentSource::row : ArgumentSource::constant;
}

nb::object instant_from(Time instant, bool as_seconds) {
  if (as_seconds) return nb::float_(static_cast<double>(instant.nanoseconds) * 1e-9);
  return object_from(Value(instant));
}

nb::dict row_so_far(const Point& point, bool timestamp_as_seconds) {
  nb::dict row;
  const Point::Data& data = point.data();
  for (std::size_t i = 0; i < data.names.size(); ++i) row[text_of(data.names[i])] = object_from(data.values[i]);
  row["timestamp"] = instant_from(point.timestamp(), timestamp_as_seconds);
  for (const Row::Entry& entry : data.so_far) row[text_of(entry.key)] = object_from(entry.value);
  return row;
}

}  // namespace

bool take_keyboard_interrupt() { return std::exchange(g_keyboard_interrupt, false); }

RaisedInPython raised_in_loop(const nb::python_error& error, MeasurementSession* session) {
  if (session != nullptr && error.matches(PyExc_KeyboardInterrupt)) {
    g_keyboard_interrupt = true;
    session->abort();
  }
  return RaisedInPython(error);
}

std::vector<Argument> arguments_from(const std::vector<GivenArgument>& given) {
  std::vector<Argument> arguments;
  for (const auto& [name, source, parameter, object] : given) {
    // Interned, so that the callee finds its argument by address.
    nb::object interned = nb::steal(PyUnicode_InternFromString(name.c_str()));
    arguments.push_back({std::move(interned), source_named(source), parameter, object});
  }
  return arguments;
}

PythonCall::~PythonCall() {
  const nb::gil_scoped_acquire held;
  unbind();
}

void PythonCall::unbind() {
  function_.reset();
  names_.reset();
  keep_.reset();
  varied_.clear();
  row_.reset();
  given_.reset();
}

void PythonCall::bind(nb::object function, const std::vector<Argument>& arguments) {
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
        varied_.push_back({i + 1,
                           argument.parameter,
                           argument.object.ptr(),
                           !nb::isinstance<PythonDependent>(argument.object),
                           k_nowhere,
                           {}});
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

void PythonCall::fill(const Point& point) {
  for (Varied& varied : varied_) {
    const std::size_t position = point.data().positions[varied.parameter];
    if (position == varied.position && varied.is_steady) continue;
    if (position == Point::Data::k_no_position) {
      varied.value = object_from(point.data().values[varied.parameter]);
      varied.is_steady = false;
    } else {
      nb::object value = nb::steal(PySequence_GetItem(varied.values, static_cast<Py_ssize_t>(position)));
      if (!value.is_valid()) throw nb::python_error();
      varied.value = std::move(value);
    }
    slots_[varied.argument] = varied.value.ptr();
    varied.position = position;
  }
  if (row_arguments_.empty()) return;
  row_ = row_so_far(point, timestamp_as_seconds_);
  given_ = row_.attr("copy")();
  for (const std::size_t argument : row_arguments_) slots_[argument] = row_.ptr();
}

nb::object PythonCall::operator()(const Point& point) {
  fill(point);
  nb::object results =
      nb::steal(interpreter().vectorcall(function_.ptr(), slots_.data() + 1, k_may_use_slot_before, names_.ptr()));
  if (!results.is_valid()) throw nb::python_error();
  return results;
}

nb::dict dict_from(const Row& row, bool timestamp_as_seconds) {
  nb::dict dict;
  for (const Row::Entry& entry : row) {
    const Time* instant = entry.value.get_if<Time>();
    dict[text_of(entry.key)] = instant != nullptr && entry.key == "timestamp"
                                   ? instant_from(*instant, timestamp_as_seconds)
                                   : object_from(entry.value);
  }
  return dict;
}

}  // namespace wheatstone::python
