#include <fmt/core.h>

#include <algorithm>
#include <wheatstone/binding.hpp>
#include <wheatstone/error.hpp>

#include "base/blocking.hpp"
#include "base/revocation.hpp"
#include "session/interrupts.hpp"
#include "session/session_state.hpp"

namespace wheatstone {
inline namespace v1 {
namespace binding {
namespace {

/// Puts a named thing among others of its kind: in the place of its namesake where that is wanted, else at the end.
template <class T, class NameOf>
void place(std::vector<T>& among, T thing, bool replace, std::string_view what, NameOf name_of_thing) {
  const std::string& name = name_of_thing(thing);
  if (name.empty()) throw ConfigurationError(fmt::format("{} needs a name", what));
  const auto found = std::ranges::find_if(among, [&](const T& other) { return name_of_thing(other) == name; });
  if (found == among.end()) {
    among.push_back(std::move(thing));
  } else if (replace) {
    *found = std::move(thing);
  } else {
    throw ConfigurationError(fmt::format("{} called '{}' is registered already; rename one", what, name));
  }
}

const std::string& name_of_acquisition(const std::shared_ptr<Acquisition>& acquisition) { return acquisition->name(); }

void check_options(const Acquisition& acquisition) {
  const AcquisitionOptions& options = acquisition.options();
  if (options.samples == 0) {
    throw ConfigurationError(fmt::format("acquisition '{}' takes 0 samples; give at least 1", acquisition.name()));
  }
  if (options.backoff.nanoseconds() < 0) {
    throw ConfigurationError(
        fmt::format("acquisition '{}' has a backoff below zero; give a duration", acquisition.name()));
  }
  if (options.retries == 0 && (options.backoff.nanoseconds() > 0 || options.retry_on)) {
    throw ConfigurationError(
        fmt::format("acquisition '{}' has {} and no retries that it could be for; give it retries", acquisition.name(),
                    options.retry_on ? "errors after which it is tried again (retry_on)" : "a backoff"));
  }
  if (options.interval && options.interval->nanoseconds() <= 0) {
    throw ConfigurationError(fmt::format("the interval of acquisition '{}' is {} s; give one above zero",
                                         acquisition.name(), options.interval->seconds()));
  }
  if (options.interval && options.trigger) {
    throw ConfigurationError(
        fmt::format("acquisition '{}' has an interval and a trigger; it is called by the one or "
                    "the other, so leave one out",
                    acquisition.name()));
  }
  if (options.poll && !options.trigger) {
    throw ConfigurationError(
        fmt::format("acquisition '{}' has a poll time but no trigger to ask; leave it out", acquisition.name()));
  }
  if (options.poll && options.poll->nanoseconds() <= 0) {
    throw ConfigurationError(fmt::format("the trigger of acquisition '{}' is asked every {} s; give a time above zero",
                                         acquisition.name(), options.poll->seconds()));
  }
}

}  // namespace

void set_wait_hooks(WaitHooks hooks) {
  base::set_blocking_hooks({.enter = hooks.enter, .leave = hooks.leave, .interrupted = hooks.interrupted});
  session::set_second_interrupt_hook(hooks.second_interrupt);
}

void add_acquisition(MeasurementSession& session, std::shared_ptr<Acquisition> acquisition, bool replace) {
  session.state().require_idle();
  check_options(*acquisition);
  place(session.state().acquisitions, std::move(acquisition), replace, "an acquisition", name_of_acquisition);
}

void add_derivation(MeasurementSession& session, std::shared_ptr<Acquisition> derivation, bool replace) {
  session.state().require_idle();
  place(session.state().derivations, std::move(derivation), replace, "a derived column", name_of_acquisition);
}

void add_baseline(MeasurementSession& session, std::shared_ptr<Acquisition> baseline, bool replace) {
  session.state().require_idle();
  check_options(*baseline);
  if (baseline->options().interval || baseline->options().trigger) {
    throw ConfigurationError(
        fmt::format("baseline '{}' is measured at the start and the end of a run and has no use "
                    "for an interval or a trigger; leave it out",
                    baseline->name()));
  }
  place(session.state().baselines, std::move(baseline), replace, "a baseline", name_of_acquisition);
}

void add_hook(MeasurementSession& session, Hook hook, bool replace) {
  session.state().require_idle();
  std::vector<Hook>& hooks = session.state().hooks;
  const auto same = std::ranges::find_if(hooks, [&](const Hook& other) {
    return other.name == hook.name && other.when == hook.when && other.parameter == hook.parameter;
  });
  if (same == hooks.end()) {
    hooks.push_back(std::move(hook));
  } else if (replace) {
    *same = std::move(hook);
  } else {
    throw ConfigurationError(
        fmt::format("'{}' is called {} {} already; choose another name", hook.name,
                    hook.when == Hook::When::before ? "before" : "after",
                    hook.parameter.empty() ? std::string("the run") : fmt::format("each '{}'", hook.parameter)));
  }
}

void add_task(MeasurementSession& session, Task task, bool replace) {
  session.state().require_idle();
  if (task.every.nanoseconds() < 0)
    throw ConfigurationError(fmt::format("task '{}' has a pause below zero", task.name));
  place(session.state().tasks, std::move(task), replace, "a task",
        [](const auto& t) -> const std::string& { return t.name; });
}

void add_constraint(MeasurementSession& session, std::string_view name, std::function<bool(const Point&)> holds,
                    bool replace) {
  session.state().require_idle();
  place(session.state().constraints, plan::Constraint{.name = std::string(name), .holds = std::move(holds)}, replace,
        "a constraint", [](const auto& c) -> const std::string& { return c.name; });
}

void remove_parameter(MeasurementSession& session, std::string_view name) {
  std::erase_if(session.state().parameters, [&](const auto& parameter) { return parameter.name == name; });
}

void attach(MeasurementSession& session, std::string_view alias, std::string_view description,
            std::function<void()> make_safe) {
  session.state().require_no_run("attach instruments before run()");
  session.state().require_free_name(alias, "an attached instrument");
  session.state().instruments.push_back(
      {.alias = std::string(alias), .description = std::string(description), .make_safe = std::move(make_safe)});
}

void set_pulse(MeasurementSession& session, std::function<void()> pulse) { session.state().pulse = std::move(pulse); }

void set_launcher(MeasurementSession& session,
                  std::function<void(const std::string& name, std::function<void()> body)> launch) {
  session.state().launch = std::move(launch);
}

bool is_let_go() noexcept { return base::thread_is_revoked(); }

const std::atomic<bool>& any_let_go() noexcept { return base::any_revoked(); }

void set_details(MeasurementSession& session, std::string_view json_object) {
  session.state().details = io::Document::parse(json_object);
}

bool wait(MeasurementSession& session, Duration d, const std::stop_token& stop) {
  base::Clock& clock = *session.state().clock;
  return clock.wait_until(clock.monotonic() + d.nanoseconds(), stop) == base::Clock::Wake::deadline;
}

}  // namespace binding
}  // namespace v1
}  // namespace wheatstone
