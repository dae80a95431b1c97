#pragma once
// The one loop that all runs share: points that are due at once (a sweep) or on a grid in time (a timed run).

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <wheatstone/session.hpp>

#include "base/clock.hpp"
#include "io/document.hpp"
#include "io/file.hpp"
#include "plan/make_plan.hpp"
#include "session/acquisition.hpp"
#include "session/exit_steps.hpp"
#include "session/resumption.hpp"
#include "session/row_observers.hpp"
#include "session/run_control.hpp"
#include "session/run_progress.hpp"
#include "session/settings.hpp"
#include "session/suspension.hpp"
#include "session/task.hpp"
#include "simulation/occasion.hpp"

namespace wheatstone::session {

/// A parameter as registered.
struct ParameterDefinition {
  std::string name;
  std::shared_ptr<const ParameterValues> values;
  ParameterOptions options;
};

/// All that a run needs. Filled by the session, whatever language it is used from.
struct RunRequest {
  std::string name;
  std::string description;
  std::vector<ParameterDefinition> parameters;
  std::vector<std::shared_ptr<Acquisition>> acquisitions;
  std::vector<std::shared_ptr<Acquisition>> derivations;  ///< computed from the row, after the acquisitions
  std::vector<std::shared_ptr<Acquisition>> baselines;    ///< before the first point and after the last
  std::vector<binding::Hook> hooks;                       ///< at the levels of the sweep
  std::vector<Task> tasks;
  std::vector<ObserverPointer> observers;
  std::vector<SuspensionDefinition> conditions;
  RunOptions options;
  std::vector<plan::Constraint> constraints;
  std::filesystem::path store;
  std::optional<Resumption> resumption;      ///< the stored run that is gone on with
  simulation::Occasion* occasion = nullptr;  ///< of the simulated bench; null without one
  std::uint64_t run_on_bench = 0;            ///< which run on that bench this is
  io::Document details;                      ///< instruments, bench, script: merged into run.json
  SettingsReader read_settings = {};         ///< may be empty; asked before the run's folder is made, and at its end
  std::vector<ExitStep> safe_steps;          ///< leave the bench safe: taken after any abnormal end, in order
  Duration seal_limit = std::chrono::seconds(60);  ///< how long sealing may take at the end
  std::vector<std::string> aliases = {};  ///< of the session's instruments, for acquisitions that say what they use
  std::function<void(const std::string& name, std::function<void()> body)> launch = {};  ///< threads; may be empty
  base::Clock* clock = nullptr;
  io::FileSystem* files = nullptr;
  /// Called by the loop between points, at most every 2 ms, and before waits: where a language runtime gives way.
  std::function<void()> pulse;
};

/// How a run ended, with all that went wrong. The rows are in `experiment` in every case.
struct RunResult {
  RunState state = RunState::finished;
  std::shared_ptr<const Experiment> experiment;
  std::exception_ptr error;           ///< to be raised; null after a normal end or a stop
  std::vector<std::string> warnings;  ///< what the user should know though nothing failed
};

/// A run is timed if and only if it has a duration or a count; otherwise it is a sweep.
[[nodiscard]] inline bool is_timed(const RunOptions& options) { return options.duration || options.count; }

/// Between the slots of a timed run.
[[nodiscard]] inline Duration interval_of(const RunOptions& options) {
  return options.interval.value_or(std::chrono::milliseconds(100));
}

/// Throws ConfigurationError where the request cannot be run. Nothing has been touched.
void check(const RunRequest& request);

/// The points of the request, which lives as long. Throws ConfigurationError where its order does not fit its
/// parameters. `ended`: as in plan::PlanRequest.
[[nodiscard]] std::unique_ptr<plan::Plan> plan_of(const RunRequest& request, std::function<bool()> ended);

/// Runs it. Throws only before the first instrument moves (check, store not writable); what happens later is in the
/// result.
RunResult execute(const RunRequest& request, RunControl& control, RunProgress& progress);

}  // namespace wheatstone::session
