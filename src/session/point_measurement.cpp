#include "session/point_measurement.hpp"

#include "session/run_document.hpp"

namespace wheatstone::session {
namespace {

std::vector<std::string> taken_names(const RunRequest& request) {
  std::vector<std::string> names = {"timestamp"};
  for (const ParameterDefinition& parameter : request.parameters) names.push_back(parameter.name);
  return names;
}

std::vector<std::string> step_names(const RunRequest& request) {
  std::vector<std::string> names;
  for (const auto& acquisition : request.acquisitions) names.push_back(acquisition->name());
  for (const auto& derivation : request.derivations) names.push_back(derivation->name());
  return names;
}

bool is_plain(const AcquisitionOptions& options) {
  return options.samples <= 1 && options.retries == 0 && options.on_error == OnError::fail;
}

}  // namespace

PointMeasurement::PointMeasurement(const RunRequest& request, storage::RunWriter& writer, const FixedColumns& columns,
                                   RunControl& control)
    : writer_(writer),
      columns_(columns),
      clock_(*request.clock),
      results_(writer, taken_names(request), step_names(request)) {
  for (const auto& acquisition : request.acquisitions) {
    Step step{.acquisition = acquisition.get()};
    if (!is_plain(acquisition->options())) {
      step.attempts = std::make_unique<Attempts>(*acquisition, clock_, control, writer);
    }
    if (acquisition->options().on_error == OnError::skip) {
      step.error_column = writer.add_column({.name = acquisition->name() + ".error",
                                             .role = storage::ColumnRole::result,
                                             .kind = Value::Kind::text,
                                             .group = ResultColumns::k_late});
    }
    steps_.push_back(std::move(step));
  }
  for (const auto& derivation : request.derivations) steps_.push_back({.acquisition = derivation.get()});
}

void PointMeasurement::take(Point::Data& point) {
  measuring_ = true;
  const bool several = steps_.size() > 1;
  if (several) {
    point.so_far.clear();
    point.incomplete = false;
  }
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    at_ = i;
    Step& step = steps_[i];
    call(step, point);
    if (!several) break;
    if (i < columns_.acquisition_finished.size()) {
      writer_.set(columns_.acquisition_finished[i], clock_.boottime());
    }
    if (i + 1 < steps_.size()) {
      for (const Row::Entry& entry : step.row) point.so_far.set(entry.key, entry.value);
    }
  }
  measuring_ = false;
  process_.require_own_process("the run");  // an acquisition may have forked, and this be the child
  for (std::size_t i = 0; i < steps_.size(); ++i) results_.stage(i, steps_[i].row);
}

void PointMeasurement::call(Step& step, Point::Data& point) {
  if (!step.attempts) return step.acquisition->measure(Point(point), step.row);
  const auto skipped = step.attempts->measure(Point(point), step.row);
  if (!skipped) return;
  point.incomplete = true;
  writer_.set(step.error_column, Value(*skipped));
}

Row PointMeasurement::look(Point::Data& point) {
  measuring_ = true;
  point.so_far.clear();
  for (std::size_t i = 0; i < columns_.acquisitions; ++i) {
    at_ = i;
    steps_[i].acquisition->measure(Point(point), steps_[i].row);
    for (const Row::Entry& entry : steps_[i].row) point.so_far.set(entry.key, entry.value);
  }
  measuring_ = false;
  return point.so_far;
}

void PointMeasurement::add_results(ObservedRow& row) const {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Row& results = steps_[i].row;
    for (std::size_t k = 0; k < results.size(); ++k) {
      row.add(results_.column_of(i, k, results[k].key), results[k].value);
    }
  }
}

io::Document PointMeasurement::results_so_far() const {
  io::Document document = io::Document::object();
  for (std::size_t i = 0; i < at_; ++i) {
    for (const Row::Entry& entry : steps_[i].row) {
      document[steps_[i].acquisition->name()][entry.key] = document_of_value(entry.value);
    }
  }
  return document;
}

}  // namespace wheatstone::session
