#include "session/verdict.hpp"

#include <fmt/core.h>

#include <wheatstone/error.hpp>

#include "session/run_document.hpp"

namespace wheatstone::session {
namespace {

/// Wraps what an acquisition or a derived column threw.
std::exception_ptr failed_acquisition(const Loop& loop, std::exception_ptr cause) {
  MeasurementError error(fmt::format("{} failed at {}: {}; rows kept: {}", loop.measurement().source(),
                                     text_of_place(loop.point()), text_of(cause), loop.point().index));
  error.set_cause(std::move(cause));
  Row parameters;
  for (std::size_t k = 0; k < loop.point().names.size(); ++k) {
    parameters.push_back({loop.point().names[k], loop.point().values[k]});
  }
  error.set_point(loop.point().index, std::make_shared<const Row>(std::move(parameters)));
  return std::make_exception_ptr(std::move(error));
}

}  // namespace

Verdict run_loop(Loop& loop, RunControl& control) {
  Verdict verdict;
  try {
    loop.run();
  } catch (...) {
    verdict.error = std::current_exception();
  }
  verdict.attached = loop.leave_levels();
  const bool ended_well = !verdict.error && verdict.attached.empty();
  try {
    if (ended_well) loop.measure_end();
  } catch (...) {
    verdict.error = std::current_exception();
  }
  switch (control.end()) {
    case RunControl::End::none:
      break;
    case RunControl::End::stop:
      verdict.state = RunState::stopped;
      break;
    case RunControl::End::task_failed:
      verdict.state = RunState::failed;
      break;
    case RunControl::End::abort:
      // What the point in progress threw is the abort itself at work.
      verdict.state = RunState::aborted;
      if (verdict.error) verdict.attached.push_back("the point in progress ended with: " + text_of(verdict.error));
      verdict.error = nullptr;
      return verdict;
  }
  if (!verdict.attached.empty()) verdict.state = RunState::failed;
  if (verdict.error) {
    verdict.state = RunState::failed;
    if (loop.measurement().measuring()) {
      verdict.error = failed_acquisition(loop, verdict.error);
      for (std::string& sentence : loop.measurement().failed_too()) verdict.attached.push_back(std::move(sentence));
    }
  }
  return verdict;
}

void judge_tasks(const TaskGroup::Ended& ended, const RunRequest& request, Verdict& verdict) {
  for (const TaskGroup::Failure& failure : ended.failures) {
    // After an abort, tasks end with the cancelled wait; that is no failure of theirs.
    if (verdict.state == RunState::aborted) {
      verdict.attached.push_back(fmt::format("task '{}' ended with: {}", failure.name, text_of(failure.error)));
      continue;
    }
    verdict.state = RunState::failed;
    if (verdict.error) {
      verdict.attached.push_back(fmt::format("task '{}' failed too: {}", failure.name, text_of(failure.error)));
      continue;
    }
    MeasurementError error(fmt::format("task '{}' failed: {}; the run was ended and its rows are kept", failure.name,
                                       text_of(failure.error)));
    error.set_cause(failure.error);
    verdict.error = std::make_exception_ptr(std::move(error));
  }
  for (const std::string& name : ended.stuck) {
    const std::string sentence = fmt::format(
        "task '{}' did not end within its grace of {:g} s after its stop was requested; look at stop_event (or the "
        "stop token) in its loops",
        name, request.options.grace.seconds());
    verdict.state = verdict.state == RunState::aborted ? verdict.state : RunState::failed;
    if (verdict.error || verdict.state == RunState::aborted) {
      verdict.attached.push_back(sentence);
    } else {
      verdict.error = std::make_exception_ptr(MeasurementError(sentence));
    }
  }
}

storage::Outcome outcome_of(RunState state) {
  switch (state) {
    case RunState::finished:
      return storage::Outcome::finished;
    case RunState::stopped:
      return storage::Outcome::stopped;
    case RunState::aborted:
      return storage::Outcome::aborted;
    default:
      return storage::Outcome::failed;
  }
}

void complete_error(Verdict& verdict, bool interrupted, const std::shared_ptr<const Experiment>& experiment) {
  if (verdict.error && interrupted) {  // the user's Ctrl-C comes first; a script must not go on
    verdict.attached.insert(verdict.attached.begin(), text_of(verdict.error));
    verdict.error = nullptr;
  }
  if (!verdict.error && (verdict.state == RunState::aborted || interrupted)) {
    verdict.error = std::make_exception_ptr(Interrupted(
        fmt::format("the run was {}; {} kept in {}", interrupted ? "interrupted" : "aborted",
                    experiment->row_count() == 1 ? "1 row is" : fmt::format("{} rows are", experiment->row_count()),
                    experiment->folder().string())));
  }
  if (!verdict.error && !verdict.attached.empty()) {
    verdict.error = std::make_exception_ptr(MeasurementError(verdict.attached.front()));
    verdict.attached.erase(verdict.attached.begin());
  }
  if (!verdict.error) return;
  try {
    std::rethrow_exception(verdict.error);
  } catch (Error& error) {
    for (const std::string& sentence : verdict.attached) error.attach(sentence);
    if (auto* measurement = dynamic_cast<MeasurementError*>(&error)) measurement->set_experiment(experiment);
    verdict.error = std::current_exception();
  } catch (...) {  // no error of ours: stays as it is
  }
}

}  // namespace wheatstone::session
