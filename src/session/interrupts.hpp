#pragma once
// Ctrl-C and other signals while a run lives.

#include <csignal>
#include <memory>
#include <thread>
#include <utility>
#include <vector>
#include <wheatstone/control.hpp>

#include "base/process.hpp"
#include "session/run_control.hpp"

namespace wheatstone::session {

/// A signal and what it asks of the run.
struct SignalAction {
  int signal = 0;
  Action action = Action::stop;
};

/// Throws ConfigurationError for a signal that cannot be taken (SIGKILL, SIGSTOP), that says that the program is broken
/// (SIGSEGV and its like), that the library or a terminal needs itself, or that is none.
void require_usable(int signal);

/// Takes signals for a scope and hands them to the run: where `keyboard`, the first SIGINT stops after the point and
/// the second aborts; besides, each of `actions` asks for its own. One at a time in a process, but for runs inside of
/// the run, on its thread: Ctrl-C is theirs too. The former handlers are put back at the end. The handler itself only
/// writes to a pipe.
class InterruptScope {
 public:
  explicit InterruptScope(RunControl& control, bool keyboard = true, const std::vector<SignalAction>& actions = {});
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

 private:
  [[nodiscard]] bool join_outer(bool keyboard);
  void take(int signal);
  void put_back() noexcept;
  void watch();
  void interrupt();

  RunControl& control_;
  std::vector<SignalAction> actions_;
  std::vector<std::pair<int, struct sigaction>> former_;
  int read_end_ = -1;
  int write_end_ = -1;
  std::thread watcher_;
  bool is_inner_ = false;  // shares the signals of the scope around it
  base::ProcessBound process_;
};

/// What is called in the handler at the second SIGINT; async-signal-safe, or null.
void set_second_interrupt_hook(void (*hook)() noexcept);

}  // namespace wheatstone::session
