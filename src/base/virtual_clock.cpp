#include <fmt/core.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <utility>

#include "base/blocking.hpp"
#include "base/clock.hpp"

namespace wheatstone::base {
namespace {

constexpr std::chrono::milliseconds k_patience(500);            // real time, before the user is told that nothing moves
constexpr std::int64_t k_start_wall = 946'684'800'000'000'000;  // 2000-01-01T00:00:00Z

class VirtualClock final : public Clock {
 public:
  std::int64_t monotonic() const override {
    const std::scoped_lock lock(mutex_);
    return now_;
  }
  std::int64_t boottime() const override { return monotonic(); }
  Time wall() const override { return Time{k_start_wall + monotonic()}; }
  bool is_virtual() const override { return true; }

  void join() override {
    const std::scoped_lock lock(mutex_);
    ++participants_;
  }

  void leave() override {
    const std::scoped_lock lock(mutex_);
    --participants_;
    advance();
  }

  Wake wait_until(std::int64_t deadline, std::stop_token stop) override {
    if (stop.stop_requested()) return Wake::stopped;
    const BlockingRegion region;
    std::optional<std::multiset<std::int64_t>::iterator> place;
    const auto withdraw = [this, &place] {
      if (place) deadlines_.erase(*place);
      place.reset();
    };
    // Whoever requests the stop ends the wait at once: time cannot move between the request and this thread's waking.
    const std::stop_callback on_stop(stop, [this, &withdraw] {
      const std::scoped_lock lock(mutex_);
      withdraw();
    });
    std::unique_lock lock(mutex_);
    if (now_ >= deadline) return Wake::deadline;
    if (stop.stop_requested()) return Wake::stopped;
    place = deadlines_.insert(deadline);
    advance();
    const auto is_due = [&] { return now_ >= deadline; };
    while (!moved_.wait_for(lock, stop, k_patience, is_due)) {
      if (stop.stop_requested()) break;
      if (std::exchange(waited_for_, now_) == now_) warn_once();
    }
    withdraw();
    // A participant that was stopped runs again, so time stands still until it waits once more.
    return now_ >= deadline ? Wake::deadline : Wake::stopped;
  }

 private:
  /// REQUIRES: mutex_ held.
  void warn_once() {
    if (std::exchange(warned_, true)) return;
    fmt::print(stderr,
               "wheatstone: virtual time stands still: {} of {} threads wait on the session's clock, another does not. "
               "Under the pace 'virtual', wait with session.sleep or stop_event.wait instead of time.sleep\n",
               deadlines_.size(), participants_);
  }

  /// REQUIRES: mutex_ held. Waiters whose deadline has come count as running until they have woken.
  void advance() {
    if (deadlines_.empty() || deadlines_.size() < participants_) return;
    if (*deadlines_.begin() <= now_ || *deadlines_.begin() == INT64_MAX) return;  // which never comes
    now_ = *deadlines_.begin();
    moved_.notify_all();
  }

  mutable std::mutex mutex_;
  std::condition_variable_any moved_;
  // protected by mutex_
  std::int64_t now_ = 1'000'000'000;
  std::size_t participants_ = 0;
  std::multiset<std::int64_t> deadlines_;
  std::int64_t waited_for_ = -1;  ///< the instant that was in vain waited at
  bool warned_ = false;
};

}  // namespace

std::unique_ptr<Clock> make_virtual_clock() { return std::make_unique<VirtualClock>(); }

}  // namespace wheatstone::base
