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

/// A number that a caller gave, looked at when it is used: what is none is refused then with a sentence of ours.
class Number {
 public:
  Number() = default;
  explicit Number(nb::handle given) : given_(given) {}
  /// Throws ConfigurationError where it is no number.
  operator double() const;  // NOLINT: implicit by design, as is Channel's

 private:
  nb::handle given_;
};

/// A channel that a caller named: 1, "1" or "CH1".
class Channel {
 public:
  Channel() = default;
  explicit Channel(nb::handle given) : given_(given) {}
  /// Throws ConfigurationError where it names no channel.
  operator int() const;  // NOLINT: implicit by design

 private:
  nb::handle given_;
};

/// Where a caller may leave a number out.
[[nodiscard]] inline std::optional<double> number_or_none(const std::optional<Number>& given) {
  if (!given) return std::nullopt;
  return static_cast<double>(*given);
}

/// How an argument of a driver's method is taken from Python: its integers are channels.
template <class T>
struct Taken {
  using Type = T;
};
template <>
struct Taken<double> {
  using Type = Number;
};
template <>
struct Taken<int> {
  using Type = Channel;
};

/// Methods as they are, with channels and numbers taken as above.
template <class Class, class Result, class... Args>
auto calling(Result (Class::*method)(Args...)) {
  return [method](Class& self, typename Taken<Args>::Type... args) { return (self.*method)(args...); };
}
template <class Class, class Result, class... Args>
auto calling(Result (Class::*method)(Args...) const) {
  return [method](const Class& self, typename Taken<Args>::Type... args) { return (self.*method)(args...); };
}

/// Throws ConfigurationError where keywords were given that `function` does not take; says which it takes.
void refuse_keywords(const nb::kwargs& given, std::string_view function, std::string_view taken);

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
  return [method](Class& self, typename Taken<Args>::Type... args) { return Measured{(self.*method)(args...)}; };
}
template <class Class, class... Args>
auto measuring(Reading (Class::*method)(Args...) const) {
  return [method](const Class& self, typename Taken<Args>::Type... args) { return Measured{(self.*method)(args...)}; };
}

/// Methods of a channel that return it: Python gets the same object back, which keeps the instrument alive.
template <class Class, class... Args>
auto chained(Class (Class::*method)(Args...) const) {
  return [method](nb::handle_t<Class> self, typename Taken<Args>::Type... args) {
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

// Both take any object: a type error of nanobind's own would list signatures instead of saying what to give.
template <>
struct type_caster<wheatstone::python::Number> {
  NB_TYPE_CASTER(wheatstone::python::Number, const_name("float"))
  bool from_python(handle given, std::uint8_t, cleanup_list*) noexcept {
    value = wheatstone::python::Number(given);
    return true;
  }
};

template <>
struct type_caster<wheatstone::python::Channel> {
  NB_TYPE_CASTER(wheatstone::python::Channel, const_name("int | str"))
  bool from_python(handle given, std::uint8_t, cleanup_list*) noexcept {
    value = wheatstone::python::Channel(given);
    return true;
  }
};

}  // namespace nanobind::detail
