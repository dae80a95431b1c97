#pragma once
// The order in which points come.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>
#include <wheatstone/parameter.hpp>
#include <wheatstone/point.hpp>

namespace wheatstone::plan {

/// Where a run stands. A plan writes `values`, `positions` and `changed`; with repetitions `repetition` too.
using Place = Point::Data;

using Source = std::shared_ptr<const ParameterValues>;

/// Points, one after the other. Memory does not grow with their number. One thread. Whatever belongs to the user and is
/// called on the way (a generator, a predicate, an adaptive plan) may throw; that leaves as a MeasurementError that
/// names it and has the cause.
class Plan {
 public:
  virtual ~Plan() = default;
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  /// Number of points in all, where that is known without walking through them, and fits.
  [[nodiscard]] virtual std::optional<std::uint64_t> size() const = 0;

  /// Moves to the next point: writes the values that are new, the position of each among its parameter's values (or
  /// Point::Data::k_no_position) and, ascending, which parameters are new. False at the end, and then always.
  /// REQUIRES: the same `place` each time, with one value and position a parameter, written by this plan alone.
  virtual bool next(Place& place) = 0;

  /// Goes on as if the next `count` points had been taken, by arithmetic where the order allows; of the point after
  /// them all parameters are new. REQUIRES: not adaptive().
  virtual void skip(std::uint64_t count, Place& place);

  /// Begins again at the first point. An order that is drawn is drawn anew for each repetition.
  virtual void restart(std::uint64_t repetition) = 0;

  /// Whether the points depend on the rows: each row is then told before the next point is asked for.
  [[nodiscard]] virtual bool adaptive() const { return false; }

  /// The row of the point that was taken last.
  virtual void tell(const Place& /*place*/, const Row& /*row*/) {}

 protected:
  Plan() = default;
};

/// Declares every parameter of `place` new, as at the first point after going on.
void mark_all_changed(Place& place);

/// A place for that many parameters, before the first point.
[[nodiscard]] Place empty_place(std::vector<std::string> names);

}  // namespace wheatstone::plan
