#pragma once
// What Python callers hand to drivers: strings and enumerations where a driver has an enum, numbers or words for
// ranges.

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <optional>
#include <string>
#include <vector>
#include <wheatstone/duration.hpp>
#include <wheatstone/instrument.hpp>
#include <wheatstone/reading.hpp>

namespace wheatstone::python {

namespace nb = nanobind;

/// The name in a str, or of an enum's member. Throws ConfigurationError for anything else, saying what was `wanted`.
[[nodiscard]] std::string name_from(nb::handle object, std::string_view wanted);

template <class Enumeration>
[[nodiscard]] Enumeration named(nb::handle object, std::string_view wanted) {
  return from_name<Enumeration>(name_from(object, wanted));
}

template <class Enumeration>
[[nodiscard]] std::optional<Enumeration> named_or_none(nb::handle object, std::string_view wanted) {
  if (object.is_none()) return std::nullopt;
  return named<Enumeration>(object, wanted);
}

/// Seconds. Throws ConfigurationError where they are NaN or beyond 292 years.
[[nodiscard]] Duration seconds_from(double seconds, std::string_view what);

/// Channel numbers from numbers, "CH1", lists of them, or a mix.
[[nodiscard]] std::vector<int> channels_from(nb::handle object);

/// A Reading that becomes wheatstone.results.Reading on its way to Python.
struct Measured {
  Reading reading;
};

/// Methods that return a reading, as Python sees them.
template <class Class, class... Args>
auto measuring(Reading (Class::*method)(Args...)) {
  return [method](Class& self, Args... args) { return Measured{(self.*method)(args...)}; };
}
template <class Class, class... Args>
auto measuring(Reading (Class::*method)(Args...) const) {
  return [method](const Class& self, Args... args) { return Measured{(self.*method)(args...)}; };
}

/// Methods of a channel that return it: Python gets the same object back, which keeps the instrument alive.
template <class Class, class... Args>
auto chained(Class (Class::*method)(Args...) const) {
  return [method](nb::handle_t<Class> self, Args... args) {
    (void)(nb::cast<const Class&>(self).*method)(args...);
    return self;
  };
}

}  // namespace wheatstone::python

namespace nanobind::detail {

template <>
struct type_caster<wheatstone::python::Measured> {
  NB_TYPE_CASTER(wheatstone::python::Measured, const_name("wheatstone.results.Reading"))
  bool from_python(handle, std::uint8_t, cleanup_list*) noexcept { return false; }
  static handle from_cpp(const wheatstone::python::Measured& measured, rv_policy, cleanup_list*) noexcept;
};

}  // namespace nanobind::detail
