#pragma once
// Ties the clock that rows are timed in to the calendar.

#include <cstdint>
#include <optional>
#include <wheatstone/duration.hpp>

#include "base/clock.hpp"

namespace wheatstone::session {

/// The wall-clock time that belongs to an instant of CLOCK_BOOTTIME. Re-taken each minute and where the wall clock has
/// jumped by more than 10 ms against it, so that a clock set by hand or by NTP never tears a run's time stamps apart
/// within a minute. One thread.
class WallAnchor {
 public:
  explicit WallAnchor(base::Clock& clock);

  [[nodiscard]] Time wall_of(std::int64_t boottime) const { return Time{boottime + offset_}; }
  [[nodiscard]] std::int64_t offset() const { return offset_; }

  /// Takes the anchor anew where it is due. Returns by how much it moved, or none where it was not taken.
  std::optional<Duration> refresh();

 private:
  [[nodiscard]] std::int64_t measured_offset() const;

  base::Clock& clock_;
  std::int64_t offset_;
  std::int64_t taken_at_;
};

}  // namespace wheatstone::session
