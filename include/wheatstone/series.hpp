#pragma once
// Series of numbers by rule: linspace and its kin.

#include <compare>
#include <cstddef>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/export.hpp>
#include <wheatstone/parameter.hpp>

namespace wheatstone {
inline namespace v1 {

/// Numbers that are computed by position, so that a thousand million of them cost nothing. A sized range; as a
/// parameter's values it gives the parameter its unit. Immutable, cheap to copy; any thread.
class WHEATSTONE_API Series {
 public:
  enum class Rule : std::uint8_t { linspace, logspace, geomspace, arange, steps };
  class Iterator;

  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// REQUIRES: i < size().
  [[nodiscard]] double operator[](std::size_t i) const;
  [[nodiscard]] Iterator begin() const;
  [[nodiscard]] Iterator end() const;
  /// Empty where none was given.
  [[nodiscard]] const std::string& unit() const { return unit_; }
  /// "linspace(0, 5, 11)".
  [[nodiscard]] std::string text() const;

  /// All of them.
  operator std::vector<double>() const;  // NOLINT: a series stands where a vector did

  /// As a parameter has them.
  [[nodiscard]] std::shared_ptr<const ParameterValues> values() const;

 private:
  friend WHEATSTONE_API Series linspace(double, double, std::size_t, std::string_view);
  friend WHEATSTONE_API Series logspace(double, double, std::size_t, double, std::string_view);
  friend WHEATSTONE_API Series geomspace(double, double, std::size_t, std::string_view);
  friend WHEATSTONE_API Series arange(double, double, double, std::string_view);
  friend WHEATSTONE_API Series steps(double, double, double, std::string_view);

  Series(Rule rule, double start, double stop, double third, std::size_t count, std::string_view unit)
      : rule_(rule), start_(start), stop_(stop), third_(third), count_(count), unit_(unit) {}

  Rule rule_;
  double start_;
  double stop_;
  double third_;  ///< the base, or the step
  std::size_t count_;
  std::string unit_;
};

class Series::Iterator {
 public:
  using value_type = double;
  using difference_type = std::ptrdiff_t;
  using reference = double;
  using iterator_category = std::input_iterator_tag;
  using iterator_concept = std::forward_iterator_tag;

  Iterator() = default;
  Iterator(const Series& series, std::size_t at) : series_(&series), at_(at) {}
  double operator*() const { return (*series_)[at_]; }
  Iterator& operator++() {
    ++at_;
    return *this;
  }
  Iterator operator++(int) {
    Iterator before = *this;
    ++at_;
    return before;
  }
  bool operator==(const Iterator& other) const { return at_ == other.at_; }

 private:
  const Series* series_ = nullptr;
  std::size_t at_ = 0;
};

inline Series::Iterator Series::begin() const { return {*this, 0}; }
inline Series::Iterator Series::end() const { return {*this, count_}; }

// Each throws ConfigurationError where an argument is not finite, or there would be no value. Both ends come exactly as
// they were given.

/// `count` values in equal steps from `start` to `stop`, both included.
[[nodiscard]] WHEATSTONE_API Series linspace(double start, double stop, std::size_t count, std::string_view unit = {});
/// `count` powers of `base`, their exponents in equal steps from `start` to `stop`, both included.
[[nodiscard]] WHEATSTONE_API Series logspace(double start, double stop, std::size_t count, double base = 10,
                                             std::string_view unit = {});
/// `count` values, each the same multiple of the one before, from `start` to `stop`, which have one sign.
[[nodiscard]] WHEATSTONE_API Series geomspace(double start, double stop, std::size_t count, std::string_view unit = {});
/// `start`, `start + step` and so on, as long as they are before `stop`.
[[nodiscard]] WHEATSTONE_API Series arange(double start, double stop, double step = 1, std::string_view unit = {});
/// The same to `stop` and with it, where a step comes to it (within a millionth of a step).
[[nodiscard]] WHEATSTONE_API Series steps(double start, double stop, double step, std::string_view unit = {});

}  // namespace v1
}  // namespace wheatstone
