#include "instrument/instrument_mutex.hpp"

#include <algorithm>
#include <chrono>

namespace wheatstone::instrument {

// No wake-up is lost: unlock() frees before it counts the waiters, a waiter is counted before it looks whether it is
// free.
bool InstrumentMutex::try_lock_for(std::int64_t nanoseconds) {
  if (try_lock()) return true;
  const void* const self = thread_mark();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::nanoseconds(nanoseconds);
  std::unique_lock lock(mutex_);
  waiters_.push_back(self);
  ++waiter_count_;
  const bool taken = freed_.wait_until(lock, deadline, [&] { return waiters_.front() == self && take(self); });
  waiters_.erase(std::find(waiters_.begin(), waiters_.end(), self));
  --waiter_count_;
  if (!taken) freed_.notify_all();  // the next one may have become the first
  return taken;
}

void InstrumentMutex::wake() {
  {
    const std::scoped_lock lock(mutex_);
  }
  freed_.notify_all();
}

}  // namespace wheatstone::instrument
