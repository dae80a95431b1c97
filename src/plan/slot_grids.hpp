#pragma once
// Several grids of slots that begin at the same instant, as one row of due instants.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "plan/slots.hpp"

namespace wheatstone::plan {

/// What is due next where acquisitions have intervals of their own. Slots of several grids that are due at the same
/// instant are one. All times in nanoseconds of one clock. One thread.
class SlotGrids {
 public:
  /// A grid's part in what is due next.
  struct Share {
    bool due = false;
    Slots::Slot slot = {};
  };

  /// Slots k with k * interval < duration on each grid. REQUIRES: intervals > 0, at least one, each of them once.
  SlotGrids(std::int64_t start, const std::vector<std::int64_t>& intervals, std::optional<std::int64_t> duration,
            bool catch_up);

  /// Begins behind the slots that are due `elapsed` after the start or before, which were taken already.
  void begin_after(std::int64_t elapsed);

  /// How many due instants there are in all; none where there is no duration, or they are too many to tell.
  [[nodiscard]] std::optional<std::uint64_t> size() const;

  /// The instant that is due next at `now`, whose grids shares() then tells. None where all are over. A grid that had a
  /// share in what was taken last goes on with its first slot that has not passed, also behind what others take first;
  /// another one still takes, late, the last slot that has passed meanwhile.
  [[nodiscard]] std::optional<std::int64_t> next(std::int64_t now);

  /// Takes what next() told.
  void take();

  /// Something was measured that is on none of the grids: what has passed meanwhile is taken late.
  void held_up();

  /// Nothing was measured meanwhile: what has passed is missed, on every grid.
  void rested();

  /// Of each grid, in the order of their intervals.
  [[nodiscard]] const std::vector<Share>& shares() const { return shares_; }

 private:
  std::vector<std::int64_t> intervals_;
  std::optional<std::int64_t> duration_;
  std::vector<Slots> grids_;
  std::vector<Share> shares_;
  std::vector<char> held_up_;  ///< by grid: what was measured last was not its own
};

}  // namespace wheatstone::plan
