#pragma once
// The lock of one instrument.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>

namespace wheatstone::instrument {

/// Recursive, timed and fair: whoever waits is served in order, so that a thread which lets go and takes again at once
/// does not keep the others out. Free, it costs one compare-and-swap. (The standard's timed mutexes wait by a call that
/// gcc 12's thread sanitizer does not know, and are not fair.)
class InstrumentMutex {
 public:
  InstrumentMutex() = default;
  InstrumentMutex(const InstrumentMutex&) = delete;
  InstrumentMutex& operator=(const InstrumentMutex&) = delete;

  /// False where another thread holds it or waits for it.
  [[nodiscard]] bool try_lock() {
    const void* const self = thread_mark();
    if (owner_.load(std::memory_order_relaxed) == self) {
      ++depth_;
      return true;
    }
    return waiter_count_.load() == 0 && take(self);
  }

  /// Waits `nanoseconds` at most.
  [[nodiscard]] bool try_lock_for(std::int64_t nanoseconds);

  /// Waits on somebody else's clock, as virtual time needs it: `wait` is given a stop that is requested at the moment
  /// at which the thread that lets go hands the lock over. False where `wait` returns before that.
  [[nodiscard]] bool lock_handed(const std::function<void(std::stop_token)>& wait);

  /// REQUIRES: the calling thread holds it.
  void unlock() {
    if (--depth_ > 0) return;
    owner_.store(nullptr, std::memory_order_relaxed);
    held_.store(false);
    if (waiter_count_.load() > 0) wake();
  }

  /// Whether a thread waits for it.
  [[nodiscard]] bool is_awaited() const { return waiter_count_.load() > 0; }

 private:
  /// An address that only this thread has.
  static const void* thread_mark() {
    static thread_local const char mark = 0;
    return &mark;
  }
  bool take(const void* self) {
    bool expected = false;
    if (!held_.compare_exchange_strong(expected, true)) return false;
    owner_.store(self, std::memory_order_relaxed);
    depth_ = 1;
    return true;
  }
  void wake();

  struct Waiter {
    const void* self = nullptr;
    std::stop_source* handed = nullptr;  ///< of one that is handed the lock, and does not take it itself
  };
  /// REQUIRES: mutex_ held.
  void withdraw(const void* self);

  std::atomic<bool> held_{false};
  std::atomic<const void*> owner_{nullptr};
  int depth_ = 0;  // of the thread that holds it
  std::atomic<int> waiter_count_{0};

  std::mutex mutex_;
  std::condition_variable freed_;
  std::deque<Waiter> waiters_;  // protected by mutex_; first come, first served
};

}  // namespace wheatstone::instrument
