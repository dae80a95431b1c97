#include "python_task.hpp"

#include <nanobind/stl/function.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <functional>
#include <tuple>

#include "arguments.hpp"
#include "bindings.hpp"
#include "interpreter.hpp"
#include "raised_in_python.hpp"
#include "text.hpp"

namespace wheatstone::python {

bool StopEvent::wait(std::optional<double> timeout) const {
  if (is_set()) return true;  // also after the session was closed, whose clock stands still then
  auto& session = nb::cast<MeasurementSession&>(session_);
  if (timeout) {
    if (*timeout > 0) (void)binding::wait(session, seconds_from(*timeout, "a timeout"), stop_);
    return is_set();
  }
  while (binding::wait(session, std::chrono::hours(1), stop_)) {
  }
  return true;
}

PythonTask::~PythonTask() {
  const nb::gil_scoped_acquire held;
  unbind();
}

void PythonTask::bind(nb::object function, nb::dict arguments) {
  function_ = std::move(function);
  arguments_ = std::move(arguments);
}

void PythonTask::unbind() {
  function_.reset();
  arguments_.reset();
}

void PythonTask::call(MeasurementSession& session, const std::stop_token& stop) const {
  const nb::object function = function_;  // held here too: the run may give up on this task and unbind it
  if (!function.is_valid()) return;
  nb::dict arguments = nb::borrow<nb::dict>(arguments_.attr("copy")());
  if (takes_stop_event_) arguments["stop_event"] = nb::cast(StopEvent(nb::find(session), stop));
  if (!nb::steal(call_with(function.ptr(), nb::tuple().ptr(), arguments.ptr())).is_valid()) {
    throw RaisedInPython(nb::python_error());
  }
}

void launch(MeasurementSession& session, const std::string& name, std::function<void()> body) {
  const nb::object thread = nb::module_::import_("threading").attr("Thread");
  // It may outlive its run and everybody else's interest in the session.
  thread(nb::arg("target") = nb::cpp_function([body = std::move(body)](nb::handle) { body(); }),
         nb::arg("args") = nb::make_tuple(nb::find(session)), nb::arg("name") = text_of(name), nb::arg("daemon") = true)
      .attr("start")();
}

binding::Task make_task(MeasurementSession& session, const std::string& name, std::shared_ptr<PythonTask> task,
                        Duration every) {
  binding::Task made;
  made.name = name;
  made.takes_stop = task->takes_stop_event();
  made.every = every;
  made.work = [&session, task](const std::stop_token& stop) { task->call(session, stop); };
  made.launch = [&session, name](std::function<void()> body) { launch(session, name, std::move(body)); };
  return made;
}

void bind_task(nb::module_& module) {
  nb::class_<PythonTask>(module, "Task", "A function that runs beside the acquisitions.")
      .def(nb::init<bool>(), nb::arg("takes_stop_event"))
      .def("unbind", &PythonTask::unbind)
      .def("bind", &PythonTask::bind, nb::arg("function"), nb::arg("arguments"));
  nb::class_<StopEvent>(module, "StopEvent", "Tells a task to end. Its waits are on the session's clock.")
      .def("is_set", &StopEvent::is_set, "Whether the task has to end.")
      .def("wait", &StopEvent::wait, nb::arg("timeout") = nb::none(),
           "True where the stop came within `timeout` seconds.")
      .def("__bool__", [](const StopEvent&) { return true; });
}

}  // namespace wheatstone::python
