#pragma once
// The acquisitions of one point, one after the other, and what is derived from them.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/process.hpp"
#include "session/attempts.hpp"
#include "session/engine.hpp"
#include "session/fixed_columns.hpp"
#include "session/result_columns.hpp"
#include "storage/run_writer.hpp"

namespace wheatstone::session {

/// Calls the acquisitions of a run at a point, then its derivations, and stages their results. One thread.
class PointMeasurement {
 public:
  PointMeasurement(const RunRequest& request, storage::RunWriter& writer, const FixedColumns& columns,
                   RunControl& control);

  /// Measures at `point`, whose row so far it fills, and stages the results. What an acquisition throws goes through.
  void take(Point::Data& point);

  /// Calls the acquisitions at `point` and keeps nothing.
  [[nodiscard]] Row look(Point::Data& point);

  /// The point is in the table.
  void committed(const Point::Data& point) {
    if (point.index == 0) results_.first_row_done();
  }

  /// The results of the point in hand, named as its columns are.
  void add_results(ObservedRow& row) const;

  /// True from before the first acquisition of a point until after its last: where an error is an acquisition's.
  [[nodiscard]] bool measuring() const { return measuring_; }
  /// The acquisition or derivation that is being measured, or was last.
  [[nodiscard]] const std::string& acquisition() const { return steps_[at_].acquisition->name(); }
  /// What the acquisitions before that one returned at this point, by acquisition.
  [[nodiscard]] io::Document results_so_far() const;

 private:
  static constexpr std::size_t k_none = static_cast<std::size_t>(-1);

  struct Step {
    Acquisition* acquisition;
    std::unique_ptr<Attempts> attempts = {};  ///< where its options ask for more than one plain call
    std::size_t error_column = k_none;        ///< where its failures are skipped
    Row row = {};                             ///< reused
  };

  void call(Step& step, Point::Data& point);

  storage::RunWriter& writer_;
  const FixedColumns& columns_;
  base::Clock& clock_;
  ResultColumns results_;
  std::vector<Step> steps_;  ///< acquisitions, then derivations
  std::size_t at_ = 0;
  bool measuring_ = false;
  base::ProcessBound process_;
};

}  // namespace wheatstone::session
