#pragma once
// The clocks of the machine behind one interface, so that time can be injected.

#include <cstdint>
#include <memory>
#include <stop_token>
#include <wheatstone/duration.hpp>

namespace wheatstone::base {

/// Reads time and waits for it. Any thread may call any method.
class Clock {
 public:
  enum class Wake : std::uint8_t { deadline, stopped };

  virtual ~Clock() = default;

  /// Nanoseconds that waits are counted in (CLOCK_MONOTONIC: stands still while the machine is suspended).
  [[nodiscard]] virtual std::int64_t monotonic() const = 0;
  /// Nanoseconds that rows are timed in (CLOCK_BOOTTIME: goes on while the machine is suspended).
  [[nodiscard]] virtual std::int64_t boottime() const = 0;
  /// Calendar time; may jump.
  [[nodiscard]] virtual Time wall() const = 0;

  /// Waits until monotonic() >= deadline or `stop` is requested, whichever is first. Enters a BlockingRegion.
  virtual Wake wait_until(std::int64_t deadline, std::stop_token stop) = 0;

  /// True where time moves only while every participant waits.
  [[nodiscard]] virtual bool is_virtual() const { return false; }

  /// A thread that takes part in virtual time calls join() before it starts and leave() when it ends or waits for
  /// something that is not this clock. Real clocks ignore both.
  virtual void join() {}
  virtual void leave() {}

 protected:
  Clock() = default;
  Clock(const Clock&) = default;
  Clock& operator=(const Clock&) = default;
};

/// The machine's own clocks. One object for the process, never destroyed.
[[nodiscard]] Clock& system_clock();

/// Takes part in a clock's time for a scope.
class ClockParticipant {
 public:
  explicit ClockParticipant(Clock& clock) : clock_(&clock) { clock_->join(); }
  ~ClockParticipant() { clock_->leave(); }
  ClockParticipant(const ClockParticipant&) = delete;
  ClockParticipant& operator=(const ClockParticipant&) = delete;

 private:
  Clock* clock_;
};

/// Time that moves only when all participants wait: then it jumps to the earliest deadline. Starts at a fixed instant,
/// 2000-01-01T00:00:00 UTC, so that runs repeat bit for bit.
[[nodiscard]] std::unique_ptr<Clock> make_virtual_clock();

}  // namespace wheatstone::base
