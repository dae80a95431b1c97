// The interpreter's lock around the library's waits. It is released here and nowhere else, and only where the waiting
// thread holds it: threads of the library's own never do.

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "base/blocking.hpp"
#include "bindings.hpp"
#include "interpreter.hpp"

namespace wheatstone::python {
namespace {

// A thread that takes the lock again while the interpreter is being torn down is ended by it, by unwinding through
// frames that must not unwind. So from the moment the interpreter begins to exit, such threads stay where they are;
// the process ends without them. The thread that tears down still waits and returns: it closes what is open.
std::atomic<bool> g_exiting{false};
std::atomic<int> g_returning{0};
thread_local bool t_tears_down = false;

void* release_lock() noexcept { return interpreter().holds_lock() != 0 ? PyEval_SaveThread() : nullptr; }

void take_lock(void* state) noexcept {
  g_returning.fetch_add(1);
  if (g_exiting.load() && !t_tears_down) {
    g_returning.fetch_sub(1);
    for (;;) ::pause();
  }
  PyEval_RestoreThread(static_cast<PyThreadState*>(state));
  g_returning.fetch_sub(1);
}

// An exit function of the interpreter. Those who were about to take the lock get it once more.
void begin_exit() {
  t_tears_down = true;
  g_exiting.store(true);
  const nb::gil_scoped_release released;
  while (g_returning.load() > 0) std::this_thread::yield();
}

}  // namespace

void bind_blocking(nb::module_&) {
  (void)interpreter();
  base::set_blocking_hooks({release_lock, take_lock});
  nb::module_::import_("atexit").attr("register")(nb::cpp_function(&begin_exit));
}

}  // namespace wheatstone::python
