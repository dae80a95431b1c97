#pragma once
// The acquisitions of one point, one after the other.

#include <cstddef>
#include <string>
#include <vector>

#include "base/process.hpp"
#include "session/engine.hpp"
#include "session/fixed_columns.hpp"
#include "session/result_columns.hpp"
#include "storage/run_writer.hpp"

namespace wheatstone::session {

/// Calls the acquisitions of a run at a point and stages their results. One thread.
class PointMeasurement {
 public:
  PointMeasurement(const RunRequest& request, storage::RunWriter& writer, const FixedColumns& columns);

  /// Measures at `point`, whose row so far it fills, and stages the results. What an acquisition throws goes through.
  void take(Point::Data& point);

  /// The point is in the table.
  void committed(const Point::Data& point) {
    if (point.index == 0) results_.first_row_done();
  }

  /// The results of the point in hand, named as its columns are.
  void add_results(ObservedRow& row) const;

  /// True from before the first acquisition of a point until after its last: where an error is an acquisition's.
  [[nodiscard]] bool measuring() const { return measuring_; }
  /// The acquisition that is being measured, or was last.
  [[nodiscard]] const std::string& acquisition() const { return request_.acquisitions[at_]->name(); }
  /// What the acquisitions before that one returned at this point, by acquisition.
  [[nodiscard]] io::Document results_so_far() const;

 private:
  void stage();

  const RunRequest& request_;
  storage::RunWriter& writer_;
  const FixedColumns& columns_;
  base::Clock& clock_;
  ResultColumns results_;
  std::vector<Row> rows_;  ///< of each acquisition, reused
  std::size_t at_ = 0;
  bool measuring_ = false;
  base::ProcessBound process_;
};

}  // namespace wheatstone::session
