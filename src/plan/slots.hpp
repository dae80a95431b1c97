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

  /// Slots k with k * interval < duration, and at most `count` of them. REQUIRES: interval > 0; a duration or a count.
  Slots(std::int64_t start, std::int64_t interval, std::optional<std::int64_t> duration,
        std::optional<std::uint64_t> count, bool catch_up);

  /// How many slots there are in all.
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// The slot to take at `now`: the first that is not over, or with catch_up the one after the last taken. None where
  /// all have passed.
  [[nodiscard]] std::optional<Slot> next(std::int64_t now);

  /// When the run ends: start + duration, or at the end of its last slot's point where only a count was given.
  [[nodiscard]] std::optional<std::int64_t> end() const;

 private:
  std::int64_t start_;
  std::int64_t interval_;
  std::optional<std::int64_t> duration_;
  std::uint64_t size_ = 0;
  bool catch_up_;
  std::uint64_t next_ = 0;
};

}  // namespace wheatstone::plan
