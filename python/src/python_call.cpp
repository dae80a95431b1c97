#include "python_call.hpp"

#include <fmt/core.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/binding.hpp>
#include <wheatstone/error.hpp>

#include <array>
#include <utility>

#include "bindings.hpp"

#include "interpreter.hpp"
#include "python_values.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

constexpr std::size_t k_nowhere = Point::Data::k_no_position - 1;

bool g_keyboard_interrupt = false;

ArgumentSource source_named(std::string_view word) {
  using enum ArgumentSource;
  constexpr std::array<std::pair<std::string_view, ArgumentSource>, 7> k_names = {{{"constant", constant},
                                                                                   {"parameter", parameter},
                                                                                   {"cell", cell},
                                                                                   {"result", result},
                                                                                   {"timestamp", timestamp},
                                                                                   {"resumed", resumed},
                                                                                   {"row", row}}};
  for (const auto& [name, source] : k_names) {
    if (name == word) return source;
  }
  throw ConfigurationError(fmt::format("arguments do not come from '{}'", word));
}

std::string names_of(const Point::Data& data) {
  std::string names;
  for (const std::string& name : data.names) names += fmt::format("{}'{}'", names.empty() ? "" : ", ", name);
  for (const Row::Entry& entry : data.so_far) names += fmt::format("{}'{}'", names.empty() ? "" : ", ", entry.key);
  return names;
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
  if (in_call_) {  // the run has let go of a thread in it, which may use what it borrows for as long as it likes
    static_cast<void>(new auto(std::make_tuple(std::move(function_), std::move(names_), std::move(keep_),
                                               std::move(varied_), std::move(looked_))));
    in_call_ = false;
  }
  function_.reset();
  names_.reset();
  keep_.reset();
  varied_.clear();
  looked_.clear();
  row_.reset();
  given_.reset();
}

void PythonCall::bind(nb::object function, const std::vector<Argument>& arguments) {
  function_ = std::move(function);
  nb::list names;
  nb::list keep;
  slots_.assign(arguments.size() + 1, nullptr);
  varied_.clear();
  looked_.clear();
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
      case ArgumentSource::timestamp:
        timestamp_as_seconds_ = PyObject_IsTrue(argument.object.ptr()) == 1;
        [[fallthrough]];
      case ArgumentSource::cell:
      case ArgumentSource::resumed:
        looked_.push_back({i + 1, argument.source, argument.parameter});
        break;
      case ArgumentSource::result:
        looked_.push_back({i + 1, argument.source, 0, utf8_of(argument.name),
                           argument.object.is_none() ? nb::object() : nb::object(argument.object[0])});
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
  for (Looked& looked : looked_) {
    look(looked, point);
    slots_[looked.argument] = looked.value.ptr();
  }
}

void PythonCall::look(Looked& looked, const Point& point) {
  switch (looked.source) {
    case ArgumentSource::row:
      row_ = row_so_far(point, timestamp_as_seconds_);
      given_ = row_.attr("copy")();
      looked.value = row_;
      break;
    case ArgumentSource::cell:
      looked.value = object_from(point.data().values[looked.parameter]);
      break;
    case ArgumentSource::timestamp:
      looked.value = instant_from(point.timestamp(), timestamp_as_seconds_);
      break;
    case ArgumentSource::resumed:
      looked.value = nb::bool_(point.first_after_resume());
      break;
    default:
      look_for_result(looked, point);
  }
}

/// A name that rows have had is None where this one lacks it; one that they have not is where an acquisition was
/// skipped too, since it may have been that one's.
void PythonCall::look_for_result(Looked& looked, const Point& point) {
  const Value* const found = point.row().find(looked.name);
  looked.is_fallback = false;
  if (found != nullptr) {
    looked.is_in_rows = true;
    looked.value = object_from(*found);
  } else if (looked.is_in_rows || point.data().incomplete) {
    looked.value = nb::none();
  } else if (looked.fallback.is_valid()) {
    looked.is_fallback = true;
    looked.value = looked.fallback;
  } else {
    throw DataError(
        fmt::format("it asks for '{}', which the row does not have; it has {}", looked.name, names_of(point.data())));
  }
}

bool PythonCall::lacks_input() const {
  for (const Varied& varied : varied_) {
    if (varied.value.is_none()) return true;
  }
  for (const Looked& looked : looked_) {
    if (looked.value.is_none() && !looked.is_fallback) return true;
  }
  return false;
}

nb::object PythonCall::call() {
  in_call_ = true;
  nb::object results = nb::steal(call_by_name(function_.ptr(), slots_.data() + 1, names_.ptr()));
  if (any_let_go_.load(std::memory_order_relaxed) && binding::is_let_go()) [[unlikely]] {
    PyErr_Clear();
    throw Interrupted("the run has let go of this acquisition");
  }
  in_call_ = false;
  if (!results.is_valid()) throw nb::python_error();
  return results;
}

nb::object called(PythonCall& call, const Point& point) {
  try {
    return call(point);
  } catch (const nb::python_error& error) {
    throw call.raised(error);
  }
}

bool is_true(PythonCall& call, const Point& point) {
  const int truth = PyObject_IsTrue(called(call, point).ptr());
  if (truth < 0) throw call.raised(nb::python_error());
  return truth == 1;
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

void bind_call(nb::module_& module) {
  nb::class_<PythonCall>(module, "Call", "A function that the loop calls at a point, with arguments by name.")
      .def(nb::init<>())
      .def(
          "bind",
          [](PythonCall& self, nb::object function, const std::vector<GivenArgument>& arguments) {
            self.bind(std::move(function), arguments_from(arguments));
          },
          nb::arg("function"), nb::arg("arguments"),
          "Of each argument its name, where it comes from, the ordinal of the parameter, and what belongs to its "
          "source: see python_call.hpp.")
      .def("unbind", &PythonCall::unbind);
}

}  // namespace wheatstone::python
