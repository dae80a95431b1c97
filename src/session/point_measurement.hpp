#pragma once
// The acquisitions of one point, one after the other or at the same time, and what is derived from them.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/process.hpp"
#include "session/engine.hpp"
#include "session/fixed_columns.hpp"
#include "session/measurement_step.hpp"
#include "session/parallel_measurement.hpp"
#include "session/result_columns.hpp"
#include "session/schedule.hpp"
#include "storage/run_writer.hpp"

namespace wheatstone::session {

/// Calls the acquisitions of a run at a point, then its derivations, and stages their results. One thread, which in
/// parallel runs has others do its work.
class PointMeasurement {
 public:
  PointMeasurement(const RunRequest& request, storage::RunWriter& writer, const FixedColumns& columns,
                   RunControl& control, RunProgress& progress);

  /// Measures at `point`, whose row so far it fills, and stages the results. What an acquisition throws goes through.
  /// Throws Interrupted where an abort was asked for meanwhile, and stages nothing.
  void take(Point::Data& point);

  /// From the next point on, calls those acquisitions alone that have a part in it. REQUIRES: one part an acquisition.
  void only(const std::vector<Schedule::Part>& parts);

  /// What the acquisitions return at a point that is not kept.
  struct Look {
    Row results;
    bool incomplete = false;  ///< one of them failed and is skipped
  };
  /// Calls the acquisitions at `point`, as often as their retries say.
  [[nodiscard]] Look look(Point::Data& point);

  /// The point is in the table.
  void committed(const Point::Data& point) {
    if (point.index == 0) results_.first_row_done();
  }

  /// The results of the point in hand, named as its columns are.
  void add_results(ObservedRow& row) const;

  /// The run has rows already and this run.json: columns that appear from now on are late.
  void resumed(const io::Document& record) {
    results_.restore_owners(record);
    results_.first_row_done();
  }

  /// True from before the first acquisition of a point until after its last: where an error is an acquisition's.
  [[nodiscard]] bool measuring() const { return measuring_; }
  /// What is being measured, or was last: "acquisition 'measure'" or "derived column 'power'".
  [[nodiscard]] std::string source() const;
  /// What the run's progress calls it in: nothing, each acquisition and derived column, all at the same time.
  [[nodiscard]] std::vector<std::string> works() const;
  /// What became of other acquisitions that failed at the same point, a sentence each.
  [[nodiscard]] std::vector<std::string> failed_too() const;
  /// What the acquisitions before that one returned at this point, or all where an abort came meanwhile.
  [[nodiscard]] io::Document results_so_far() const;

 private:
  /// That step is called from now on.
  void enter(std::size_t step) {
    at_ = step;
    progress_.work.store(step + 1, std::memory_order_relaxed);
  }
  void take_in_turn(Point::Data& point);
  void take_in_parallel(Point::Data& point);
  void require_whole();
  [[nodiscard]] std::string name_of(std::size_t step) const;
  void stage(std::size_t i);
  void stage_error(MeasurementStep& step);

  storage::RunWriter& writer_;
  const FixedColumns& columns_;
  base::Clock& clock_;
  RunControl& control_;
  RunProgress& progress_;
  ResultColumns results_;
  std::shared_ptr<MeasurementSteps> steps_ = std::make_shared<MeasurementSteps>();  ///< acquisitions, then derivations
  std::unique_ptr<ParallelMeasurement> parallel_;                                   ///< where the run is
  std::size_t at_ = 0;
  bool measuring_ = false;
  base::ProcessBound process_;
};

}  // namespace wheatstone::session
