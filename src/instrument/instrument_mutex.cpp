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
  waiters_.push_back({.self = self});
  ++waiter_count_;
  const bool taken = freed_.wait_until(lock, deadline, [&] { return waiters_.front().self == self && take(self); });
  withdraw(self);
  if (!taken) freed_.notify_all();  // the next one may have become the first
  return taken;
}

bool InstrumentMutex::lock_handed(const std::function<void(std::stop_token)>& wait) {
  if (try_lock()) return true;
  const void* const self = thread_mark();
  std::stop_source handed;
  {
    const std::scoped_lock lock(mutex_);
    waiters_.push_back({.self = self, .handed = &handed});
    ++waiter_count_;
    if (waiters_.front().self == self && take(self)) {
      withdraw(self);
      return true;
    }
  }
  wait(handed.get_token());
  const std::scoped_lock lock(mutex_);
  if (handed.stop_requested()) return true;
  withdraw(self);
  freed_.notify_all();
  return false;
}

void InstrumentMutex::withdraw(const void* self) {
  waiters_.erase(std::ranges::find(waiters_, self, &Waiter::self));
  --waiter_count_;
}

void InstrumentMutex::wake() {
  {
    const std::scoped_lock lock(mutex_);
    if (!waiters_.empty() && waiters_.front().handed != nullptr) {
      const Waiter first = waiters_.front();
      if (!take(first.self)) return;  // somebody who had not seen the waiter: that one's unlock() comes here too
      withdraw(first.self);
      first.handed->request_stop();
      return;
    }
  }
  freed_.notify_all();
}

}  // namespace wheatstone::instrument
