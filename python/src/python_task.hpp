#pragma once
// A task that is a Python function, on a thread of Python's own.

#include <nanobind/nanobind.h>

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <wheatstone/binding.hpp>
#include <wheatstone/session.hpp>

namespace wheatstone::python {

namespace nb = nanobind;

/// Looks like threading.Event to a task; its waits are on the session's clock, and it keeps the session alive. Made,
/// copied and destroyed with the interpreter's lock held.
class StopEvent {
 public:
  StopEvent(nb::object session, std::stop_token stop) : session_(std::move(session)), stop_(std::move(stop)) {}

  [[nodiscard]] bool is_set() const { return stop_.stop_requested(); }
  /// True where the stop was requested before `timeout` had passed.
  bool wait(std::optional<double> timeout) const;

 private:
  nb::object session_;
  std::stop_token stop_;
};

/// A function and the arguments that it is called with, held from bind() to unbind() only, as in PythonAcquisition; a
/// task that outlives its run goes on with those it has. Everything here needs the interpreter's lock; the destructor
/// takes it.
class PythonTask {
 public:
  explicit PythonTask(bool takes_stop_event) : takes_stop_event_(takes_stop_event) {}
  ~PythonTask();
  PythonTask(const PythonTask&) = delete;
  PythonTask& operator=(const PythonTask&) = delete;

  [[nodiscard]] bool takes_stop_event() const { return takes_stop_event_; }
  /// Arguments by name, `stop_event` excepted.
  void bind(nb::object function, nb::dict arguments);
  void unbind();
  /// Does nothing where it has been unbound: a thread that began after its run had ended.
  void call(MeasurementSession& session, const std::stop_token& stop) const;

 private:
  nb::object function_;
  nb::object arguments_;
  bool takes_stop_event_;
};

/// Calls `body` on a daemon thread of the module threading, of that name, which keeps the session alive while it runs.
void launch(MeasurementSession& session, const std::string& name, std::function<void()> body);

/// Runs on a daemon thread of the module threading, named after the task, which keeps the session alive while it runs.
[[nodiscard]] binding::Task make_task(MeasurementSession& session, const std::string& name,
                                      std::shared_ptr<PythonTask> task, Duration every);

void bind_task(nb::module_& module);

}  // namespace wheatstone::python
