#include "session/measuring_threads.hpp"

#include <fmt/core.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/blocking.hpp"
#include "base/revocation.hpp"

namespace wheatstone::session {

/// What the threads and their owner share; lives as long as the last of them.
struct MeasuringThreads::Shared {
  struct Member {
    std::thread thread;  // of our own only
    base::Revocation revoked = std::make_shared<std::atomic<bool>>(false);
    // protected by mutex
    std::optional<std::size_t> job;
    bool ended = true;
  };

  Shared(std::size_t n, std::function<void(std::size_t)> work_in) : work(std::move(work_in)), members(n) {}

  // constant after construction
  std::function<void(std::size_t)> work;

  std::mutex mutex;
  std::condition_variable given;
  std::condition_variable done;
  std::vector<Member> members;
  // protected by mutex
  std::size_t running = 0;
  bool owner_waits = false;
  bool over = false;

  /// The next job of a thread; none at the end.
  std::optional<std::size_t> wait_for_job(Member& member) {
    const base::BlockingRegion region;  // left only after the mutex, for a runtime's lock is taken there
    std::unique_lock lock(mutex);
    given.wait(lock, [&] { return over || member.job; });
    if (over) return std::nullopt;
    return member.job;
  }

  void end(Member& member) {
    const std::scoped_lock lock(mutex);
    member.ended = true;
    done.notify_all();
  }

  /// The last one hands its part in the clock's time to the owner who waits for it: so no time passes in between.
  bool finish_job(Member& member, base::Clock& clock) {
    const std::scoped_lock lock(mutex);
    if (member.revoked->load()) return false;
    member.job.reset();
    if (--running > 0 || !owner_waits) clock.leave();
    done.notify_all();
    return true;
  }
};

MeasuringThreads::MeasuringThreads(std::size_t count, std::function<void(std::size_t)> work, const Launch& launch,
                                   base::Clock& clock)
    : clock_(clock), launched_(launch != nullptr), shared_(std::make_shared<Shared>(count, std::move(work))) {
  for (std::size_t i = 0; i < count; ++i) {
    auto body = [shared = shared_, i, &clock, process = base::ProcessBound()] {
      Shared::Member& member = shared->members[i];
      const base::RevocableThread revocable(member.revoked);
      while (const auto job = shared->wait_for_job(member)) {
        shared->work(*job);
        if (!process.in_own_process()) return;  // the job forked, and this is the child
        if (!shared->finish_job(member, clock)) return;
      }
      shared->end(member);
    };
    shared_->members[i].ended = false;
    if (launch) {
      launch(fmt::format("wheatstone measuring {}", i + 2), std::move(body));
    } else {
      shared_->members[i].thread = std::thread(std::move(body));
    }
  }
}

MeasuringThreads::~MeasuringThreads() {
  // Its threads do not exist in a forked child and cannot be let go of there.
  if (!process_.in_own_process()) {
    static_cast<void>(new std::shared_ptr<Shared>(std::move(shared_)));
    return;
  }
  const base::BlockingRegion region;
  std::unique_lock lock(shared_->mutex);
  shared_->over = true;
  shared_->given.notify_all();
  for (Shared::Member& member : shared_->members) {
    shared_->done.wait(lock, [&] { return member.ended || member.revoked->load(); });
  }
  lock.unlock();
  for (Shared::Member& member : shared_->members) {
    if (member.thread.joinable()) member.thread.join();
  }
}

std::vector<std::size_t> MeasuringThreads::run(const std::vector<std::size_t>& jobs, const std::stop_token& abort,
                                               Duration grace) {
  if (jobs.size() > 1) {
    const std::scoped_lock lock(shared_->mutex);
    for (std::size_t k = 1; k < jobs.size(); ++k) {
      shared_->members[k - 1].job = jobs[k];
      ++shared_->running;
      clock_.join();
    }
    shared_->given.notify_all();
  }
  shared_->work(jobs.front());
  if (jobs.size() == 1 || !process_.in_own_process()) return {};
  return wait_for_others(abort, grace);
}

std::vector<std::size_t> MeasuringThreads::wait_for_others(const std::stop_token& abort, Duration grace) {
  const base::BlockingRegion region;
  Shared& shared = *shared_;
  const std::stop_callback on_abort(abort, [&shared] {
    const std::scoped_lock lock(shared.mutex);
    shared.done.notify_all();
  });
  std::unique_lock lock(shared.mutex);
  if (shared.running == 0) return {};
  shared.owner_waits = true;
  clock_.leave();
  const auto all_done = [&shared] { return shared.running == 0; };
  shared.done.wait(lock, [&] { return all_done() || abort.stop_requested(); });
  std::vector<std::size_t> left;
  if (!shared.done.wait_for(lock, grace.chrono(), all_done)) {
    if (launched_) {
      left = let_go();
    } else {
      fmt::print(stderr, "wheatstone: waiting for acquisitions that have not ended for {:g} s after the abort\n",
                 grace.seconds());
      shared.done.wait(lock, all_done);
    }
  }
  shared.owner_waits = false;
  return left;
}

/// REQUIRES: the mutex is held. Their parts in the clock's time end, but for one, which the owner goes on with.
std::vector<std::size_t> MeasuringThreads::let_go() {
  std::vector<std::size_t> jobs;
  for (Shared::Member& member : shared_->members) {
    if (!member.job) continue;
    base::revoke(member.revoked);
    if (!jobs.empty()) clock_.leave();
    jobs.push_back(*member.job);
  }
  shared_->running = 0;
  return jobs;
}

}  // namespace wheatstone::session
