#include "simulation/bench_time.hpp"

#include <algorithm>

namespace wheatstone::simulation {

bool BenchTime::reach(std::int64_t instant, std::int64_t deadline, std::stop_token stop) {
  if (pace_ == Pace::fast) {
    // Two threads that skip at once each skip to their own instant, never further than the later one.
    std::int64_t skipped = skipped_.load(std::memory_order_relaxed);
    const std::int64_t clock_now = clock_->monotonic();
    while (clock_now + skipped < instant &&
           !skipped_.compare_exchange_weak(skipped, instant - clock_now, std::memory_order_relaxed)) {
    }
    return true;
  }
  if (clock_->monotonic() >= instant) return true;
  if (clock_->wait_until(std::min(instant, deadline), std::move(stop)) == base::Clock::Wake::stopped) return false;
  return clock_->monotonic() >= instant;
}

}  // namespace wheatstone::simulation
