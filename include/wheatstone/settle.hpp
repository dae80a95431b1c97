#pragma once
// When a parameter that has changed is at rest.

#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <wheatstone/duration.hpp>
#include <wheatstone/export.hpp>
#include <wheatstone/value.hpp>

namespace wheatstone {
inline namespace v1 {

class Point;

/// What Stable looks at besides its band.
struct StableOptions {
  Duration over = std::chrono::seconds(1);   ///< how long the reading has to stay within the band
  Duration limit = std::chrono::minutes(1);  ///< then the run fails with a TimeoutError
  std::optional<Duration> every = {};        ///< between looks; a tenth of `over` where not given
  std::string of = {};                       ///< the result that is looked at; empty: every number of the acquisitions
  std::function<Value(const Point&)> reading =
      {};  ///< looked at instead of results: a number, or a bool that has to hold
};

/// A reading that stays within a band for some time. Without `of` and `reading` the acquisitions themselves are called
/// until their numbers are stable; what they return meanwhile is not kept.
struct Stable {
  double band = 0;  ///< largest less smallest: in percent of the mean where `relative`, else in the reading's unit
  bool relative = false;
  StableOptions options = {};
};

/// stable(0.1, "%", {.over = 5s}) is a band of 0.1 % of the mean; any other unit is the reading's own:
/// stable(0.001, "V"). Throws ConfigurationError for a band that is not above zero, or times that are not.
[[nodiscard]] WHEATSTONE_API Stable stable(double band, std::string_view unit, StableOptions options = {});
/// stable(condition): a bool that has to hold for options.over.
[[nodiscard]] WHEATSTONE_API Stable stable(std::function<bool(const Point&)> condition, StableOptions options = {});

/// Waited after a parameter has changed, before the acquisitions of the point: a time, a reading's rest, or both.
class Settle {
 public:
  Settle() = default;
  template <std::convertible_to<Duration> D>
  Settle(D time) : time_(time) {}                     // NOLINT: implicit by design
  Settle(Stable until) : until_(std::move(until)) {}  // NOLINT
  Settle(Duration time, Stable until) : time_(time), until_(std::move(until)) {}

  [[nodiscard]] Duration time() const { return time_; }
  [[nodiscard]] std::int64_t nanoseconds() const { return time_.nanoseconds(); }
  [[nodiscard]] double seconds() const { return time_.seconds(); }
  [[nodiscard]] const std::optional<Stable>& until() const { return until_; }

 private:
  Duration time_;
  std::optional<Stable> until_;
};

}  // namespace v1
}  // namespace wheatstone
