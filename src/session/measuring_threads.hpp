#pragma once
// The threads of a run whose acquisitions measure at the same time.

#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>
#include <wheatstone/duration.hpp>

#include "base/clock.hpp"
#include "base/process.hpp"

namespace wheatstone::session {

/// Threads that live for a run and do jobs of one point at the same time. Used by the thread that runs the session.
/// Each takes part in the clock's time while it has a job, and not while it waits for one.
class MeasuringThreads {
 public:
  /// Starts a thread that calls `body` once; see binding::set_launcher.
  using Launch = std::function<void(const std::string& name, std::function<void()> body)>;

  /// `work` is called with a job's number, by one thread at a time for each number. It must not throw, must own what it
  /// uses, and touch nothing of the run's once thread_is_revoked().
  MeasuringThreads(std::size_t count, std::function<void(std::size_t job)> work, const Launch& launch,
                   base::Clock& clock);
  /// Waits for their ends, but for those that were let go of.
  ~MeasuringThreads();
  MeasuringThreads(const MeasuringThreads&) = delete;
  MeasuringThreads& operator=(const MeasuringThreads&) = delete;

  /// Does the first job on the calling thread and each other on one of the threads; returns once all are done.
  /// REQUIRES: at least one job, and at most one more than there are threads. After an abort, a job on a launched
  /// thread is waited for as long as `grace`, then let go of and returned here; one on a thread of the library's is
  /// waited for all the same, and standard error says so.
  [[nodiscard]] std::vector<std::size_t> run(const std::vector<std::size_t>& jobs, const std::stop_token& abort,
                                             Duration grace);

 private:
  struct Shared;
  [[nodiscard]] std::vector<std::size_t> wait_for_others(const std::stop_token& abort, Duration grace);
  [[nodiscard]] std::vector<std::size_t> let_go();

  base::Clock& clock_;
  bool launched_;
  std::shared_ptr<Shared> shared_;
  base::ProcessBound process_;
};

}  // namespace wheatstone::session
