#pragma once
// Ctrl-C while a run lives.

#include <csignal>
#include <memory>
#include <thread>

#include "base/process.hpp"
#include "session/run_control.hpp"

namespace wheatstone::session {

/// Takes SIGINT for a scope and hands each to the run: the first stops after the point, the second aborts. One at a
/// time in a process; the former handler is put back at the end. The handler itself only writes to a pipe.
class InterruptScope {
 public:
  explicit InterruptScope(RunControl& control);
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

 private:
  void watch();

  RunControl& control_;
  int read_end_ = -1;
  int write_end_ = -1;
  struct sigaction former_{};
  std::thread watcher_;
  base::ProcessBound process_;
};

/// What is called in the handler at the second SIGINT; async-signal-safe, or null.
void set_second_interrupt_hook(void (*hook)() noexcept);

}  // namespace wheatstone::session
