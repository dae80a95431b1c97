#pragma once
// The absolute grid of a timed run: slot k is due at start + k * interval.

#include <cstdint>
#include <optional>

namespace wheatstone::plan {

/// All times in nanoseconds of one clock.
class Slots {
 public:
  struct Slot {
    std::uint64_t number = 0;
    std::int64_t due = 0;
    std::uint64_t missed = 0;  ///< slots that passed between the one before and this
  };

  /// Slots k with k * interval < duration; without end where there is none. REQUIRES: interval > 0.
  Slots(std::int64_t start, std::int64_t interval, std::optional<std::int64_t> duration, bool catch_up);

  /// How many slots there are in all; UINT64_MAX without end.
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// The slot to take at `now`: the first that has not passed, or with catch_up the one after the last taken. Where
  /// `held_up` by something else than what was measured on this grid, the last that has passed is taken still, unless
  /// it is missed. None where all are over.
  [[nodiscard]] std::optional<Slot> peek(std::int64_t now, bool held_up = false) const;

  /// REQUIRES: what peek() told last.
  void take(const Slot& slot) { next_ = slot.number + 1; }

  /// Slots before that one are missed, also where something else holds the grid up later.
  void miss_before(std::uint64_t number) { least_ = number; }

  /// Begins at that slot, where those before it were taken already.
  void begin_at(std::uint64_t number) { next_ = first_ = least_ = number; }

 private:
  std::int64_t start_;
  std::int64_t interval_;
  std::uint64_t size_ = UINT64_MAX;
  bool catch_up_;
  std::uint64_t first_ = 0;
  std::uint64_t next_ = 0;
  std::uint64_t least_ = 0;  ///< those before are missed
};

}  // namespace wheatstone::plan
