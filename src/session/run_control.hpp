#pragma once
// What other threads may ask of a run while it lives.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/control.hpp>

#include "io/document.hpp"
#include "session/origin.hpp"

namespace wheatstone::session {

/// Requests to one run: pause, resume, step, stop, abort. Any thread may ask; the loop looks at one atomic a point.
/// Whoever asks is told to the run's events by his own thread, in a BlockingRegion, and never by the loop's.
class RunControl : public std::enable_shared_from_this<RunControl> {
 public:
  enum class End : std::uint8_t { none, stop, abort, task_failed };

  struct Answer {
    bool accepted = true;
    std::string sentence = {};  ///< why not
  };

  /// Writes a line of the run's events; may throw.
  using Teller = std::function<void(std::string_view event, const io::Document& details)>;

  /// `cancel_waits` cuts instruments' waits short; called once, at the first abort, by the thread that asks.
  explicit RunControl(std::function<void()> cancel_waits) : cancel_waits_(std::move(cancel_waits)) {}

  /// Refused are a step of a run that is not paused, a pause of one that is ending, and anything once it has ended.
  Answer ask(Action action, const Origin& origin);
  void stop() { ask(Action::stop, origin_of_this_thread()); }
  void abort() { ask(Action::abort, origin_of_this_thread()); }
  void pause() { ask(Action::pause, origin_of_this_thread()); }
  void resume() { ask(Action::resume, origin_of_this_thread()); }
  Answer step() { return ask(Action::step, origin_of_this_thread()); }
  void task_failed() { request(End::task_failed); }
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

  /// From now on, actions and who asked for them go there, those before first.
  void tell_to(Teller teller);
  /// Tells what is left, then forgets the teller; what is asked from now on is refused. Returns what could not be told.
  [[nodiscard]] std::vector<std::string> stop_telling();

  /// The run is over: an abort in progress is waited for, and a later one cancels nothing.
  void close();

  /// How a pause was left.
  enum class Left : std::uint8_t { resumed, for_a_step, for_the_end };

  /// Waits while paused; one step asked for is spent by leaving. Enters a BlockingRegion.
  Left wait_while_paused();

 private:
  void request(End end);
  Answer apply(Action action);
  Answer pause_unless_ending();
  Answer grant_step();
  void resume_paused();
  void end_now();
  /// Null where the run is over.
  std::shared_ptr<io::Document> note(Action action, const Origin& origin);
  /// REQUIRES: telling_ is held.
  void tell_noted();

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
  std::uint64_t steps_ = 0;  ///< asked for and not yet taken
  bool interrupted_ = false;

  std::mutex telling_;
  // protected by telling_
  Teller teller_;
  bool over_ = false;
  std::vector<std::shared_ptr<io::Document>> noted_;  ///< before it is done, so that an end that it brings tells it
  std::vector<std::string> untold_;
};

/// "nobody", "stop", "abort", "task": who ended a run, as its events say it.
[[nodiscard]] std::string_view name_of(RunControl::End end);

}  // namespace wheatstone::session
