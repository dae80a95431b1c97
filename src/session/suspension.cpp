#include "session/suspension.hpp"

#include <fmt/core.h>

#include <wheatstone/error.hpp>

#include "session/exit_steps.hpp"
#include "session/run_document.hpp"

namespace wheatstone::session {

Suspension::Suspension(const std::vector<SuspensionDefinition>& definitions, base::Clock& clock, RunControl& control,
                       RunProgress& progress, Teller tell)
    : clock_(clock), control_(control), progress_(progress), tell_(std::move(tell)) {
  for (const SuspensionDefinition& definition : definitions) watched_.push_back({&definition, INT64_MIN});
}

bool Suspension::holds(Watched& watched, const Point& next) const {
  std::exception_ptr cause;
  bool held = false;
  try {
    held = watched.definition->condition->holds(next);
  } catch (...) {
    cause = std::current_exception();
  }
  watched.due = clock_.monotonic() + watched.definition->options.every.nanoseconds();
  if (!cause) return held;
  MeasurementError error(fmt::format("the condition '{}' of suspend_when failed before {}: {}; rows kept: {}",
                                     watched.definition->options.reason, text_of_place(next.data()), text_of(cause),
                                     next.index()));
  error.set_cause(cause);
  throw error;
}

void Suspension::wait_for(Watched& watched, const Point& next) {
  const std::string& reason = watched.definition->options.reason;
  const std::int64_t since = clock_.monotonic();
  progress_.hold(RunState::paused, reason);
  tell_("suspended", io::Document::object({{"reason", reason}, {"index", next.index()}}));
  const auto told_of_end = [&] {
    tell_("suspension_ended",
          io::Document::object(
              {{"reason", reason}, {"duration_s", static_cast<double>(clock_.monotonic() - since) * 1e-9}}));
    progress_.go_on();
  };
  try {
    do {
      if (clock_.wait_until(watched.due, control_.token()) == base::Clock::Wake::stopped) break;
    } while (holds(watched, next));
  } catch (...) {
    told_of_end();
    throw;
  }
  told_of_end();
}

bool Suspension::wait_while_held(const Point& next) {
  bool waited = false;
  const std::int64_t now = clock_.monotonic();
  for (Watched& watched : watched_) {
    if (watched.due > now || !holds(watched, next)) continue;
    wait_for(watched, next);
    waited = true;
    if (control_.end() != RunControl::End::none) break;
  }
  return waited;
}

}  // namespace wheatstone::session
