#include <fmt/core.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/function.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/bench.hpp>
#include <wheatstone/binding.hpp>
#include <wheatstone/error.hpp>
#include <wheatstone/session.hpp>

#include <chrono>
#include <cstdint>
#include <utility>

#include "arguments.hpp"
#include "bindings.hpp"
#include "parameter_values.hpp"
#include "python_acquisition.hpp"
#include "python_call.hpp"
#include "python_observer.hpp"
#include "python_plan.hpp"
#include "python_settle.hpp"
#include "python_task.hpp"
#include "python_values.hpp"
#include "raised_in_python.hpp"
#include "text.hpp"

namespace wheatstone::python {
namespace {

using Session = MeasurementSession;
using Class = nb::class_<Session>;

template <class Enumeration>
Enumeration chosen(std::string_view word, std::string_view what,
                   std::initializer_list<std::pair<std::string_view, Enumeration>> words) {
  std::string names;
  for (const auto& [name, value] : words) {
    if (name == word) return value;
    names += (names.empty() ? "'" : " or '") + std::string(name) + "'";
  }
  throw ConfigurationError(fmt::format("{}='{}' is not known; give {}", what, word, names));
}

void make_session(Session* self, const std::string& name, const std::string& description,
                  const std::filesystem::path& store, Bench* bench, std::uint64_t seed, const std::string& pace,
                  std::string_view on_close, bool read_settings) {
  new (self) Session(
      name, {.description = description,
             .store = store,
             .bench = bench,
             .seed = seed,
             .pace = pace,
             .on_close = chosen<OnClose>(on_close, "on_close", {{"off", OnClose::off}, {"leave", OnClose::leave}}),
             .read_settings = read_settings});
}

Instrument& connect(Session& self, std::string_view alias, std::string_view profile, std::optional<bool> simulate,
                    const std::string& address, double timeout, bool shared, const std::string& serial_number) {
  return self.instrument(alias, profile,
                         {.simulate = simulate,
                          .address = address,
                          .timeout = seconds_from(timeout, "a timeout"),
                          .shared = shared,
                          .serial_number = serial_number});
}

std::size_t add_parameter(Session& self, std::string_view name, nb::handle values, const std::string& unit,
                          const std::string& notes, double settle, const PythonStability* rest) {
  if (nb::isinstance<PythonDependent>(values)) nb::cast<PythonDependent&>(values).belong_to(self);
  ParameterOptions options{.unit = unit, .notes = notes, .settle = seconds_from(settle, "a settle time")};
  if (rest != nullptr) {
    if (rest->call) rest->call->belong_to(self);
    options.settle = Settle(options.settle.time(), rest->stable);
  }
  return self.add_parameter(name, parameter_values(name, values), options);
}

void add_hook(Session& self, bool before, const std::string& parameter, const std::string& name,
              std::shared_ptr<PythonCall> call, bool replace) {
  call->belong_to(self);
  binding::add_hook(self,
                    {.when = before ? binding::Hook::When::before : binding::Hook::When::after,
                     .parameter = parameter,
                     .name = name,
                     .work = [call](const Point& point) { (void)called(*call, point); }},
                    replace);
}

std::optional<Duration> optional_seconds(std::optional<double> seconds, std::string_view what) {
  if (!seconds) return std::nullopt;
  return seconds_from(*seconds, what);
}

// After a second Ctrl-C the interpreter has its own interrupt pending; it is this run's, which raises it once.
void take_pending_interrupt() {
  if (PyErr_CheckSignals() == 0) return;
  if (PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) == 0) throw nb::python_error();
  PyErr_Clear();
}

void add_notes(nb::handle raised, const Error& error) {
  for (const std::string& note : error.attached()) raised.attr("add_note")(sentence_of(note));
}

// SystemExit and its like are no Exception, and so no failure of a measurement: they go on as themselves.
void pass_on_if_no_failure(const MeasurementError& error) {
  if (!error.cause()) return;
  try {
    std::rethrow_exception(error.cause());
  } catch (const RaisedInPython& cause) {
    const nb::object raised = cause.value();
    if (PyObject_IsInstance(raised.ptr(), PyExc_Exception) != 0) return;
    if (PyObject_IsInstance(raised.ptr(), PyExc_KeyboardInterrupt) != 0) return;
    add_notes(raised, error);
    throw;
  } catch (...) {  // an error of the library's own
  }
}

Experiment run(Session& self, std::optional<double> duration, std::optional<double> interval,
               std::optional<std::uint64_t> count, bool cycle, std::string_view overrun, std::optional<bool> precise,
               std::string_view durability, bool handle_interrupt, double grace, nb::handle order,
               std::optional<std::uint64_t> order_seed, std::uint64_t repeat, nb::object until,
               bool timestamp_as_seconds, bool parallel, const std::string& resume) {
  RunOptions options{
      .duration = optional_seconds(duration, "a duration"),
      .interval = optional_seconds(interval, "an interval"),
      .count = count,
      .cycle = cycle,
      .overrun = chosen<Overrun>(overrun, "overrun", {{"skip", Overrun::skip}, {"catch_up", Overrun::catch_up}}),
      .precise = precise,
      .durability = chosen<RowDurability>(durability, "durability",
                                          {{"second", RowDurability::second}, {"row", RowDurability::row}}),
      .handle_interrupt = handle_interrupt,
      .grace = seconds_from(grace, "a grace"),
      .order = order_from(order, self),
      .order_seed = order_seed,
      .repeat = repeat,
      .resume = resume,
      .until = until_from(std::move(until), timestamp_as_seconds, self),
      .parallel = parallel};
  try {
    return self.run(options);
  } catch (const Interrupted& interrupted) {
    if (handle_interrupt) take_pending_interrupt();
    if (!take_keyboard_interrupt()) throw;
    const nb::object raised = nb::borrow(PyExc_KeyboardInterrupt)(sentence_of(interrupted.what()));
    add_notes(raised, interrupted);
    PyErr_SetObject(PyExc_KeyboardInterrupt, raised.ptr());
    throw nb::python_error();
  } catch (const MeasurementError& error) {
    pass_on_if_no_failure(error);
    throw;
  }
}

Preview preview(Session& self, std::optional<double> duration, std::optional<double> interval,
                std::optional<std::uint64_t> count, bool cycle, nb::handle order,
                std::optional<std::uint64_t> order_seed, std::uint64_t repeat, std::size_t rows,
                std::optional<double> seconds_per_point) {
  return self.preview({.duration = optional_seconds(duration, "a duration"),
                       .interval = optional_seconds(interval, "an interval"),
                       .count = count,
                       .cycle = cycle,
                       .order = order_from(order, self),
                       .order_seed = order_seed,
                       .repeat = repeat},
                      {.rows = rows, .per_point = optional_seconds(seconds_per_point, "a point")});
}

nb::list dicts_from(const std::vector<Row>& rows) {
  nb::list dicts;
  for (const Row& row : rows) dicts.append(dict_from(row, false));
  return dicts;
}

void bind_preview(nb::module_& module) {
  nb::class_<Preview>(module, "Preview", "What a run would do.")
      .def(nb::init<>())
      .def_ro("points", &Preview::points)
      .def_ro("parameters", &Preview::parameters)
      .def_prop_ro("first", [](const Preview& self) { return dicts_from(self.first); })
      .def_prop_ro("last", [](const Preview& self) { return dicts_from(self.last); })
      .def_prop_ro("seconds",
                   [](const Preview& self) -> std::optional<double> {
                     if (!self.time) return std::nullopt;
                     return self.time->seconds();
                   })
      .def_ro("time_is", &Preview::time_is)
      .def_rw("refused", &Preview::refused)
      .def("__str__", &Preview::text);
}

// Other threads of Python get their turn, and handlers of other signals run. A thread that waits for the interpreter
// asks for it once its switch interval, 5 ms, has passed without a sign; to give way more often would wake it each
// time, in vain, and starve it.
void give_way() {
  constexpr std::int64_t k_between = 15'000'000;  // nanoseconds
  static thread_local std::int64_t gave_way_at = 0;
  const std::int64_t now = std::chrono::steady_clock::now().time_since_epoch().count();
  if (now - gave_way_at > k_between) {
    gave_way_at = now;
    const nb::gil_scoped_release released;
  }
  if (PyErr_CheckSignals() != 0) throw nb::python_error();
}

void bind_instruments(Class& session) {
  session
      .def("connect", &connect, nb::arg("alias"), nb::arg("profile"), nb::arg("simulate") = nb::none(),
           nb::arg("address") = "", nb::arg("timeout") = 5.0, nb::arg("shared") = false, nb::arg("serial_number") = "",
           nb::rv_policy::reference_internal)
      .def(
          "instrument", [](Session& self, std::string_view alias) -> Instrument& { return self.instrument(alias); },
          nb::arg("alias"), nb::rv_policy::reference_internal)
      .def_prop_ro("instrument_names", &Session::instrument_names)
      .def(
          "attach",
          [](Session& self, std::string_view alias, std::string_view description, std::function<void()> make_safe) {
            binding::attach(self, alias, description, std::move(make_safe));
          },
          nb::arg("alias"), nb::arg("description"), nb::arg("safe") = nb::none());
}

void bind_registering(Class& session) {
  session
      .def("add_parameter", &add_parameter, nb::arg("name"), nb::arg("values").none(), nb::arg("unit"),
           nb::arg("notes"), nb::arg("settle"), nb::arg("rest").none())
      .def(
          "remove_parameter", [](Session& self, std::string_view name) { binding::remove_parameter(self, name); },
          nb::arg("name"))
      .def(
          "add_constraint",
          [](Session& self, std::string_view name, std::shared_ptr<PythonCall> constraint, bool replace) {
            constraint->belong_to(self);
            binding::add_constraint(
                self, name, [constraint](const Point& point) { return is_true(*constraint, point); }, replace);
          },
          nb::arg("name"), nb::arg("constraint"), nb::arg("replace"))
      .def(
          "add_acquisition",
          [](Session& self, std::shared_ptr<PythonAcquisition> acquisition, bool replace) {
            acquisition->belong_to(self);
            binding::add_acquisition(self, std::move(acquisition), replace);
          },
          nb::arg("acquisition"), nb::arg("replace"))
      .def(
          "add_derivation",
          [](Session& self, std::shared_ptr<PythonDerivation> derivation, bool replace) {
            derivation->belong_to(self);
            binding::add_derivation(self, std::move(derivation), replace);
          },
          nb::arg("derivation"), nb::arg("replace"))
      .def(
          "add_baseline",
          [](Session& self, std::shared_ptr<PythonAcquisition> baseline, bool replace) {
            baseline->belong_to(self);
            binding::add_baseline(self, std::move(baseline), replace);
          },
          nb::arg("baseline"), nb::arg("replace"))
      .def("add_hook", &add_hook, nb::arg("before"), nb::arg("parameter"), nb::arg("name"), nb::arg("call"),
           nb::arg("replace"))
      .def(
          "add_task",
          [](nb::handle_t<Session> self, const std::string& name, const std::shared_ptr<PythonTask>& task, double every,
             bool replace) {
            auto& session_of_task = nb::cast<Session&>(self);
            binding::add_task(session_of_task, make_task(session_of_task, name, task, seconds_from(every, "every")),
                              replace);
          },
          nb::arg("name"), nb::arg("task"), nb::arg("every"), nb::arg("replace"))
      .def(
          "set_details", [](Session& self, std::string_view json) { binding::set_details(self, json); },
          nb::arg("json"));
}

class CalledCondition final : public binding::Condition {
 public:
  explicit CalledCondition(std::shared_ptr<PythonCall> call) : call_(std::move(call)) {}
  bool holds(const Point& next) override { return is_true(*call_, next); }

 private:
  std::shared_ptr<PythonCall> call_;
};

void bind_watching(Class& session) {
  session.def(
      "add_observer",
      [](Session& self, const std::string& name, std::size_t queue, const std::shared_ptr<PythonObserver>& observer) {
        return binding::add_observer(self, make_observer(name, queue, observer));
      },
      nb::arg("name"), nb::arg("queue"), nb::arg("observer"));
  session.def(
      "add_condition",
      [](Session& self, std::shared_ptr<PythonCall> condition, const std::string& reason, double every) {
        condition->belong_to(self);
        binding::add_condition(self, std::make_shared<CalledCondition>(std::move(condition)),
                               {.reason = reason, .every = seconds_from(every, "every")});
      },
      nb::arg("condition"), nb::arg("reason"), nb::arg("every"));
}

void bind_running(Class& session) {
  session
      .def("run", &run, nb::arg("duration").none(), nb::arg("interval").none(), nb::arg("count").none(),
           nb::arg("cycle"), nb::arg("overrun"), nb::arg("precise").none(), nb::arg("durability"),
           nb::arg("handle_interrupt"), nb::arg("grace"), nb::arg("order"), nb::arg("order_seed").none(),
           nb::arg("repeat"), nb::arg("until").none(), nb::arg("timestamp_as_seconds"), nb::arg("parallel"),
           nb::arg("resume"))
      .def("preview", &preview, nb::arg("duration").none(), nb::arg("interval").none(), nb::arg("count").none(),
           nb::arg("cycle"), nb::arg("order"), nb::arg("order_seed").none(), nb::arg("repeat"), nb::arg("rows"),
           nb::arg("seconds_per_point").none())
      .def(
          "ask",
          [](Session& self, std::string_view action, std::string_view thread) {
            binding::ask(self, action_named(action), thread);
          },
          nb::arg("action"), nb::arg("thread"))
      .def(
          "on_signal",
          [](Session& self, int number, std::string_view action) { self.on_signal(number, action_named(action)); },
          nb::arg("number"), nb::arg("action"))
      .def("was_interrupted", [](Session& self) { return binding::was_interrupted(self); })
      .def("take_warnings", [](Session& self) { return binding::take_warnings(self); })
      .def("progress", &Session::progress)
      .def("data", &Session::data)
      .def(
          "sleep", [](Session& self, double seconds) { return self.sleep(seconds_from(seconds, "a sleep")); },
          nb::arg("seconds"))
      .def("close", &Session::close)
      .def_prop_ro("name", &Session::name);
}

}  // namespace

void bind_session(nb::module_& module) {
  bind_preview(module);
  bind_task(module);
  Class session(module, "Session", "The native part of wheatstone.measurements.MeasurementSession.");
  session.def(
      "__init__",
      [](Session* self, const std::string& name, const std::string& description, const std::filesystem::path& store,
         Bench* bench, std::uint64_t seed, const std::string& pace, std::string_view on_close, bool read_settings) {
        make_session(self, name, description, store, bench, seed, pace, on_close, read_settings);
        binding::set_pulse(*self, give_way);
        binding::keep_warnings(*self);
        binding::set_launcher(*self, [self](const std::string& thread, std::function<void()> body) {
          launch(*self, thread, std::move(body));
        });
      },
      nb::arg("name"), nb::arg("description"), nb::arg("store"), nb::arg("bench").none(), nb::arg("seed"),
      nb::arg("pace"), nb::arg("on_close"), nb::arg("read_settings") = true, nb::keep_alive<1, 5>());
  bind_instruments(session);
  bind_registering(session);
  bind_watching(session);
  bind_running(session);
}

}  // namespace wheatstone::python
