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
#include "procedure/target.hpp"

namespace wheatstone::procedure {

/// Who is told how far a run is: a dry run. Both may be empty.
struct Watch {
  PointWatch point = {};
  std::function<void()> leaving = {};  ///< before the teardown
};

/// Registers all of it with the session, which must have no parameters yet. Throws ConfigurationError at its place for
/// what does not fit the instruments. Returns what the session is to be run with.
[[nodiscard]] RunOptions bind(const Definition& definition, MeasurementSession& session, const Watch& watch = {});

/// The binding, step by step.
class Binder {
 public:
  Binder(const Definition& definition, MeasurementSession& session, const Watch& watch);
  [[nodiscard]] RunOptions bind();

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
  void register_teardown();
  [[nodiscard]] std::function<bool(const Row&)> until() const;
  void check_points(const RunOptions& options);

  [[nodiscard]] std::vector<std::function<void()>> steps_of(const std::vector<StepText>& steps) const;
  [[nodiscard]] std::vector<std::function<void()>> meter_settings() const;
  [[nodiscard]] Settle settle_of(const ParameterText& parameter) const;
  [[nodiscard]] AttemptsText attempts_of(const ReadText& column) const;
  void add_columns(std::vector<ReadColumn> columns, const AttemptsText& attempts, const std::string& first);

  const Definition& definition_;
  MeasurementSession& session_;
  Watch watch_;
  TargetBinder targets_;
  std::vector<std::shared_ptr<const ParameterValues>> values_;
  std::vector<expression::Variable> variables_;  ///< parameters, then columns
  std::shared_ptr<SetPoints> set_points_ = std::make_shared<SetPoints>();
  std::size_t groups_ = 0;  ///< of columns that are read together
};

}  // namespace wheatstone::procedure
