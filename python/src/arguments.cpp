#include "arguments.hpp"

#include <fmt/core.h>
#include <wheatstone/error.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include "python_type.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

PythonType g_enum{"enum", "Enum"};

std::string shown(nb::handle object) { return nb::cast<std::string>(nb::repr(object)); }

// "1", "CH1", "chan1", "Channel 1", "OUTPUT1".
std::optional<int> channel_named(nb::handle object) {
  const auto name = nb::cast<std::string>(nb::str(object).attr("upper")());
  const std::size_t at = std::min(name.find_first_of("0123456789"), name.size());
  std::string word = name.substr(0, at);
  while (word.ends_with(' ')) word.pop_back();
  const bool names = std::ranges::any_of(std::array{"CHANNEL", "OUTPUT"}, [&](std::string_view whole) {
    return whole.starts_with(word) && (word.empty() || word.size() > 1);
  });
  const std::string digits = name.substr(at);
  if (!names || digits.empty() || digits.size() > 3) return std::nullopt;
  if (digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return std::stoi(digits);
}

int channel_from(nb::handle object) {
  if (PyUnicode_Check(object.ptr())) {
    if (const auto channel = channel_named(object)) return *channel;
    throw ConfigurationError(fmt::format("{} names no channel; give its number", shown(object)));
  }
  int number = 0;
  if (!nb::try_cast(nb::borrow<nb::object>(object), number)) {
    throw ConfigurationError(fmt::format("{} is no channel; give its number", shown(object)));
  }
  return number;
}

}  // namespace

std::string name_from(nb::handle object, std::string_view wanted) {
  if (g_enum.is_type_of(object)) return nb::cast<std::string>(nb::str(object.attr("name")));
  if (PyUnicode_Check(object.ptr())) return nb::cast<std::string>(nb::str(object));
  throw ConfigurationError(fmt::format("{} is no {}; give its name", shown(object), wanted));
}

Number::Number(nb::handle given) noexcept : number_(PyFloat_AsDouble(given.ptr())) {
  if (number_ != -1.0 || PyErr_Occurred() == nullptr) return;
  raises_ = PyErr_ExceptionMatches(PyExc_TypeError) == 0 && PyErr_ExceptionMatches(PyExc_OverflowError) == 0;
  given_ = given;
  PyErr_Clear();
}

Number::operator double() const {
  if (!raises_) return number_;
  (void)PyFloat_AsDouble(given_.ptr());
  throw nb::python_error();
}

double number_from(nb::handle object, std::string_view wanted) {
  const Number number(object);
  if (number.is_one()) return number;
  throw ConfigurationError(
      fmt::format("{} is no {}; give a number, in the unit without a prefix (V, A, s)", shown(object), wanted));
}

Channel::operator int() const { return channel_from(given_); }

Duration seconds_from(double seconds, std::string_view what) {
  if (!std::isfinite(seconds) || std::abs(seconds) > 9.2e9) {
    throw ConfigurationError(fmt::format("{} of {} s is no length of time; give seconds", what, seconds));
  }
  return Duration::from_seconds(seconds);
}

std::vector<int> channels_from(nb::handle object) {
  std::vector<int> channels;
  if (PyUnicode_Check(object.ptr()) || PySequence_Check(object.ptr()) == 0) {
    channels.push_back(channel_from(object));
    return channels;
  }
  for (const nb::handle item : object) {
    for (const int channel : channels_from(item)) channels.push_back(channel);
  }
  return channels;
}

}  // namespace wheatstone::python

namespace nanobind::detail {

handle type_caster<wheatstone::python::Measured>::from_cpp(const wheatstone::python::Measured& measured, rv_policy,
                                                           cleanup_list*) noexcept {
  try {
    return wheatstone::python::object_from(measured.reading).release();
  } catch (python_error& error) {
    error.restore();
    return {};
  }
}

}  // namespace nanobind::detail
