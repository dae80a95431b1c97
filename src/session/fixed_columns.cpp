#include "session/fixed_columns.hpp"

#include "session/schedule.hpp"

namespace wheatstone::session {

FixedColumns add_fixed_columns(storage::RunWriter& writer, const RunRequest& request) {
  FixedColumns columns;
  for (const ParameterDefinition& parameter : request.parameters) {
    columns.parameters.push_back(writer.add_column({.name = parameter.name,
                                                    .role = storage::ColumnRole::parameter,
                                                    .unit = Unit(parameter.options.unit),
                                                    .notes = parameter.options.notes,
                                                    .group = 0}));
  }
  columns.timestamp = writer.add_column(
      {.name = "timestamp", .role = storage::ColumnRole::timestamp, .kind = Value::Kind::time, .group = 1});
  const auto add_timing = [&](std::string name, Unit unit) {
    columns.timing_names.push_back(std::string(storage::k_timing_prefix) + name);
    return writer.add_column({.name = std::move(name),
                              .role = storage::ColumnRole::timing,
                              .unit = unit,
                              .kind = Value::Kind::integer,
                              .group = 4});
  };
  columns.slot = add_timing("slot", {});
  columns.scheduled = add_timing("scheduled", "ns");
  columns.started = add_timing("started", "ns");
  columns.finished = add_timing("finished", "ns");
  columns.missed = add_timing("missed", {});
  columns.acquisitions = request.acquisitions.size();
  const bool is_cycled = request.options.cycle && is_timed(request.options);
  if (request.options.repeat > 1 || is_cycled) columns.repetition = add_timing("repetition", {});
  if (request.acquisitions.size() > 1) {
    for (const auto& acquisition : request.acquisitions) {
      columns.acquisition_finished.push_back(add_timing(acquisition->name() + ".finished", "ns"));
    }
  }
  if (is_timed(request.options) && !times_of(request).all_together()) {
    for (const auto& acquisition : request.acquisitions) {
      columns.acquisition_missed.push_back(add_timing(acquisition->name() + ".missed", {}));
    }
  }
  return columns;
}

}  // namespace wheatstone::session
