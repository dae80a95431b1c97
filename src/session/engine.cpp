// A run from its start to its one exit.

#include "session/engine.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <wheatstone/error.hpp>

#include "base/process.hpp"
#include "base/text.hpp"
#include "session/control_message.hpp"
#include "session/control_server.hpp"
#include "session/loop.hpp"
#include "session/run_document.hpp"
#include "session/verdict.hpp"
#include "storage/run_writer.hpp"

namespace wheatstone::session {
namespace {

storage::Durability durability_of(const RunRequest& request) {
  return request.options.durability == RowDurability::row ? storage::Durability::row : storage::Durability::second;
}

/// A continuation changes nothing that identifies the run; what is other now is told by its segment.
std::unique_ptr<storage::RunWriter> reopen_writer(const RunRequest& request, io::Document settings_before,
                                                  storage::TellOfRun tell) {
  storage::RunContinuation continuation;
  const io::Document now = run_document(request);
  for (const std::string_view key : {"host", "versions", "script"}) {
    if (const io::Document* part = now.find(key)) continuation.segment[key] = *part;
  }
  if (!settings_before.members().empty()) continuation.segment["settings"]["before"] = std::move(settings_before);
  continuation.durability = durability_of(request);
  continuation.tell = std::move(tell);
  return storage::RunWriter::reopen(request.resumption->folder, std::move(continuation), *request.clock,
                                    *request.files);
}

std::unique_ptr<storage::RunWriter> open_writer(const RunRequest& request, io::Document settings_before,
                                                storage::TellOfRun tell) {
  if (request.resumption) return reopen_writer(request, std::move(settings_before), std::move(tell));
  storage::RunStart start;
  start.name = request.name;
  start.details = run_document(request);
  if (!settings_before.members().empty()) start.details["settings"]["before"] = std::move(settings_before);
  start.durability = durability_of(request);
  start.tell = std::move(tell);
  return storage::RunWriter::create(request.store, std::move(start), *request.clock, *request.files);
}

/// Opens the control socket of the run of that id, for run.json. A run goes on without its socket; run.json says why.
io::Document open_control(const std::string& id, RunControl& control, const RunProgress& progress,
                          const base::Clock& clock, std::unique_ptr<ControlServer>& server) {
  io::Document document = io::Document::object();
  try {
    server = std::make_unique<ControlServer>(id, control, progress, clock);
    document = io::Document::object({{"socket", server->path().string()}, {"version", k_control_version}});
  } catch (const std::exception& error) {
    document["error"] = error.what();
  }
  return io::Document::object({{"control", std::move(document)}});
}

/// An event of the exit. A log that cannot be written is one more thing that went wrong, and ends nothing else.
void tell(storage::RunWriter& writer, std::string_view event, io::Document details, Verdict& verdict) {
  try {
    writer.event(event, std::move(details));
  } catch (const StorageError& error) {
    verdict.attached.emplace_back(error.what());
  }
}

/// What waits to be sealed may be gigabytes, and slow media take 2 MB a second; beyond that the medium hangs.
Duration sealing_limit(const RunRequest& request, const storage::RunWriter& writer) {
  constexpr std::uint64_t k_slow = 2'000'000;
  return request.seal_limit.chrono() + std::chrono::seconds(writer.unsealed_bytes() / k_slow);
}

/// Lets the observers see what they have, and tells what became of them. Returns what the user should know.
std::vector<std::string> end_observers(RowObservers& observers, storage::RunWriter& writer, Duration grace,
                                       Verdict& verdict) {
  std::vector<std::string> warnings;
  for (const RowObservers::Ended& ended : observers.end(grace, verdict.state == RunState::aborted)) {
    if (auto warning = warning_of(ended)) warnings.push_back(std::move(*warning));
    tell(writer, "observer", document_of(ended), verdict);
  }
  return warnings;
}

/// What the user should know of a run that ended by itself and has no row.
std::string without_rows(const RunRequest& request) {
  const auto has_trigger = [](const auto& acquisition) { return bool(acquisition->options().trigger); };
  std::string why = "its parameters had no values";
  if (is_timed(request.options) && std::ranges::all_of(request.acquisitions, has_trigger)) {
    why = "no trigger fired while it lasted";
  } else if (request.options.order.kind() == Order::adaptive) {
    why = "the adaptive plan proposed no point";
  } else if (!request.constraints.empty()) {
    std::vector<std::string> names;
    for (const plan::Constraint& constraint : request.constraints) names.push_back(constraint.name);
    why = fmt::format("constraint{} {} left no point", names.size() == 1 ? "" : "s", base::listed(names, "and"));
  }
  return fmt::format("the run '{}' finished without a row: {}", request.name, why);
}

/// Leaves the bench safe after an abnormal end: once, and before anything is waited for that may never end.
class Safety {
 public:
  Safety(const RunRequest& request, Verdict& verdict) : request_(request), verdict_(verdict) {}
  void make_safe() {
    if (std::exchange(is_made_, true)) return;
    for (std::string& failure : take_exit(request_.safe_steps)) verdict_.attached.push_back(std::move(failure));
  }

 private:
  const RunRequest& request_;
  Verdict& verdict_;
  bool is_made_ = false;
};

}  // namespace

RunResult execute(const RunRequest& request, RunControl& control, RunProgress& progress) {
  check(request);
  auto plan = plan_of(request, [&control] { return control.end() != RunControl::End::none; });
  SettingsReport before = request.read_settings ? request.read_settings() : SettingsReport{};
  std::unique_ptr<ControlServer> server;
  const std::shared_ptr<storage::RunWriter> writer =
      open_writer(request, std::move(before.settings),
                  [&](const std::string& id) { return open_control(id, control, progress, *request.clock, server); });
  tell_of(before, *writer);
  control.tell_to([writer](std::string_view event, const io::Document& details) { writer->event(event, details); });
  RowObservers observers;
  Loop loop(request, std::move(plan), *writer, control, progress, observers);
  if (request.resumption) loop.go_on_behind(writer->stored());
  TaskGroup tasks(request.tasks, *request.clock, [&control] { control.task_failed(); });

  const base::ProcessBound process;
  progress.started.store(request.clock->monotonic());
  progress.state.store(RunState::running);
  Verdict verdict;
  {
    const base::ClockParticipant participant(*request.clock);
    observers.start(request.observers);
    tasks.start();
    verdict = run_loop(loop, control);
    if (!process.in_own_process())
      std::rethrow_exception(verdict.error);  // a forked child leaves the run to its parent
    tasks.request_stop();                     // while this thread still holds virtual time
  }

  // The one way out, whatever ended the run.
  if (request.occasion != nullptr) request.occasion->between_runs();
  progress.state.store(RunState::stopping);
  RunResult result;
  Safety safety(request, verdict);
  judge_tasks(tasks.end(request.options.grace, [&safety] { safety.make_safe(); }), request, verdict);
  if (verdict.state != RunState::finished) safety.make_safe();
  if (loop.measurement().measuring()) tell(*writer, "interrupted_point", loop.interrupted_point(), verdict);
  result.warnings = end_observers(observers, *writer, request.options.grace, verdict);
  if (verdict.state == RunState::finished && !verdict.error && writer->row_count() == 0) {
    result.warnings.push_back(without_rows(request));
    tell(*writer, "warning", io::Document::object({{"text", result.warnings.back()}}), verdict);
  }
  if (server) server->close();
  for (std::string& untold : control.stop_telling()) verdict.attached.push_back(std::move(untold));
  const Experiment unsealed = writer->experiment();
  io::Document outcome = outcome_document(verdict.error, verdict.attached);
  if (verdict.state != RunState::finished) {
    io::Document end = outcome;
    end["state"] = name_of(verdict.state);
    end["asked_by"] = control.interrupted() ? "keyboard" : name_of(control.end());
    tell(*writer, "ended_early", std::move(end), verdict);
  }
  if (verdict.state != RunState::aborted) add_settings_after(request.read_settings, *writer, outcome);
  const std::vector<std::string> seal_failures =
      take_exit({{.name = "seal the run in " + writer->folder().string(),
                  .limit = sealing_limit(request, *writer),
                  .work = [writer, state = outcome_of(verdict.state), outcome] { writer->finish(state, outcome); }}});
  verdict.attached.insert(verdict.attached.end(), seal_failures.begin(), seal_failures.end());

  result.experiment = std::make_shared<const Experiment>(seal_failures.empty() ? writer->experiment() : unsealed);
  if (!seal_failures.empty() && !verdict.error) {
    verdict.error = std::make_exception_ptr(StorageError(seal_failures.front() + "; committed rows are on disk"));
    verdict.attached.erase(std::ranges::find(verdict.attached, seal_failures.front()));
    verdict.state = RunState::failed;
  }
  complete_error(verdict, control.interrupted(), result.experiment);
  result.state = verdict.state;
  result.error = verdict.error;
  progress.end(request.clock->monotonic());
  progress.state.store(verdict.state);
  return result;
}

}  // namespace wheatstone::session
