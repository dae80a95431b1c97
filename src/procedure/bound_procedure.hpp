#pragma once
// A procedure's definition bound to a session: its parameters, hooks, acquisitions and derivations are registered.

#include <functional>
#include <memory>
#include <string>
#include <vector>
#include <wheatstone/session.hpp>

#include "procedure/columns.hpp"
#include "procedure/definition.hpp"
#include "procedure/set_points.hpp"
#include "procedure/steps.hpp"
#include "procedure/sweep_values.hpp"
#include "procedure/target.hpp"
#include "session/engine.hpp"

namespace wheatstone::procedure {

/// Who is told how far a run is: a dry run. Both may be empty.
struct Watch {
  PointWatch point = {};
  std::function<void()> leaving = {};  ///< before the teardown
};

/// What a session is to be run with, and what comes of it as far as that is known.
struct Bound {
  RunOptions options = {};
  Preview preview = {};
};

/// Registers all of it with the session, which must have no parameters yet, and rehearses what will be set; nothing is
/// sent. Throws ConfigurationError and LimitError at their places for what does not fit the instruments.
[[nodiscard]] Bound bind(const Definition& definition, MeasurementSession& session, const Watch& watch = {},
                         const PreviewOptions& shown = {});

/// The binding, step by step.
class Binder {
 public:
  Binder(const Definition& definition, MeasurementSession& session, const Watch& watch);
  [[nodiscard]] Bound bind(const PreviewOptions& shown);

 private:
  void take_parameters();
  void take_limits();
  void take_set_points();
  void name_units();
  void register_parameters();
  void register_constraints();
  void register_setup();
  void register_set_points();
  void register_columns();
  void register_derived();
  void register_levels();
  void register_tasks();
  void register_suspensions();
  void register_teardown();
  void register_hook(const LevelText& level, std::span<const expression::Variable> parameters);
  [[nodiscard]] RunOptions run_options() const;
  [[nodiscard]] std::function<bool(const Row&)> until() const;
  [[nodiscard]] Settle settle_of(const ParameterText& parameter) const;
  /// In the order in which a run comes to them.
  void rehearse(const RunOptions& options, Rehearsals& rehearsals) const;
  [[nodiscard]] wheatstone::session::RunRequest rehearsed_request(const RunOptions& options) const;

  const Definition& definition_;
  MeasurementSession& session_;
  Watch watch_;
  TargetBinder targets_;
  std::vector<SweepValues> values_;              ///< of the parameters; empty where the order brings them
  std::vector<SweepValues> point_values_;        ///< of `points`
  std::optional<SweepValues> adaptive_;          ///< the ends of an adaptive order
  std::vector<expression::Variable> variables_;  ///< parameters, then columns
  std::vector<expression::Variable> columns_;    ///< those alone
  std::shared_ptr<SetPoints> set_points_ = std::make_shared<SetPoints>();
  Steps setup_;                ///< and what meters are set to
  std::vector<Steps> others_;  ///< levels, tasks and the teardown
};

}  // namespace wheatstone::procedure
