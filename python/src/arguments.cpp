#include "arguments.hpp"

#include <fmt/core.h>
#include <wheatstone/error.hpp>

#include <cmath>

#include "python_type.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

PythonType g_enum{"enum", "Enum"};

std::string shown(nb::handle object) { return nb::cast<std::string>(nb::repr(object)); }

int channel_from(nb::handle object) {
  if (PyUnicode_Check(object.ptr())) {
    std::string digits = nb::cast<std::string>(nb::str(object));
    while (!digits.empty() && (digits.front() < '0' || digits.front() > '9')) digits.erase(0, 1);
    if (!digits.empty() && digits.size() < 4 && digits.find_first_not_of("0123456789") == std::string::npos)
      return std::stoi(digits);
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
