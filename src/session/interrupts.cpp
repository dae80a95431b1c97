#include "session/interrupts.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <wheatstone/error.hpp>

namespace wheatstone::session {
namespace {

constinit std::atomic<int> g_write_end{-1};
constinit std::atomic<int> g_count{0};
constinit std::atomic<void (*)() noexcept> g_second_hook{nullptr};

void on_sigint(int) {
  const int saved_errno = errno;
  const int end = g_write_end.load();
  if (end >= 0) {
    const char byte = 'i';
    [[maybe_unused]] const ssize_t n = ::write(end, &byte, 1);  // a full pipe holds interrupts enough
  }
  if (g_count.fetch_add(1) == 1) {
    if (auto* hook = g_second_hook.load()) hook();
  }
  errno = saved_errno;
}

}  // namespace

void set_second_interrupt_hook(void (*hook)() noexcept) { g_second_hook.store(hook); }

InterruptScope::InterruptScope(RunControl& control) : control_(control) {
  if (g_write_end.load() >= 0) {
    throw ConfigurationError("another run of this process handles interrupts already; let only one of them do so");
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
  struct sigaction action{};
  action.sa_handler = on_sigint;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, &former_);
}

InterruptScope::~InterruptScope() {
  if (!process_.in_own_process()) {  // a forked child has no watcher to wait for
    ::sigaction(SIGINT, &former_, nullptr);
    g_write_end.store(-1);
    watcher_.detach();
    return;
  }
  ::sigaction(SIGINT, &former_, nullptr);
  g_write_end.store(-1);
  const char byte = 'q';
  while (::write(write_end_, &byte, 1) < 0 && (errno == EINTR || errno == EAGAIN)) {
  }
  watcher_.join();
  ::close(read_end_);
  ::close(write_end_);
}

void InterruptScope::watch() {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are for the threads that had them before
  char byte = 0;
  while (true) {
    const ssize_t n = ::read(read_end_, &byte, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n != 1 || byte == 'q') return;
    if (!control_.interrupted()) {
      // On a terminal the line begins with its echo of ^C.
      fmt::print(stderr, "{}wheatstone: stopping after this point; Ctrl-C again aborts at once\n",
                 ::isatty(STDERR_FILENO) == 1 ? "\n" : "");
    }
    control_.interrupt();
  }
}

}  // namespace wheatstone::session
