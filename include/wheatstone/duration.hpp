#pragma once
// Lengths of time and instants, in integer nanoseconds.

#include <chrono>
#include <cmath>
#include <compare>
#include <concepts>
#include <cstdint>

namespace wheatstone {
inline namespace v1 {

/// A length of time in nanoseconds, made from any chrono duration, floating ones included (rounded to the nearest).
class Duration {
 public:
  constexpr Duration() = default;

  /// From any chrono duration. A floating duration that is not finite or exceeds 292 years becomes the nearest limit;
  /// NaN becomes zero.
  template <class Rep, class Period>
  constexpr Duration(std::chrono::duration<Rep, Period> d) : count_(nanoseconds_of(d)) {}  // NOLINT: implicit by design

  [[nodiscard]] constexpr std::int64_t nanoseconds() const { return count_; }
  [[nodiscard]] constexpr double seconds() const { return static_cast<double>(count_) * 1e-9; }
  [[nodiscard]] constexpr std::chrono::nanoseconds chrono() const { return std::chrono::nanoseconds(count_); }

  /// From seconds, rounded to the nearest nanosecond.
  [[nodiscard]] static constexpr Duration from_seconds(double s) { return Duration(std::chrono::duration<double>(s)); }

  friend constexpr auto operator<=>(Duration, Duration) = default;

 private:
  template <class Rep, class Period>
  static constexpr std::int64_t nanoseconds_of(std::chrono::duration<Rep, Period> d) {
    if constexpr (std::floating_point<Rep>) {
      const double ns = static_cast<double>(std::chrono::duration<double, std::nano>(d).count());
      if (ns != ns) return 0;
      if (ns >= 9.2e18) return INT64_MAX;
      if (ns <= -9.2e18) return INT64_MIN;
      return static_cast<std::int64_t>(ns < 0 ? ns - 0.5 : ns + 0.5);
    } else {
      return std::chrono::duration_cast<std::chrono::nanoseconds>(d).count();
    }
  }

  std::int64_t count_ = 0;
};

/// An instant: nanoseconds since 1970-01-01T00:00:00 UTC, without leap seconds (POSIX time).
struct Time {
  std::int64_t nanoseconds = 0;

  friend constexpr auto operator<=>(Time, Time) = default;
};

}  // namespace v1
}  // namespace wheatstone
