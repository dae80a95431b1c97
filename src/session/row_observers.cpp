#include "session/row_observers.hpp"

#include <fmt/core.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>
#include <utility>

#include "base/blocking.hpp"
#include "session/exit_steps.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

/// Longer than rows can lie in a queue without a wake() after them (the loop's pulse, 2 ms): whoever has been woken
/// looks once more after it.
constexpr auto k_linger = std::chrono::milliseconds(5);

constexpr int k_tries = 100;  // at a lock that is held for the time of a swap

/// Rows in order, in places that are used again, so that a name is copied once.
class RowRing {
 public:
  explicit RowRing(std::size_t capacity) : rows_(capacity) {}

  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t size() const { return count_; }

  /// True where the oldest had to go for it.
  bool push(const Row& row) {
    const bool full = count_ == rows_.size();
    if (full) {
      begin_ = (begin_ + 1) % rows_.size();
    } else {
      ++count_;
    }
    rows_[(begin_ + count_ - 1) % rows_.size()] = row;
    return full;
  }
  /// Swaps the oldest with `row`.
  void pop(Row& row) {
    std::swap(rows_[begin_], row);
    begin_ = (begin_ + 1) % rows_.size();
    --count_;
  }
  void clear() { count_ = 0; }

 private:
  std::vector<Row> rows_;
  std::size_t begin_ = 0;
  std::size_t count_ = 0;
};

}  // namespace

/// One observer, shared by its handles, the session, the run and its thread.
struct ObserverHandle::State {
  explicit State(binding::Observer observer_in)
      : observer(std::move(observer_in)), held(observer.queue), queue(observer.queue) {}

  /// False where the thread of an earlier run is still at work.
  bool begin() {
    const base::BlockingRegion region;
    const std::scoped_lock lock(mutex);
    if (running) return false;
    running = true;
    ending = abandoned = false;
    told = false;
    failed.store(false);
    error.clear();
    seen.store(0);
    dropped.store(0);
    queue.clear();
    held.clear();
    return true;
  }

  /// The thread's work: rows out of the queue, until the run ends and the queue is empty.
  void work() {
    Row row;
    while (take(row)) {
      try {
        observer.see(row);
      } catch (...) {
        give_up(session::text_of(std::current_exception()));
        break;
      }
      seen.fetch_add(1, std::memory_order_relaxed);
    }
    const base::BlockingRegion region;
    const std::scoped_lock lock(mutex);
    running = false;
    changed.notify_all();
  }

  bool take(Row& row) {
    const base::BlockingRegion region;
    std::unique_lock lock(mutex);
    const auto something = [this] { return !queue.empty() || ending || abandoned; };
    if (!something() && !changed.wait_for(lock, k_linger, something)) {
      sleeping = true;
      changed.wait(lock, something);
      sleeping = false;
    }
    if (queue.empty() || abandoned) return false;
    queue.pop(row);
    return true;
  }

  void give_up(std::string why) {
    const base::BlockingRegion region;
    const std::scoped_lock lock(mutex);
    error = std::move(why);
    dropped.fetch_add(queue.size() + 1, std::memory_order_relaxed);
    queue.clear();
    failed.store(true, std::memory_order_release);
  }

  void offer(const Row& row) {
    if (failed.load(std::memory_order_relaxed)) {
      count_drop(true);
      return;
    }
    std::unique_lock lock(mutex, std::defer_lock);
    for (int tries = 0; tries < k_tries && !lock.try_lock(); ++tries) {
    }
    if (!lock.owns_lock()) {
      count_drop(held.push(row));
      return;
    }
    move_held();
    count_drop(queue.push(row));
  }

  /// REQUIRES: mutex is held.
  void move_held() {
    while (!held.empty()) {
      held.pop(moved);
      count_drop(queue.push(moved));
    }
  }

  void count_drop(bool happened) {
    if (happened) dropped.fetch_add(1, std::memory_order_relaxed);
  }

  void wake() {
    std::unique_lock lock(mutex, std::try_to_lock);
    if (!lock.owns_lock()) return;  // it is awake
    move_held();
    if (!sleeping || queue.empty()) return;
    lock.unlock();
    changed.notify_all();
  }

  [[nodiscard]] session::RowObservers::Ended ended() {
    const base::BlockingRegion region;
    const std::scoped_lock lock(mutex);
    return {.name = observer.name, .seen = seen.load(), .dropped = dropped.load(), .error = error, .stuck = running};
  }

  const binding::Observer observer;
  std::atomic<std::uint64_t> seen{0};
  std::atomic<std::uint64_t> dropped{0};
  std::atomic<bool> failed{false};

  // the running thread's
  RowRing held;
  Row moved;
  bool told = false;  ///< that it failed

  std::mutex mutex;
  std::condition_variable changed;
  // protected by mutex
  RowRing queue;
  std::string error;
  bool running = false;    ///< its thread is at work
  bool ending = false;     ///< no row comes any more
  bool abandoned = false;  ///< nobody waits for it any more
  bool sleeping = false;
};

const std::string& ObserverHandle::name() const { return state_->observer.name; }
std::uint64_t ObserverHandle::seen() const { return state_->seen.load(); }
std::uint64_t ObserverHandle::dropped() const { return state_->dropped.load(); }
std::string ObserverHandle::error() const { return state_->ended().error; }

}  // namespace v1

namespace session {
namespace {

void start_thread(const ObserverPointer& observer) {
  auto body = [observer] { observer->work(); };
  if (observer->observer.launch) {
    observer->observer.launch(std::move(body));
    return;
  }
  std::thread([body = std::move(body)] {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are for the threads that had them before
    body();
  }).detach();
}

}  // namespace

ObserverPointer make_observer(binding::Observer observer) {
  return std::make_shared<ObserverHandle::State>(std::move(observer));
}

void ObservedRow::add(std::string_view name, const Value& value) {
  if (at_ == row_.size()) {
    row_.push_back({std::string(name), value});
  } else {
    if (row_[at_].key != name) row_[at_].key = name;
    row_[at_].value = value;
  }
  ++at_;
}

const Row& ObservedRow::end() {
  if (at_ < row_.size()) {
    Row shorter;
    for (std::size_t k = 0; k < at_; ++k) shorter.push_back(std::move(row_[k]));
    row_ = std::move(shorter);
  }
  return row_;
}

void RowObservers::start(const std::vector<ObserverPointer>& observers) {
  for (const ObserverPointer& observer : observers) {
    if (!observer->begin()) {
      busy_.push_back(observer);
      continue;
    }
    try {
      start_thread(observer);
    } catch (...) {
      observer->running = false;
      throw;
    }
    observers_.push_back(observer);
  }
}

RowObservers::~RowObservers() {
  if (process_.in_own_process()) {
    if (any()) (void)end({}, true);
    return;
  }
  // A forked child has no such threads, and may have copied their locks while they were held.
  static_cast<void>(new std::vector<ObserverPointer>(std::move(observers_)));
  static_cast<void>(new std::vector<ObserverPointer>(std::move(busy_)));
}

void RowObservers::offer(const Row& row) {
  for (const ObserverPointer& observer : observers_) observer->offer(row);
}

std::vector<RowObservers::Ended> RowObservers::wake() {
  std::vector<Ended> failed;
  for (const ObserverPointer& observer : observers_) {
    observer->wake();
    if (observer->failed.load(std::memory_order_acquire) && !std::exchange(observer->told, true)) {
      failed.push_back(observer->ended());
    }
  }
  return failed;
}

std::vector<RowObservers::Ended> RowObservers::end(Duration grace, bool at_once) {
  std::vector<Ended> all;
  {
    const base::BlockingRegion region;
    for (const ObserverPointer& observer : observers_) {
      const std::scoped_lock lock(observer->mutex);
      observer->move_held();
      observer->ending = true;
      observer->abandoned = at_once;
      observer->changed.notify_all();
    }
    const auto deadline = std::chrono::steady_clock::now() + grace.chrono();
    for (const ObserverPointer& observer : observers_) {
      std::unique_lock lock(observer->mutex);
      observer->changed.wait_until(lock, deadline, [&] { return !observer->running; });
      observer->abandoned = true;
      observer->dropped.fetch_add(observer->queue.size());
      observer->queue.clear();
    }
  }
  for (const ObserverPointer& observer : std::exchange(observers_, {})) all.push_back(observer->ended());
  for (const ObserverPointer& observer : std::exchange(busy_, {})) {
    all.push_back({.name = observer->observer.name, .error = {}, .stuck = true});
  }
  return all;
}

io::Document document_of(const RowObservers::Ended& ended) {
  io::Document document =
      io::Document::object({{"observer", ended.name}, {"seen", ended.seen}, {"dropped", ended.dropped}});
  if (!ended.error.empty()) document["error"] = ended.error;
  if (ended.stuck) document["stuck"] = true;
  return document;
}

std::optional<std::string> warning_of(const RowObservers::Ended& ended) {
  if (!ended.error.empty()) {
    return fmt::format("the observer '{}' failed after {} rows and was given no more of this run: {}", ended.name,
                       ended.seen, ended.error);
  }
  if (!ended.stuck) return std::nullopt;
  return fmt::format(
      "the observer '{}' was still at a row when the time for the run's end was over, after {} rows; it goes on by "
      "itself and sees no more until it returns",
      ended.name, ended.seen);
}

}  // namespace session
}  // namespace wheatstone
