#include "session/interrupts.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <wheatstone/error.hpp>

namespace wheatstone::session {
namespace {

constinit std::atomic<int> g_write_end{-1};
constinit std::atomic<int> g_count{0};
constinit std::atomic<void (*)() noexcept> g_second_hook{nullptr};

// The runs that Ctrl-C is for, the outermost first, and the thread that they are on.
std::mutex g_runs_mutex;
std::vector<RunControl*> g_runs;
std::thread::id g_runs_thread;

constexpr unsigned char k_end = 0;  // in the pipe, where a signal's number stands otherwise

void on_signal(int number) {
  const int saved_errno = errno;
  const int end = g_write_end.load();
  if (end >= 0) {
    const auto byte = static_cast<unsigned char>(number);
    [[maybe_unused]] const ssize_t n = ::write(end, &byte, 1);  // a full pipe holds signals enough
  }
  if (number == SIGINT && g_count.fetch_add(1) == 1) {
    if (auto* hook = g_second_hook.load()) hook();
  }
  errno = saved_errno;
}

}  // namespace

void set_second_interrupt_hook(void (*hook)() noexcept) { g_second_hook.store(hook); }

void require_usable(int signal) {
  constexpr std::array k_refused = {SIGKILL, SIGSTOP, SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGTRAP,
                                    SIGABRT, SIGSYS,  SIGCHLD, SIGPIPE, SIGTSTP, SIGCONT, SIGINT};
  if (signal > 0 && signal <= SIGRTMAX && std::ranges::find(k_refused, signal) == k_refused.end()) return;
  throw ConfigurationError(fmt::format(
      "the signal {} cannot ask anything of a run; take one such as SIGTERM, SIGHUP, SIGUSR1 or SIGUSR2 (Ctrl-C stops "
      "and aborts by itself)",
      signal > 0 && signal <= SIGRTMAX ? "SIG" + signal_name(signal) : std::to_string(signal)));
}

InterruptScope::InterruptScope(RunControl& control, bool keyboard, const std::vector<SignalAction>& actions)
    : control_(control), actions_(actions) {
  if (!keyboard && actions.empty()) return;
  if (g_write_end.load() >= 0) {
    if (actions.empty() && join_outer(keyboard)) return;
    throw ConfigurationError("another run of this process handles signals already; let only one of them do so");
  }
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw ConfigurationError(fmt::format("no pipe for interrupts: {}", std::strerror(errno)));
  read_end_ = ends[0];
  write_end_ = ends[1];
  ::fcntl(write_end_, F_SETFL, O_NONBLOCK);
  g_count.store(0);
  g_write_end.store(write_end_);
  watcher_ = std::thread([this] { watch(); });
  if (keyboard) {
    const std::scoped_lock lock(g_runs_mutex);
    g_runs = {&control_};
    g_runs_thread = std::this_thread::get_id();
    take(SIGINT);
  }
  for (const SignalAction& each : actions) take(each.signal);
}

/// A run inside of another one, on its thread: it ends before that does.
bool InterruptScope::join_outer(bool keyboard) {
  bool is_late = false;
  {
    const std::scoped_lock lock(g_runs_mutex);
    if (!keyboard || g_runs.empty() || g_runs_thread != std::this_thread::get_id()) return false;
    is_late = g_runs.back()->interrupted();
    g_runs.push_back(&control_);
    is_inner_ = true;
  }
  if (is_late) control_.interrupt();
  return true;
}

void InterruptScope::take(int signal) {
  struct sigaction action{};
  action.sa_handler = on_signal;
  action.sa_flags = signal == SIGINT ? 0 : SA_RESTART;  // Ctrl-C ends waits of others; the rest only asks
  ::sigemptyset(&action.sa_mask);
  struct sigaction former{};
  if (::sigaction(signal, &action, &former) == 0) former_.emplace_back(signal, former);
}

void InterruptScope::put_back() noexcept {
  for (const auto& [signal, former] : former_) ::sigaction(signal, &former, nullptr);
  g_write_end.store(-1);
}

InterruptScope::~InterruptScope() {
  if (is_inner_ && process_.in_own_process()) {
    const std::scoped_lock lock(g_runs_mutex);
    g_runs.pop_back();
  }
  if (write_end_ < 0) return;
  put_back();
  if (!process_.in_own_process()) {  // a forked child has no watcher to wait for
    watcher_.detach();
    return;
  }
  while (::write(write_end_, &k_end, 1) < 0 && (errno == EINTR || errno == EAGAIN)) {
  }
  watcher_.join();
  {
    const std::scoped_lock lock(g_runs_mutex);
    g_runs.clear();
  }
  ::close(read_end_);
  ::close(write_end_);
}

void InterruptScope::watch() {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are for the threads that had them before
  unsigned char signal = 0;
  while (true) {
    const ssize_t n = ::read(read_end_, &signal, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n != 1 || signal == k_end) return;
    if (signal == SIGINT) {
      interrupt();
      continue;
    }
    const auto asked = std::ranges::find(actions_, signal, &SignalAction::signal);
    if (asked != actions_.end()) control_.ask(asked->action, origin_of_signal(signal));
  }
}

void InterruptScope::interrupt() {
  if (!control_.interrupted()) {
    // On a terminal the line begins with its echo of ^C.
    fmt::print(stderr, "{}wheatstone: stopping after this point; Ctrl-C again aborts at once\n",
               ::isatty(STDERR_FILENO) == 1 ? "\n" : "");
  }
  const std::scoped_lock lock(g_runs_mutex);
  for (RunControl* run : g_runs) run->interrupt();
}

}  // namespace wheatstone::session
