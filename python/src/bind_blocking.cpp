// The interpreter's lock around the library's waits. It is released here and nowhere else, and only where the waiting
// thread holds it: threads of the library's own never do.

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <wheatstone/binding.hpp>

#include <atomic>
#include <thread>

#include "bindings.hpp"
#include "interpreter.hpp"
#include "pending_error.hpp"

namespace wheatstone::python {
namespace {

// A thread that takes the lock again while the interpreter is being torn down is ended by it, by unwinding through
// frames that must not unwind. So from the moment the interpreter begins to exit, such threads stay where they are;
// the process ends without them. The thread that tears down still waits and returns: it closes what is open.
std::atomic<bool> g_exiting{false};
std::atomic<int> g_returning{0};
thread_local bool t_tears_down = false;

// Handlers of Python run in the main thread only: what they raised there, until the wait that they ended has unwound.
PyObject* g_pending = nullptr;

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

bool in_main_thread() noexcept { return ::syscall(SYS_gettid) == ::getpid(); }

// Lets Python's own signal handlers run; what they raise (KeyboardInterrupt) ends the wait and is raised after it.
bool handlers_raised() noexcept {
  if (!in_main_thread() || g_exiting.load()) return false;
  const PyGILState_STATE state = PyGILState_Ensure();
  const bool raised = PyErr_CheckSignals() != 0;
  if (raised) {
    PyObject* type = nullptr;
    PyObject* trace = nullptr;
    Py_CLEAR(g_pending);
    PyErr_Fetch(&type, &g_pending, &trace);
    PyErr_NormalizeException(&type, &g_pending, &trace);
    Py_XDECREF(type);
    Py_XDECREF(trace);
  }
  PyGILState_Release(state);
  return raised;
}

// The second Ctrl-C of a run ends Python's own waits in an acquisition, such as time.sleep.
void interrupt_interpreter() noexcept { PyErr_SetInterrupt(); }

}  // namespace

nb::object take_pending_error() {
  if (g_pending == nullptr || !in_main_thread()) return {};
  PyObject* const error = g_pending;
  g_pending = nullptr;
  return nb::steal(error);
}

void bind_blocking(nb::module_&) {
  (void)interpreter();
  binding::set_wait_hooks({.enter = release_lock,
                           .leave = take_lock,
                           .second_interrupt = interrupt_interpreter,
                           .interrupted = handlers_raised});
  nb::module_::import_("atexit").attr("register")(nb::cpp_function(&begin_exit));
}

}  // namespace wheatstone::python
