#pragma once
// What other threads may ask of a run while it lives.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string_view>
#include <vector>

namespace wheatstone::session {

/// Requests to one run: stop, abort, pause, resume. Any thread may ask; the loop looks at one atomic a point.
class RunControl {
 public:
  enum class End : std::uint8_t { none, stop, abort, task_failed };

  /// `cancel_waits` cuts instruments' waits short; called once, at the first abort, by the thread that asks.
  explicit RunControl(std::function<void()> cancel_waits) : cancel_waits_(std::move(cancel_waits)) {}

  void stop() { request(End::stop); }
  void abort();
  void task_failed() { request(End::task_failed); }
  void pause();
  void resume();
  /// The user asked from the keyboard: whatever ends the run, it is told as interrupted. The second time aborts.
  void interrupt();
  [[nodiscard]] bool interrupted() const;

  /// True where the loop has to look closer: an end was asked for, or a pause.
  [[nodiscard]] bool attention() const noexcept { return attention_.load(std::memory_order_acquire); }
  /// The strongest request so far: abort beats task_failed beats stop.
  [[nodiscard]] End end() const;
  [[nodiscard]] bool paused() const;

  /// Stopped as soon as any end was asked for; wakes the loop's waits.
  [[nodiscard]] std::stop_token token() const { return ended_.get_token(); }

  /// Stopped by an abort alone: what the point in hand waits on, since a stop lets it end as it would.
  [[nodiscard]] std::stop_token abort_token() const { return aborted_.get_token(); }

  /// The run is over: an abort in progress is waited for, and a later one cancels nothing.
  void close();

  /// Waits while paused. Enters a BlockingRegion.
  void wait_while_paused();

 private:
  void request(End end);

  const std::function<void()> cancel_waits_;
  std::mutex cancelling_;
  bool closed_ = false;  // protected by cancelling_
  std::atomic<bool> attention_{false};
  std::stop_source ended_;
  std::stop_source aborted_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // protected by mutex_
  End end_ = End::none;
  bool paused_ = false;
  bool interrupted_ = false;
};

/// "nobody", "stop", "abort", "task": who ended a run, as its events say it.
[[nodiscard]] std::string_view name_of(RunControl::End end);

}  // namespace wheatstone::session
