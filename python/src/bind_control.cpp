#include <fmt/core.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <wheatstone/control.hpp>
#include <wheatstone/observer.hpp>
#include <wheatstone/progress.hpp>

#include "bindings.hpp"
#include "python_observer.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

nb::dict parameters_of(const Progress& progress) {
  nb::dict parameters;
  for (const Row::Entry& entry : progress.parameters) parameters[text_of(entry.key)] = object_from(entry.value);
  return parameters;
}

std::optional<double> seconds_left(const Progress& progress) {
  return progress.remaining ? std::optional(progress.remaining->seconds()) : std::nullopt;
}

std::string shown(const Progress& progress) {
  const std::string total = progress.total ? fmt::format(" of {}", *progress.total) : "";
  std::string text = fmt::format("<Progress: {}, {}{} points in {:.3g} s", name_of(progress.state), progress.done,
                                 total, progress.elapsed.seconds());
  if (progress.rate > 0) text += fmt::format(", {:.3g} a second", progress.rate);
  if (progress.remaining) text += fmt::format(", {:.3g} s left", progress.remaining->seconds());
  if (!progress.reason.empty()) text += (progress.state == RunState::paused ? ", held: " : ", ") + progress.reason;
  return text + ">";
}

void bind_progress(nb::module_& module) {
  nb::class_<Progress>(module, "Progress", "How far a run is: a snapshot. Times are on the session's clock.")
      .def_prop_ro(
          "state", [](const Progress& self) { return std::string(name_of(self.state)); },
          "\"preparing\", \"running\", \"paused\", \"stopping\", or how it ended.")
      .def_ro("done", &Progress::done, "Points with a row.")
      .def_ro("total", &Progress::total, "Of the plan; None where it has no known end.")
      .def_prop_ro(
          "elapsed", [](const Progress& self) { return self.elapsed.seconds(); },
          "Seconds since the run began, pauses included.")
      .def_ro("rate", &Progress::rate, "Points per second over the last few seconds; 0 until it is known.")
      .def_prop_ro("remaining", &seconds_left, "Seconds left at that rate; None where it is not known.")
      .def_prop_ro("parameters", &parameters_of, "Values of the point in hand, or the last one, by name.")
      .def_ro("reason", &Progress::reason,
              "Why a condition holds the run, or what a run that is to end waits for; else empty.")
      .def("__repr__", &shown);
}

void bind_observers(nb::module_& module) {
  nb::class_<PythonObserver>(module, "Observer", "A function that sees rows.")
      .def(nb::init<>())
      .def("bind", &PythonObserver::bind, nb::arg("function"), nb::arg("timestamp_as_seconds"))
      .def("unbind", &PythonObserver::unbind);
  nb::class_<ObserverHandle>(module, "ObserverHandle", "What became of an observer.")
      .def_prop_ro("name", [](const ObserverHandle& self) { return said_text(self.name()); })
      .def_prop_ro("seen", &ObserverHandle::seen)
      .def_prop_ro("dropped", &ObserverHandle::dropped)
      .def_prop_ro("error", [](const ObserverHandle& self) { return said_text(self.error()); });
}

void bind_remote_run(nb::module_& module) {
  nb::class_<RemoteRun>(module, "RemoteRun", "A run that lives in another process.")
      .def(nb::init<const std::filesystem::path&>(), nb::arg("folder"))
      .def(
          "request", [](RemoteRun& self, std::string_view action) { return self.request(action_named(action)); },
          nb::arg("action"))
      .def("progress", &RemoteRun::progress)
      .def_prop_ro("id", &RemoteRun::id);
}

}  // namespace

void bind_control(nb::module_& module) {
  bind_progress(module);
  bind_observers(module);
  bind_remote_run(module);
}

}  // namespace wheatstone::python
