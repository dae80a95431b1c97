#include "session/task.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/blocking.hpp"
#include "base/process.hpp"
#include "base/revocation.hpp"

namespace wheatstone::session {

/// What the group and its threads share; lives as long as the last of them.
struct TaskGroup::Shared {
  struct Member {
    std::thread thread;  // of our own only
    base::Revocation revoked = std::make_shared<std::atomic<bool>>(false);
    bool started = false;  // protected by mutex
    bool ended = false;    // protected by mutex
  };

  explicit Shared(std::size_t n) : members(n) {}

  std::stop_source stop;
  std::function<void()> on_failure;
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::vector<Member> members;
  std::vector<Failure> failures;  // protected by mutex
};

namespace {

void work_until_stopped(const Task& task, base::Clock& clock, const std::stop_token& stop) {
  if (task.takes_stop) {
    task.work(stop);
    return;
  }
  while (!stop.stop_requested()) {
    task.work(stop);
    if (stop.stop_requested()) return;  // past its run, a task must not touch the run's clock
    clock.wait_until(clock.monotonic() + task.every.nanoseconds(), stop);
  }
}

}  // namespace

TaskGroup::TaskGroup(std::vector<Task> tasks, base::Clock& clock, std::function<void()> on_failure)
    : tasks_(std::move(tasks)), clock_(clock), shared_(std::make_shared<Shared>(tasks_.size())) {
  shared_->on_failure = std::move(on_failure);
}

TaskGroup::~TaskGroup() {
  // Its threads do not exist in a forked child and cannot be let go of there.
  if (!process_.in_own_process()) static_cast<void>(new std::shared_ptr<Shared>(std::move(shared_)));
}

void TaskGroup::start() {
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    Shared::Member& member = shared_->members[i];
    auto body = [shared = shared_, task = tasks_[i], i, &clock = clock_, process = base::ProcessBound()] {
      std::exception_ptr error;
      {
        const base::RevocableThread revocable(shared->members[i].revoked);
        try {
          work_until_stopped(task, clock, shared->stop.get_token());
        } catch (...) {
          error = std::current_exception();
        }
      }
      if (!process.in_own_process()) {  // the task forked, and this is the child: nothing of the run is its own
        if (error) std::rethrow_exception(error);
        return;
      }
      // Under the mutex, so that a run that has given up on this task is not touched any more.
      const std::scoped_lock lock(shared->mutex);
      if (error) shared->failures.push_back({task.name, error});
      if (!shared->members[i].revoked->load()) {
        if (error) shared->on_failure();  // before virtual time may go on, so that the loop takes no further row
        clock.leave();
      }
      shared->members[i].ended = true;
      shared->changed.notify_all();
    };
    clock_.join();
    member.started = true;
    if (tasks_[i].launch) {
      tasks_[i].launch(std::move(body));
    } else {
      member.thread = std::thread(std::move(body));
    }
  }
}

void TaskGroup::request_stop() { shared_->stop.request_stop(); }

TaskGroup::Ended TaskGroup::end(Duration grace, const std::function<void()>& before_waiting) {
  const base::BlockingRegion region;
  request_stop();
  Ended result;
  std::unique_lock lock(shared_->mutex);
  const auto deadline = std::chrono::steady_clock::now() + grace.chrono();
  const auto all_ended = [&] {
    for (const Shared::Member& member : shared_->members) {
      if (member.started && !member.ended) return false;
    }
    return true;
  };
  shared_->changed.wait_until(lock, deadline, all_ended);
  bool is_waited_for = false;
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    Shared::Member& member = shared_->members[i];
    if (!member.started || member.ended) continue;
    result.stuck.push_back(tasks_[i].name);
    base::revoke(member.revoked);
    is_waited_for = is_waited_for || member.thread.joinable();
  }
  lock.unlock();
  if (is_waited_for) before_waiting();
  join(result.stuck, grace);
  lock.lock();
  result.failures = shared_->failures;
  return result;
}

/// Waits for all threads of our own.
void TaskGroup::join(const std::vector<std::string>& stuck, Duration grace) {
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    Shared::Member& member = shared_->members[i];
    if (!member.thread.joinable()) continue;
    if (std::ranges::find(stuck, tasks_[i].name) != stuck.end()) {
      fmt::print(stderr, "wheatstone: waiting for task '{}', which has not obeyed its stop token for {:g} s\n",
                 tasks_[i].name, grace.seconds());
    }
    member.thread.join();
  }
}

}  // namespace wheatstone::session
