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

/// A name that a caller gave: a str, or an enum's member.
class Word {
 public:
  Word() = default;
  explicit Word(nb::handle given) : given_(given) {}
  operator nb::handle() const { return given_; }  // NOLINT: implicit by design
  [[nodiscard]] bool is_none() const { return given_.is_none(); }

 private:
  nb::handle given_;
};

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

/// A number that a caller gave: anything that is one, or that Python makes one of.
class Number {
 public:
  Number() = default;
  explicit Number(nb::handle given) noexcept;
  [[nodiscard]] bool is_one() const noexcept { return !given_.is_valid() || raises_; }
  /// Throws what Python raised where the object itself could not say which number it is.
  operator double() const;  // NOLINT: implicit by design, as is Channel's

 private:
  double number_ = 0.0;
  bool raises_ = false;
  nb::handle given_;  // where there is no number
};

/// The same of any object. Throws ConfigurationError, saying what was `wanted`, where it is none.
[[nodiscard]] double number_from(nb::handle object, std::string_view wanted);

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

template <>
struct type_caster<wheatstone::python::Number> {
  NB_TYPE_CASTER(wheatstone::python::Number, const_name("float"))
  bool from_python(handle given, std::uint8_t, cleanup_list*) noexcept {
    value = wheatstone::python::Number(given);
    return value.is_one();
  }
};

// Take any object: what is no name or channel is refused where it is known what was wanted.
template <>
struct type_caster<wheatstone::python::Word> {
  NB_TYPE_CASTER(wheatstone::python::Word, const_name("str | enum.Enum"))
  bool from_python(handle given, std::uint8_t, cleanup_list*) noexcept {
    value = wheatstone::python::Word(given);
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
