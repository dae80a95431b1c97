#include <errno.h>
#include <fmt/core.h>

#include <algorithm>
#include <wheatstone/error.hpp>
#include <wheatstone/session.hpp>

#include "base/text.hpp"
#include "bench/connect.hpp"
#include "session/interrupts.hpp"
#include "session/session_state.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

std::string program_name() { return ::program_invocation_short_name; }

/// A parameter is one column, so that its values are of one kind; integers among floats are floats.
void require_one_kind(std::string_view name, const ParameterValues& values) {
  const auto column_kind = [](const Value& value) {
    return value.kind() == Value::Kind::integer ? Value::Kind::real : value.kind();
  };
  Value first, value;
  values.get(0, first);
  for (std::size_t i = 1; i < values.size(); ++i) {
    values.get(i, value);
    if (column_kind(value) == column_kind(first) || value.is_null()) continue;
    if (first.is_null()) {
      first = value;
      continue;
    }
    throw ConfigurationError(
        fmt::format("parameter '{}' mixes {} and {} (value {}, counted from 0); give values of one kind", name,
                    name_of(first.kind()), name_of(value.kind()), i));
  }
}

/// Errors of closing, thrown as one.
void throw_attached(std::vector<std::string> failures) {
  if (failures.empty()) return;
  CommunicationError error("the session could not be closed safely: " + failures.front());
  for (std::size_t i = 1; i < failures.size(); ++i) error.attach(std::move(failures[i]));
  throw error;
}

}  // namespace

MeasurementSession::MeasurementSession(std::string name, SessionOptions options)
    : state_(std::make_unique<State>(name.empty() ? program_name() : std::move(name), std::move(options))) {}

MeasurementSession::~MeasurementSession() {
  if (!state_->process.in_own_process()) {
    (void)state_.release();  // the parent's; a forked child lets it be
    return;
  }
  try {
    close();
  } catch (const std::exception& error) {
    fmt::print(stderr, "wheatstone: {}\n", error.what());
  }
}

const std::string& MeasurementSession::name() const { return state_->name; }

Instrument& MeasurementSession::connect(std::string_view alias, std::string_view profile, InstrumentOptions options) {
  State& state = *state_;
  state.require_no_run("connect instruments before run()");
  state.require_free_name(alias, "an instrument");
  SessionInstrument entry{.alias = std::string(alias)};
  entry.owned = bench::connect(alias, profile, options, state.simulated_bench(), *state.clock);
  entry.instrument = entry.owned.get();
  state.instruments.push_back(std::move(entry));
  return *state.instruments.back().instrument;
}

Instrument& MeasurementSession::instrument(std::string_view alias) const {
  state_->require_open();
  const SessionInstrument* found = state_->find_instrument(alias);
  if (found != nullptr && found->instrument != nullptr) return *found->instrument;
  const std::vector<std::string> names = instrument_names();
  const std::vector<std::string> near = base::nearest(alias, names);
  throw ConfigurationError(fmt::format(
      "no instrument is called '{}'; {}", alias,
      near.empty() ? "connect it with instrument(alias, profile)" : "did you mean " + base::listed(near) + "?"));
}

std::vector<std::string> MeasurementSession::instrument_names() const {
  std::vector<std::string> names;
  for (const SessionInstrument& entry : state_->instruments) names.push_back(entry.alias);
  return names;
}

void MeasurementSession::refuse_kind(std::string_view alias) const {
  const Instrument& found = *state_->find_instrument(alias)->instrument;
  const std::string message =
      fmt::format("'{}' ({}) is a {}; ask for it as that", alias, found.profile_name(), found.kind());
  std::erase_if(state_->instruments, [&](const SessionInstrument& entry) { return entry.alias == alias; });
  throw ConfigurationError(message);
}

std::size_t MeasurementSession::add_parameter(std::string_view name, std::shared_ptr<const ParameterValues> values,
                                              ParameterOptions options) {
  state_->require_idle();
  state_->require_free_name(name, "a parameter");
  const bool is_listed = values->form() == ParameterValues::Form::listed;
  if (is_listed && values->size() == 0) {
    throw ConfigurationError(fmt::format("parameter '{}' has no values; give it at least one", name));
  }
  if (options.settle.nanoseconds() < 0) {
    throw ConfigurationError(fmt::format("parameter '{}' has a settle time below zero; give a duration", name));
  }
  if (is_listed && !values->one_kind()) require_one_kind(name, *values);
  state_->parameters.push_back({std::string(name), std::move(values), std::move(options)});
  return state_->parameters.size() - 1;
}

void MeasurementSession::constrain(std::string_view name, std::function<bool(const Point&)> holds) {
  binding::add_constraint(*this, name, std::move(holds));
}

void MeasurementSession::add_acquisition(std::string_view name, std::function<Row(const Point&)> measure,
                                         AcquisitionOptions options) {
  binding::add_acquisition(
      *this, std::make_shared<session::FunctionAcquisition>(std::string(name), std::move(measure), std::move(options)));
}

void MeasurementSession::add_derivation(std::string_view name, std::function<Value(const Point&)> compute,
                                        std::string_view unit) {
  auto derive = [key = std::string(name), compute = std::move(compute), unit = Unit(unit)](const Point& point) {
    Value value = compute(point);
    if (!unit.empty()) value.set_unit(unit);
    return Row{{key, std::move(value)}};
  };
  binding::add_derivation(*this, std::make_shared<session::FunctionAcquisition>(std::string(name), std::move(derive)));
}

void MeasurementSession::add_baseline(std::string_view name, std::function<Row(const Point&)> measure,
                                      AcquisitionOptions options) {
  binding::add_baseline(
      *this, std::make_shared<session::FunctionAcquisition>(std::string(name), std::move(measure), std::move(options)));
}

void MeasurementSession::add_hook(bool before, std::optional<std::size_t> parameter,
                                  std::function<void(const Point&)> work) {
  binding::Hook hook{.when = before ? binding::Hook::When::before : binding::Hook::When::after,
                     .work = std::move(work)};
  if (parameter) hook.parameter = state_->parameters.at(*parameter).name;
  hook.name = fmt::format("hook {}", state_->hooks.size() + 1);
  binding::add_hook(*this, std::move(hook));
}

void MeasurementSession::add_task(std::string_view name, std::function<void(std::stop_token)> work, bool takes_stop,
                                  TaskOptions options) {
  binding::add_task(
      *this, {.name = std::string(name), .work = std::move(work), .takes_stop = takes_stop, .every = options.every});
}

Experiment MeasurementSession::run(RunOptions options) {
  State& state = *state_;
  state.require_open();
  session::RunRequest request = state.make_request(options);
  session::check(request);
  state.complete(request);
  const auto control = std::make_shared<session::RunControl>([&state] { state.cancel_waits(); });
  {
    const std::scoped_lock lock(state.mutex);
    if (state.control) throw ConfigurationError("this session is running already; wait for its end, or stop it");
    state.control = control;
    state.runner = std::this_thread::get_id();
  }
  state.progress.reset();
  session::RunResult result;
  std::exception_ptr refused;
  try {
    const session::InterruptScope signals(*control, options.handle_interrupt, state.signals);
    result = session::execute(request, *control, state.progress);
  } catch (...) {
    refused = std::current_exception();
  }
  {
    const std::scoped_lock lock(state.mutex);
    state.control = nullptr;
    state.interrupted = control->interrupted();
    if (result.experiment) state.last = *result.experiment;
  }
  control->close();  // so that no late cancel reaches the instruments after this
  if (control->end() == session::RunControl::End::abort) {
    for (Instrument* const instrument : state.connected()) {
      if (instrument->is_open()) instrument->resume_after_cancel();
    }
  }
  if (refused) std::rethrow_exception(refused);
  state.warn(std::move(result.warnings));
  if (result.error) std::rethrow_exception(result.error);
  return *result.experiment;
}

void MeasurementSession::close() {
  State& state = *state_;
  state.require_own_process();
  if (!state.open) return;
  state.require_no_run("stop it, and close the session when run() has returned");
  state.open = false;
  std::vector<std::string> failures;
  if (state.options.on_close == OnClose::off) failures = session::take_exit(state.safe_steps(false));
  for (SessionInstrument& entry : state.instruments) {
    if (entry.owned) entry.owned->close();
  }
  throw_attached(std::move(failures));
}

}  // namespace v1
}  // namespace wheatstone
