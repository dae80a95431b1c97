#pragma once
// What is varied: a name, its values, a unit.

#include <complex>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
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

/// "listed", "streamed", "dependent", "open".
[[nodiscard]] WHEATSTONE_API std::string_view name_of(ParameterValues::Form form);

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

/// Stores values of type T; what is above int64 is refused.
template <class T, class Item>
auto stored(Item&& item) {
  using Stored = std::conditional_t<std::same_as<T, bool>, std::uint8_t, T>;
  if constexpr (Integer<std::remove_cvref_t<Item>>) {
    return static_cast<Stored>(*Value(item).template get_if<std::int64_t>());
  } else {
    return static_cast<Stored>(T(std::forward<Item>(item)));
  }
}

/// Values pulled when they are needed and kept, so that a second run has the same.
template <class T>
class StreamedValues final : public ParameterValues {
 public:
  using Stored = std::conditional_t<std::same_as<T, bool>, std::uint8_t, T>;
  explicit StreamedValues(std::function<std::optional<Stored>()> next) : next_(std::move(next)) {}
  Form form() const override { return Form::streamed; }
  std::size_t size() const override { return pulled_.size(); }
  bool has(std::size_t i) const override {
    while (pulled_.size() <= i && next_) {
      if (std::optional<Stored> value = next_()) {
        pulled_.push_back(std::move(*value));
      } else {
        next_ = nullptr;
      }
    }
    return i < pulled_.size();
  }
  void get(std::size_t i, Value& out) const override { out = Value(static_cast<T>(pulled_[i])); }

 private:
  mutable std::function<std::optional<Stored>()> next_;  ///< empty once it has ended
  mutable std::vector<Stored> pulled_;
};

/// Values computed by position from a view that owns all it needs.
template <class T, class V>
class ComputedValues final : public ParameterValues {
 public:
  explicit ComputedValues(V view) : view_(std::move(view)) {}
  std::size_t size() const override { return static_cast<std::size_t>(std::ranges::size(view_)); }
  void get(std::size_t i, Value& out) const override {
    out = Value(static_cast<T>(stored<T>(view_[static_cast<std::ranges::range_difference_t<V>>(i)])));
  }

 private:
  V view_;
};

/// Values made from those of outer parameters.
template <class T, class F>
class DependentValues final : public ParameterValues {
 public:
  explicit DependentValues(F make) : make_(std::move(make)) {}
  Form form() const override { return Form::dependent; }
  std::size_t size() const override { return 0; }
  void get(std::size_t, Value&) const override {}
  std::shared_ptr<const ParameterValues> at(const Point& outer) const override;

 private:
  mutable F make_;
};

/// No values: an order brings them.
template <class T>
class OpenValues final : public ParameterValues {
 public:
  Form form() const override { return Form::open; }
  std::size_t size() const override { return 0; }
  void get(std::size_t, Value&) const override {}
  std::optional<Value::Kind> one_kind() const override { return Value(T()).kind(); }
};

/// Views whose elements are computed from the view itself, so that keeping the view keeps the values: iota, and what is
/// transformed, taken or dropped from such.
template <class V>
inline constexpr bool is_computed_view = false;
template <class W, class B>
inline constexpr bool is_computed_view<std::ranges::iota_view<W, B>> = true;
template <class V, class F>
inline constexpr bool is_computed_view<std::ranges::transform_view<V, F>> = is_computed_view<V>;
template <class V>
inline constexpr bool is_computed_view<std::ranges::take_view<V>> = is_computed_view<V>;
template <class V>
inline constexpr bool is_computed_view<std::ranges::drop_view<V>> = is_computed_view<V>;

/// What is kept lazily: by position, or pulled from a range that can be walked once or has no end.
template <class R>
concept ComputedRange =
    is_computed_view<std::remove_cvref_t<R>> && std::ranges::random_access_range<const std::remove_cvref_t<R>> &&
    std::ranges::sized_range<const std::remove_cvref_t<R>>;
template <class R>
concept PulledRange = (is_computed_view<std::remove_cvref_t<R>> && !std::ranges::sized_range<R>) ||
                      (!std::is_lvalue_reference_v<R> && std::movable<R> && !std::ranges::forward_range<R>);

/// Pulls a range that it owns.
template <class R>
auto pulled_from(R range) {
  struct Walk {
    R range;
    std::optional<std::ranges::iterator_t<R>> at = {};
  };
  auto walk = std::make_shared<Walk>(Walk{std::move(range)});
  return [walk]() -> std::optional<std::ranges::range_value_t<R>> {
    if (walk->at) {
      ++*walk->at;
    } else {
      walk->at = std::ranges::begin(walk->range);
    }
    if (*walk->at == std::ranges::end(walk->range)) return std::nullopt;
    return **walk->at;
  };
}

template <class T, std::ranges::input_range R>
std::shared_ptr<const ListedValues<T>> listed_values(R&& range) {
  using Stored = std::conditional_t<std::same_as<T, bool>, std::uint8_t, T>;
  std::vector<Stored> values;
  if constexpr (std::ranges::sized_range<R>) values.reserve(static_cast<std::size_t>(std::ranges::size(range)));
  for (auto&& item : range) values.push_back(stored<T>(item));
  return std::make_shared<const ListedValues<T>>(std::move(values));
}

template <class T, class F>
std::shared_ptr<const ParameterValues> DependentValues<T, F>::at(const Point& outer) const {
  return listed_values<T>(make_(outer));
}

}  // namespace detail

/// A handle to a registered parameter: `point[parameter]` is its value at that point. Cheap to copy; belongs to the
/// session that made it.
template <class T>
class Parameter {
 public:
  using value_type = T;

  explicit Parameter(std::size_t ordinal, std::shared_ptr<const detail::ListedValues<T>> enumerators = nullptr)
      : ordinal_(ordinal), enumerators_(std::move(enumerators)) {}

  [[nodiscard]] std::size_t ordinal() const { return ordinal_; }  ///< position among the session's parameters
  /// REQUIRES: values of an enumeration, which a row has by name.
  [[nodiscard]] const detail::ListedValues<T>& enumerators() const { return *enumerators_; }

 private:
  std::size_t ordinal_;
  std::shared_ptr<const detail::ListedValues<T>> enumerators_;
};

}  // namespace v1
}  // namespace wheatstone
