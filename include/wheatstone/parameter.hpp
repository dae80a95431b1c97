#pragma once
// What is varied: a name, its values, a unit.

#include <complex>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>
#include <wheatstone/duration.hpp>
#include <wheatstone/value.hpp>

namespace wheatstone {
inline namespace v1 {

/// What a parameter may be given besides its name and values.
struct ParameterOptions {
  std::string unit = {};  ///< a label; values are never scaled by it
  std::string notes = {};
  Duration settle = {};  ///< waited after the parameter has changed, before the acquisitions of the point
};

/// The values that a parameter takes, by position. Immutable once the session has it.
class ParameterValues {
 public:
  virtual ~ParameterValues() = default;
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// Writes value number `i` into `out`. REQUIRES: i < size().
  virtual void get(std::size_t i, Value& out) const = 0;
  /// The kind of all values, where that is known without a look at each.
  [[nodiscard]] virtual std::optional<Value::Kind> one_kind() const { return std::nullopt; }

 protected:
  ParameterValues() = default;
  ParameterValues(const ParameterValues&) = default;
  ParameterValues& operator=(const ParameterValues&) = default;
};

namespace detail {

/// The type that a parameter of values of type T hands out: double, std::int64_t, bool, std::string,
/// std::complex<double>, or the enumeration itself.
template <class T>
struct ParameterTypeOf {
  static_assert(NamedEnum<T> || std::convertible_to<T, std::string_view>,
                "a parameter's values are numbers, bool, text, std::complex or an enum with name_of(E)");
  using type = std::conditional_t<NamedEnum<T>, T, std::string>;
};
template <std::floating_point T>
struct ParameterTypeOf<T> {
  using type = double;
};
template <Integer T>
struct ParameterTypeOf<T> {
  using type = std::int64_t;
};
template <>
struct ParameterTypeOf<bool> {
  using type = bool;
};
template <std::floating_point F>
struct ParameterTypeOf<std::complex<F>> {
  using type = std::complex<double>;
};
template <class T>
using ParameterType = typename ParameterTypeOf<std::remove_cvref_t<T>>::type;

/// Values kept as a vector of their own type. vector<bool> is avoided so that references can be handed out.
template <class T>
class ListedValues final : public ParameterValues {
 public:
  explicit ListedValues(std::vector<T> values) : values_(std::move(values)) {}
  std::size_t size() const override { return values_.size(); }
  void get(std::size_t i, Value& out) const override { out = Value(values_[i]); }
  std::optional<Value::Kind> one_kind() const override {
    return values_.empty() ? std::nullopt : std::optional(Value(values_.front()).kind());
  }
  const T& operator[](std::size_t i) const { return values_[i]; }

 private:
  std::vector<T> values_;
};
template <>
class ListedValues<bool> final : public ParameterValues {
 public:
  explicit ListedValues(std::vector<std::uint8_t> values) : values_(std::move(values)) {}
  std::size_t size() const override { return values_.size(); }
  void get(std::size_t i, Value& out) const override { out = Value(values_[i] != 0); }
  std::optional<Value::Kind> one_kind() const override { return Value::Kind::boolean; }

 private:
  std::vector<std::uint8_t> values_;
};

template <class T, std::ranges::input_range R>
std::shared_ptr<const ListedValues<T>> listed_values(R&& range) {
  using Stored = std::conditional_t<std::same_as<T, bool>, std::uint8_t, T>;
  std::vector<Stored> values;
  if constexpr (std::ranges::sized_range<R>) values.reserve(static_cast<std::size_t>(std::ranges::size(range)));
  for (auto&& item : range) {
    if constexpr (Integer<std::remove_cvref_t<decltype(item)>>) {
      values.push_back(*Value(item).template get_if<std::int64_t>());  // refuses what is above int64
    } else {
      values.push_back(static_cast<Stored>(T(item)));
    }
  }
  return std::make_shared<const ListedValues<T>>(std::move(values));
}

}  // namespace detail

/// A handle to a registered parameter: `point[parameter]` is its value at that point. Cheap to copy; belongs to the
/// session that made it.
template <class T>
class Parameter {
 public:
  using value_type = T;

  Parameter(std::size_t ordinal, std::shared_ptr<const detail::ListedValues<T>> values)
      : ordinal_(ordinal), values_(std::move(values)) {}

  [[nodiscard]] std::size_t ordinal() const { return ordinal_; }  ///< position among the session's parameters
  [[nodiscard]] const detail::ListedValues<T>& values() const { return *values_; }

 private:
  std::size_t ordinal_;
  std::shared_ptr<const detail::ListedValues<T>> values_;
};

/// `count` values from `start` to `stop`, both included. Throws ConfigurationError for count 0.
[[nodiscard]] WHEATSTONE_API std::vector<double> linspace(double start, double stop, std::size_t count);

}  // namespace v1
}  // namespace wheatstone
