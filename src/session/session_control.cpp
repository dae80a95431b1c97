// What may be asked of a session while it runs, and who looks on.

#include <fmt/core.h>

#include <algorithm>
#include <wheatstone/binding.hpp>
#include <wheatstone/error.hpp>
#include <wheatstone/session.hpp>

#include "session/interrupts.hpp"
#include "session/session_state.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

/// A condition in C++.
class FunctionCondition final : public binding::Condition {
 public:
  explicit FunctionCondition(std::function<bool()> condition) : condition_(std::move(condition)) {}
  bool holds(const Point&) override { return condition_(); }

 private:
  const std::function<bool()> condition_;
};

}  // namespace

// Where nothing runs, there is nothing to end or hold.
void MeasurementSession::stop() { state_->ask(Action::stop, session::origin_of_this_thread()); }
void MeasurementSession::abort() { state_->ask(Action::abort, session::origin_of_this_thread()); }
void MeasurementSession::pause() { state_->ask(Action::pause, session::origin_of_this_thread()); }
void MeasurementSession::resume() { state_->ask(Action::resume, session::origin_of_this_thread()); }

void MeasurementSession::step() {
  const session::RunControl::Answer answer = state_->ask(Action::step, session::origin_of_this_thread());
  if (!answer.accepted) throw ConfigurationError(answer.sentence);
}

Progress MeasurementSession::progress() const {
  state_->require_own_process();
  std::shared_ptr<session::RunControl> control;
  {
    const std::scoped_lock lock(state_->mutex);
    control = state_->control;
  }
  return state_->progress.snapshot(*state_->clock, control && control->end() != session::RunControl::End::none);
}

std::optional<Experiment> MeasurementSession::data() const {
  state_->require_own_process();
  const std::scoped_lock lock(state_->mutex);
  return state_->last;
}

bool MeasurementSession::sleep(Duration d) {
  state_->require_own_process();
  std::stop_token stop;
  {
    const std::scoped_lock lock(state_->mutex);
    if (state_->control) {
      const bool in_the_loop = state_->runner == std::this_thread::get_id();
      stop = in_the_loop ? state_->control->abort_token() : state_->control->token();
    }
  }
  return binding::wait(*this, d, stop);
}

ObserverHandle MeasurementSession::on_row(std::function<void(const Row&)> observer, ObserverOptions options) {
  return binding::add_observer(*this,
                               {.name = std::move(options.name), .queue = options.queue, .see = std::move(observer)});
}

void MeasurementSession::suspend_when(std::function<bool()> condition, SuspensionOptions options) {
  binding::add_condition(*this, std::make_shared<FunctionCondition>(std::move(condition)), std::move(options));
}

void MeasurementSession::on_signal(int signal, Action action) {
  state_->require_idle();
  session::require_usable(signal);
  std::erase_if(state_->signals, [&](const session::SignalAction& other) { return other.signal == signal; });
  state_->signals.push_back({signal, action});
}

namespace binding {

Condition::~Condition() = default;

ObserverHandle add_observer(MeasurementSession& session, Observer observer) {
  MeasurementSession::State& state = session.state();
  state.require_idle();
  if (observer.queue == 0) throw ConfigurationError("an observer's queue holds no row; give it at least 1");
  if (observer.name.empty()) observer.name = fmt::format("observer {}", state.observers.size() + 1);
  state.observers.push_back(session::make_observer(std::move(observer)));
  return ObserverHandle(state.observers.back());
}

void add_condition(MeasurementSession& session, std::shared_ptr<Condition> condition, SuspensionOptions options) {
  MeasurementSession::State& state = session.state();
  state.require_idle();
  if (options.reason.empty()) options.reason = fmt::format("condition {}", state.conditions.size() + 1);
  if (options.every.nanoseconds() <= 0) {
    throw ConfigurationError(fmt::format("the condition '{}' would be looked at every {:g} s; give a time above zero",
                                         options.reason, options.every.seconds()));
  }
  state.conditions.push_back({std::move(condition), std::move(options)});
}

void ask(MeasurementSession& session, Action action, std::string_view thread) {
  const session::RunControl::Answer answer = session.state().ask(action, session::origin_of_this_thread(thread));
  if (!answer.accepted && action == Action::step) throw ConfigurationError(answer.sentence);
}

bool was_interrupted(MeasurementSession& session) {
  const std::scoped_lock lock(session.state().mutex);
  return session.state().interrupted;
}

void keep_warnings(MeasurementSession& session) { session.state().kept_warnings.emplace(); }

std::vector<std::string> take_warnings(MeasurementSession& session) {
  auto& kept = session.state().kept_warnings;
  return kept ? std::exchange(*kept, {}) : std::vector<std::string>{};
}

}  // namespace binding
}  // namespace v1
}  // namespace wheatstone
