#include "session/precise_wait.hpp"

#include <algorithm>

#include "base/blocking.hpp"

namespace wheatstone::session {
namespace {
constexpr std::int64_t k_first_margin = 300'000;
constexpr std::int64_t k_least_margin = 100'000;
constexpr std::int64_t k_most_margin = 1'000'000;
constexpr std::int64_t k_longest_spun_interval = 100'000'000;
}  // namespace

PreciseWait::PreciseWait(base::Clock& clock, std::int64_t interval, std::optional<bool> precise)
    : clock_(clock),
      spins_(!clock.is_virtual() && precise.value_or(interval <= k_longest_spun_interval)),
      most_margin_(std::min(k_most_margin, std::max(interval / 2, std::int64_t{1}))),
      margin_(std::min(k_first_margin, most_margin_)) {}

base::Clock::Wake PreciseWait::until(std::int64_t deadline, const std::stop_token& stop) {
  using Wake = base::Clock::Wake;
  if (!spins_) return clock_.wait_until(deadline, stop);
  const std::int64_t sleep_until = deadline - margin_;
  if (clock_.monotonic() < sleep_until) {
    if (clock_.wait_until(sleep_until, stop) == Wake::stopped) return Wake::stopped;
    // The margin follows the lateness of wake-ups: up at once, down by an eighth of the difference.
    const std::int64_t late = clock_.monotonic() - sleep_until;
    const std::int64_t wanted = std::min(std::max(late + late / 2, k_least_margin), most_margin_);
    margin_ = wanted > margin_ ? wanted : margin_ - (margin_ - wanted) / 8;
  }
  const base::BlockingRegion region;
  while (clock_.monotonic() < deadline) {
    if (stop.stop_requested()) return Wake::stopped;
    __builtin_ia32_pause();
  }
  return stop.stop_requested() ? Wake::stopped : Wake::deadline;
}

}  // namespace wheatstone::session
