#pragma once
// The acquisitions of one point, those on distinct instruments at the same time.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "session/engine.hpp"
#include "session/measurement_step.hpp"
#include "session/measuring_threads.hpp"
#include "session/parallel_stages.hpp"

namespace wheatstone::session {

/// Calls the acquisitions of a point stage by stage, the groups of a stage at the same time. Used by the thread that
/// runs the session.
class ParallelMeasurement {
 public:
  /// Starts its threads. `steps`: the acquisitions in order of registration, then whatever is no business of this
  /// class.
  ParallelMeasurement(const RunRequest& request, std::shared_ptr<MeasurementSteps> steps, RunControl& control);

  /// Measures what is due and fills the row so far in order of registration. Within a group and after its failure, none
  /// of the group is called any more; the other groups of its stage measure to their ends. Throws the error of the
  /// first that failed, in order of registration.
  void take(Point::Data& point);

  /// After a failure: which failed first, and what became of the others.
  [[nodiscard]] std::size_t failed() const { return failed_; }
  [[nodiscard]] const std::vector<std::string>& failed_too() const { return failed_too_; }

 private:
  struct Work;
  void take_stage(const std::vector<std::size_t>& groups, Point::Data& point);
  void collect(const std::vector<std::size_t>& steps, Point::Data& point);
  [[noreturn]] void raise(const std::vector<std::size_t>& steps);
  [[nodiscard]] bool any_due(std::size_t group) const;

  RunControl& control_;
  Duration grace_;
  std::shared_ptr<Work> work_;
  std::vector<std::vector<std::size_t>> steps_of_stage_;  ///< in order of registration
  std::vector<std::vector<std::size_t>> stages_;          ///< groups, by their number
  std::size_t failed_ = 0;
  std::vector<std::string> failed_too_;
  std::vector<std::size_t> jobs_;  ///< of the stage in hand; kept for its memory
  MeasuringThreads threads_;       ///< last: they end before what they use
};

}  // namespace wheatstone::session
