#pragma once
// What runs beside the acquisitions.

#include <exception>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>
#include <wheatstone/binding.hpp>
#include <wheatstone/duration.hpp>

#include "base/clock.hpp"
#include "base/process.hpp"

namespace wheatstone::session {

using binding::Task;

/// The tasks of one run on their threads. Used by the thread that runs the session.
class TaskGroup {
 public:
  struct Failure {
    std::string name;
    std::exception_ptr error;
  };
  struct Ended {
    std::vector<Failure> failures;   ///< in the order in which they happened
    std::vector<std::string> stuck;  ///< tasks that did not end within their grace
  };

  /// `on_failure` is called by a task's thread when its work has thrown.
  TaskGroup(std::vector<Task> tasks, base::Clock& clock, std::function<void()> on_failure);
  /// REQUIRES: end() was called, if start() was.
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  void start();

  void request_stop();

  /// Requests the stop and waits for the ends, `grace` for all together. A task past its grace loses its right to use
  /// instruments; one on a thread of our own is waited for all the same, after `before_waiting` (called once, where
  /// there is one), and standard error says so.
  Ended end(Duration grace, const std::function<void()>& before_waiting);

 private:
  void join(const std::vector<std::string>& stuck, Duration grace);

  struct Shared;
  std::vector<Task> tasks_;
  base::Clock& clock_;
  std::shared_ptr<Shared> shared_;
  base::ProcessBound process_;
};

}  // namespace wheatstone::session
