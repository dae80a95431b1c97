#include "session/point_measurement.hpp"

#include "session/run_document.hpp"

namespace wheatstone::session {
namespace {

std::vector<std::string> taken_names(const RunRequest& request) {
  std::vector<std::string> names = {"timestamp"};
  for (const ParameterDefinition& parameter : request.parameters) names.push_back(parameter.name);
  return names;
}

std::vector<std::string> acquisition_names(const RunRequest& request) {
  std::vector<std::string> names;
  for (const auto& acquisition : request.acquisitions) names.push_back(acquisition->name());
  return names;
}

}  // namespace

PointMeasurement::PointMeasurement(const RunRequest& request, storage::RunWriter& writer, const FixedColumns& columns)
    : request_(request),
      writer_(writer),
      columns_(columns),
      clock_(*request.clock),
      results_(writer, taken_names(request), acquisition_names(request)),
      rows_(request.acquisitions.size()) {}

void PointMeasurement::take(Point::Data& point) {
  measuring_ = true;
  const bool several = rows_.size() > 1;
  if (several) point.so_far.clear();
  for (std::size_t a = 0; a < rows_.size(); ++a) {
    at_ = a;
    request_.acquisitions[a]->measure(Point(point), rows_[a]);
    if (several) {
      writer_.set(columns_.acquisition_finished[a], clock_.boottime());
      if (a + 1 < rows_.size()) {
        for (const Row::Entry& entry : rows_[a]) point.so_far.set(entry.key, entry.value);
      }
    }
  }
  measuring_ = false;
  process_.require_own_process("the run");  // an acquisition may have forked, and this be the child
  stage();
}

void PointMeasurement::stage() {
  for (std::size_t a = 0; a < rows_.size(); ++a) results_.stage(a, rows_[a]);
}

void PointMeasurement::add_results(ObservedRow& row) const {
  for (std::size_t a = 0; a < rows_.size(); ++a) {
    for (std::size_t i = 0; i < rows_[a].size(); ++i) {
      row.add(results_.column_of(a, i, rows_[a][i].key), rows_[a][i].value);
    }
  }
}

io::Document PointMeasurement::results_so_far() const {
  io::Document document = io::Document::object();
  for (std::size_t a = 0; a < at_; ++a) {
    for (const Row::Entry& entry : rows_[a]) {
      document[request_.acquisitions[a]->name()][entry.key] = document_of_value(entry.value);
    }
  }
  return document;
}

}  // namespace wheatstone::session
