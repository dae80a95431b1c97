#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <wheatstone/error.hpp>

#include "base/blocking.hpp"
#include "base/clock.hpp"

namespace wheatstone::base {
namespace {

std::int64_t read(clockid_t id) {
  timespec t{};
  ::clock_gettime(id, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

/// Sleeps in slices, so that a user's Ctrl-C ends a wait that no run could end.
Clock::Wake sleep_interruptibly(std::int64_t deadline) {
  std::int64_t now = read(CLOCK_MONOTONIC);
  while (now < deadline) {
    const std::int64_t until_ns = std::min(deadline, now + k_interruption_check);
    const timespec until{until_ns / 1'000'000'000, until_ns % 1'000'000'000};
    ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
    if (interruption_requested()) throw Interrupted("the wait was interrupted");
    now = read(CLOCK_MONOTONIC);
  }
  return Clock::Wake::deadline;
}

class SystemClock final : public Clock {
 public:
  std::int64_t monotonic() const override { return read(CLOCK_MONOTONIC); }
  std::int64_t boottime() const override { return read(CLOCK_BOOTTIME); }
  Time wall() const override { return Time{read(CLOCK_REALTIME)}; }

  Wake wait_until(std::int64_t deadline, std::stop_token stop) override {
    if (stop.stop_requested()) return Wake::stopped;
    if (monotonic() >= deadline) return Wake::deadline;
    const BlockingRegion region;
    if (!stop.stop_possible()) {
      return sleep_interruptibly(deadline);
    }
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    const std::chrono::steady_clock::time_point until{std::chrono::nanoseconds(deadline)};
    woken.wait_until(lock, stop, until, [&] { return monotonic() >= deadline; });
    return stop.stop_requested() ? Wake::stopped : Wake::deadline;
  }
};

}  // namespace

Clock& system_clock() {
  static SystemClock* const clock = new SystemClock;  // outlives every thread
  return *clock;
}

}  // namespace wheatstone::base
