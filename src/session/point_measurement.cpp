#include "session/point_measurement.hpp"

#include <fmt/core.h>

#include <utility>
#include <wheatstone/error.hpp>

#include "session/run_document.hpp"

namespace wheatstone::session {
namespace {

std::string error_column_of(const binding::Acquisition& acquisition) { return acquisition.name() + ".error"; }

/// What results cannot be called.
std::vector<std::string> taken_names(const RunRequest& request, const FixedColumns& columns) {
  std::vector<std::string> names = columns.timing_names;
  names.emplace_back("timestamp");
  for (const auto& acquisition : request.acquisitions) {
    if (acquisition->options().on_error == OnError::skip) names.push_back(error_column_of(*acquisition));
  }
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
                                   RunControl& control, RunProgress& progress)
    : writer_(writer),
      columns_(columns),
      clock_(*request.clock),
      control_(control),
      progress_(progress),
      results_(writer, taken_names(request, columns), step_names(request), request.derivations.size()) {
  for (const auto& acquisition : request.acquisitions) {
    MeasurementStep step{.acquisition = acquisition};
    if (!is_plain(acquisition->options())) {
      step.attempts = std::make_unique<Attempts>(*acquisition, clock_, control, writer);
    }
    steps_->push_back(std::move(step));
  }
  for (const auto& derivation : request.derivations) steps_->push_back({.acquisition = derivation, .derived = true});
  if (request.options.parallel) parallel_ = std::make_unique<ParallelMeasurement>(request, steps_, control);
}

void PointMeasurement::take(Point::Data& point) {
  measuring_ = true;
  if (steps_->size() > 1) {
    point.so_far.clear();
    point.incomplete = false;
  }
  if (parallel_) {
    take_in_parallel(point);
  } else {
    take_in_turn(point);
  }
  if (control_.attention()) [[unlikely]]
    require_whole();
  measuring_ = false;
  process_.require_own_process("the run");  // an acquisition may have forked, and this be the child
  for (std::size_t i = 0; i < steps_->size(); ++i) {
    if ((*steps_)[i].due) stage(i);
  }
}

/// An abort cuts waits short, so that what was measured meanwhile is not what was asked for.
void PointMeasurement::require_whole() {
  if (control_.end() != RunControl::End::abort) return;
  at_ = steps_->size();
  throw Interrupted("the abort may have cut short what it waited for, so that it is not kept");
}

void PointMeasurement::take_in_turn(Point::Data& point) {
  const std::size_t n = steps_->size();
  for (std::size_t i = 0; i < n; ++i) {
    MeasurementStep& step = (*steps_)[i];
    if (!step.due) {
      point.incomplete = true;
      continue;
    }
    enter(i);
    step.measure(point);
    if (n == 1) return;
    if (i < columns_.acquisition_finished.size()) {
      writer_.set(columns_.acquisition_finished[i], clock_.boottime());
    }
    if (i + 1 < n) step.add_to(point);
  }
}

void PointMeasurement::take_in_parallel(Point::Data& point) {
  try {
    progress_.work.store(steps_->size() + 1, std::memory_order_relaxed);
    parallel_->take(point);
  } catch (...) {
    at_ = parallel_->failed();
    throw;
  }
  for (std::size_t i = 0; i < columns_.acquisition_finished.size(); ++i) {
    const MeasurementStep& step = (*steps_)[i];
    if (step.due) writer_.set(columns_.acquisition_finished[i], step.finished);
  }
  for (std::size_t i = columns_.acquisitions; i < steps_->size(); ++i) {  // derivations
    enter(i);
    (*steps_)[i].measure(point);
    (*steps_)[i].add_to(point);
  }
}

void PointMeasurement::stage(std::size_t i) {
  MeasurementStep& step = (*steps_)[i];
  results_.stage(i, step.row);
  if (step.attempts) stage_error(step);
  if (i < columns_.acquisition_missed.size()) {
    writer_.set(columns_.acquisition_missed[i], static_cast<std::int64_t>(step.missed));
  }
}

/// The column stands behind those of the acquisition's first results.
void PointMeasurement::stage_error(MeasurementStep& step) {
  if (step.acquisition->options().on_error != OnError::skip) return;
  if (step.error_column == MeasurementStep::k_none) {
    step.error_column = results_.add_text_column(error_column_of(*step.acquisition));
  }
  if (step.skipped) writer_.set(step.error_column, Value(*step.skipped));
}

void PointMeasurement::only(const std::vector<Schedule::Part>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    (*steps_)[i].due = parts[i].due;
    (*steps_)[i].missed = parts[i].missed;
  }
}

std::string PointMeasurement::source() const { return name_of(at_); }

std::string PointMeasurement::name_of(std::size_t step) const {
  return fmt::format("{} '{}'", step < columns_.acquisitions ? "acquisition" : "derived column",
                     (*steps_)[step].acquisition->name());
}

std::vector<std::string> PointMeasurement::works() const {
  std::vector<std::string> works = {"nothing"};
  for (std::size_t i = 0; i < steps_->size(); ++i) works.push_back(name_of(i));
  works.emplace_back("the acquisitions");
  return works;
}

std::vector<std::string> PointMeasurement::failed_too() const {
  return parallel_ ? parallel_->failed_too() : std::vector<std::string>();
}

PointMeasurement::Look PointMeasurement::look(Point::Data& point) {
  measuring_ = true;
  point.so_far.clear();
  point.incomplete = false;
  for (std::size_t i = 0; i < columns_.acquisitions; ++i) {
    enter(i);
    MeasurementStep& step = (*steps_)[i];
    step.look(point);
    step.add_to(point);
  }
  measuring_ = false;
  return {.results = std::exchange(point.so_far, {}), .incomplete = std::exchange(point.incomplete, false)};
}

void PointMeasurement::add_results(ObservedRow& row) const {
  for (std::size_t a = 0; a < steps_->size(); ++a) {
    if (!(*steps_)[a].due) continue;
    const Row& results = (*steps_)[a].row;
    for (std::size_t i = 0; i < results.size(); ++i)
      row.add(results_.column_of(a, i, results[i].key), results[i].value);
  }
}

io::Document PointMeasurement::results_so_far() const {
  io::Document document = io::Document::object();
  for (std::size_t i = 0; i < steps_->size(); ++i) {
    const MeasurementStep& step = (*steps_)[i];
    if (!step.due || !(parallel_ ? step.measured : i < at_)) continue;
    for (const Row::Entry& entry : step.row) {
      document[step.acquisition->name()][entry.key] = document_of_value(entry.value);
    }
  }
  return document;
}

}  // namespace wheatstone::session
