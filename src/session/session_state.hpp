#pragma once
// What a MeasurementSession holds.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>
#include <wheatstone/bench.hpp>
#include <wheatstone/session.hpp>

#include "base/clock.hpp"
#include "base/process.hpp"
#include "session/engine.hpp"
#include "session/interrupts.hpp"
#include "simulation/simulated_bench.hpp"

namespace wheatstone {

/// An instrument of the session: its own, its bench's, or an object of another language.
struct SessionInstrument {
  std::string alias;
  std::unique_ptr<Instrument> owned = {};
  Instrument* instrument = nullptr;      ///< owned or the bench's; null for an attached object
  std::string description = {};          ///< of an attached object
  std::function<void()> make_safe = {};  ///< of an attached object; may be empty
};

struct MeasurementSession::State {
  State(std::string session_name, SessionOptions session_options);

  /// Throws ConfigurationError where `name` is empty or taken by a parameter, an instrument or a word of the engine.
  void require_free_name(std::string_view name, std::string_view what) const;
  /// Throws ConfigurationError in a forked child, where no lock may be touched.
  void require_own_process() const { process.require_own_process("this MeasurementSession"); }
  void require_open() const;
  /// The same, and no run in progress: what is registered holds for a whole run.
  void require_idle() const;
  /// The same, telling what to do `instead`.
  void require_no_run(std::string_view instead) const;
  [[nodiscard]] const SessionInstrument* find_instrument(std::string_view alias) const;
  [[nodiscard]] simulation::SimulatedBench& simulated_bench();

  [[nodiscard]] session::RunRequest make_request(const RunOptions& run_options) const;
  /// Finds the run that is gone on with, draws the order's seed, counts the run on its simulated bench. Throws as
  /// find_resumption does.
  void complete(session::RunRequest& request);
  /// Instruments made safe, loads before supplies; `only_on`: those alone that have something turned on.
  [[nodiscard]] std::vector<session::ExitStep> safe_steps(bool of_bench_too) const;
  /// Instruments of the library's own, in the order of registration.
  [[nodiscard]] std::vector<Instrument*> connected() const;
  void cancel_waits() const;

  /// Asks the run in progress. Refused where there is none.
  session::RunControl::Answer ask(Action action, const session::Origin& origin);
  /// Prints what a run warns of on standard error, or keeps it for a language that has warnings.
  void warn(std::vector<std::string> sentences);

  // constant after construction
  std::string name;
  SessionOptions options;
  base::ProcessBound process;
  std::unique_ptr<base::Clock> virtual_clock;
  base::Clock* clock;

  // the registering thread's
  bool open = true;
  std::vector<session::ParameterDefinition> parameters;
  std::vector<std::shared_ptr<session::Acquisition>> acquisitions;
  std::vector<std::shared_ptr<session::Acquisition>> derivations;
  std::vector<std::shared_ptr<session::Acquisition>> baselines;
  std::vector<binding::Hook> hooks;
  std::vector<session::Task> tasks;
  std::vector<session::ObserverPointer> observers;
  std::vector<session::SuspensionDefinition> conditions;
  std::vector<session::SignalAction> signals;
  std::vector<plan::Constraint> constraints;
  std::unique_ptr<simulation::SimulatedBench> world;  ///< before the instruments, which stand on it
  std::vector<SessionInstrument> instruments;
  std::function<void()> pulse;
  std::function<void(const std::string& name, std::function<void()> body)> launch;
  io::Document details = io::Document::object();
  std::optional<std::vector<std::string>> kept_warnings;  ///< of a language that shows them itself

  // own synchronisation
  session::RunProgress progress;

  mutable std::mutex mutex;
  // protected by mutex
  std::shared_ptr<session::RunControl> control;  ///< of the run in progress; null between runs
  std::thread::id runner;                        ///< the thread that runs it
  std::optional<Experiment> last;
  bool interrupted = false;  ///< the last run was ended from the keyboard
};

}  // namespace wheatstone
