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
#include <wheatstone/settle.hpp>
#include <wheatstone/value.hpp>

namespace wheatstone {
inline namespace v1 {

/// What a parameter may be given besides its name and values.
struct ParameterOptions {
  std::string unit = {};  ///< a label; values are never scaled by it
  std::string notes = {};
  Settle settle = {};  ///< waited after the parameter has changed, before the acquisitions of the point
};

class Point;

/// The values that a parameter takes, by position. Listed ones are immutable once the session has them; the others are
/// asked by the thread that runs it, and what they throw ends the run as an error that names the parameter.
class ParameterValues {
 public:
  /// How the values come about.
  enum class Form : std::uint8_t {
    listed,     ///< all of them are known, or computed by position
    streamed,   ///< pulled one after the other when they are needed, and kept; there may be no end
    dependent,  ///< made by at() from the values of outer parameters
    open,       ///< none: an explicit or adaptive order brings them
  };

  virtual ~ParameterValues() = default;
  [[nodiscard]] virtual Form form() const { return Form::listed; }
  /// Listed: how many values there are. Streamed: how many were pulled so far. Else 0.
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// Whether there is a value number `i`; a stream is pulled as far.
  [[nodiscard]] virtual bool has(std::size_t i) const { return i < size(); }
  /// Writes value number `i` into `out`. REQUIRES: i < size().
  virtual void get(std::size_t i, Value& out) const = 0;
  /// Of dependent values: those at this point, of which parameters registered earlier have values. Listed or streamed;
  /// there may be none. Null otherwise.
  [[nodiscard]] virtual std::shared_ptr<const ParameterValues> at(const Point& /*outer*/) const { return nullptr; }
  /// The kind of all values, where that is known without a look at each.
  [[nodiscard]] virtual std::optional<Value::Kind> one_kind() const { return std::nullopt; }
  /// The rule by which values are computed, such as "linspace(0, 5, 11)"; empty where they are kept.
  [[nodiscard]] virtual std::string rule() const { return {}; }

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
