#pragma once
// The path of a point: next position, wait until due, measure, commit.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/process.hpp"
#include "plan/plan.hpp"
#include "session/engine.hpp"
#include "session/fixed_columns.hpp"
#include "session/hold.hpp"
#include "session/level_hooks.hpp"
#include "session/point_measurement.hpp"
#include "session/settling.hpp"
#include "session/wall_anchor.hpp"
#include "storage/run_writer.hpp"

namespace wheatstone::session {

/// A run's rows and clocks while it goes on. One thread.
class Loop {
 public:
  Loop(const RunRequest& request, std::unique_ptr<plan::Plan> plan, storage::RunWriter& writer, RunControl& control,
       RunProgress& progress, RowObservers& observers);

  /// All points of the run, or as many as there are until its end was asked for. What an acquisition throws goes
  /// through.
  void run();

  /// Before run(): takes up the plan behind the rows that are stored. Throws ConfigurationError where the plan does not
  /// give the last of them again.
  void go_on_behind(const storage::StoredRows& stored);

  /// After run(), however it ended: runs the hooks after the levels that were entered, but not after an abort, which is
  /// at once and makes the bench safe by itself. Returns what went wrong.
  [[nodiscard]] std::vector<std::string> leave_levels();

  /// After run() and leave_levels(), where nothing failed: the baselines of the end, under the conditions of those at
  /// the start. Not after an abort or a task's failure, whose outputs are made safe.
  void measure_end();

  /// Where the point in hand is and what was measured of it, for the run's events; it never reaches the table.
  [[nodiscard]] io::Document interrupted_point() const;

  [[nodiscard]] const PointMeasurement& measurement() const { return measurement_; }
  [[nodiscard]] const Point::Data& point() const { return point_; }

 private:
  void run_sweep();
  void run_timed();
  void follow_suspension(std::int64_t& to_boottime);
  [[nodiscard]] std::uint64_t timed_total(std::uint64_t slots) const;
  bool next_point();
  bool go_on() { return hold_.before_point(point_); }
  bool take_point(std::int64_t scheduled, std::int64_t started, std::uint64_t missed);
  void pass_over(const storage::StoredRows& stored);
  void tell_stored(const storage::StoredRows& stored);
  bool prepare();
  bool tell_row();
  bool ends_with(const Row& row);
  void measure_in_virtual_time();
  void commit(std::int64_t scheduled, std::int64_t started, std::uint64_t missed);
  const Row& observed_row();
  void pulse(std::int64_t now);
  [[nodiscard]] io::Document anchor_document() const;

  const RunRequest& request_;
  storage::RunWriter& writer_;
  RunControl& control_;
  RunProgress& progress_;
  base::Clock& clock_;
  RowObservers& observers_;
  WallAnchor anchor_;
  FixedColumns columns_;
  PointMeasurement measurement_;
  Settling settling_;
  LevelHooks hooks_;
  Hold hold_;
  ObservedRow observed_;
  std::unique_ptr<plan::Plan> plan_;
  Point::Data point_;
  /// What the run's progress calls the loop's own waits, by number.
  struct Works {
    std::size_t plan = 0;
    std::size_t until = 0;
    std::size_t preparing = 0;
  };
  Works works_;
  std::optional<std::int64_t> elapsed_;  ///< of a timed run that goes on: nanoseconds to its last stored row
  bool resumed_ = false;                 ///< until the first point after going on
  bool over_ = false;                    ///< the stored rows were all that there was to take
  std::uint64_t cycle_ = 0;              ///< how often a cycled plan has begun again
  bool is_told_;                         ///< whether somebody wants to know each row before the next point
  std::int64_t next_pulse_ = 0;
  bool warned_of_sleep_ = false;
  base::ProcessBound process_;
};

}  // namespace wheatstone::session
