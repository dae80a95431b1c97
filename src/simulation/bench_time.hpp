#pragma once
// The time that the physics of a simulated bench lives in.

#include <atomic>
#include <cstdint>
#include <stop_token>

#include "base/clock.hpp"

namespace wheatstone::simulation {

/// How a simulated bench spends the time that instruments take; the words of bench.yaml are fast, real and virtual.
enum class Pace : std::uint8_t {
  fast,          // follows the clock and skips over the time that instruments take
  real,          // waits it
  virtual_time,  // waits it on a virtual clock, which moves only while every participant waits
};

/// Nanoseconds of the bench: the clock's monotonic time plus what was skipped. Never goes back. Any thread may call any
/// method.
class BenchTime {
 public:
  BenchTime(Pace pace, base::Clock& clock) : pace_(pace), clock_(&clock) {}

  [[nodiscard]] std::int64_t now() const { return clock_->monotonic() + skipped_.load(std::memory_order_relaxed); }
  [[nodiscard]] Pace pace() const { return pace_; }
  [[nodiscard]] base::Clock& clock() const { return *clock_; }

  /// Lets the bench's time reach `instant`: skips there, or waits, but not past the clock's `deadline`. True when it is
  /// reached; false on the deadline or the stop.
  [[nodiscard]] bool reach(std::int64_t instant, std::int64_t deadline, std::stop_token stop);

 private:
  Pace pace_;
  base::Clock* clock_;
  std::atomic<std::int64_t> skipped_{0};
};

}  // namespace wheatstone::simulation
