#include "session/parallel_measurement.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <wheatstone/error.hpp>

#include "base/revocation.hpp"
#include "session/exit_steps.hpp"

namespace wheatstone::session {

/// What the threads use; lives as long as the last of them.
struct ParallelMeasurement::Work {
  std::shared_ptr<MeasurementSteps> steps;
  base::Clock* clock;
  std::vector<ParallelGroup> groups = {};
  std::vector<Point::Data> points = {};  ///< by group: the point as its acquisitions see it

  /// Measures what is due of a group, one after the other, until one fails.
  void measure(std::size_t group) {
    for (const std::size_t i : groups[group]) {
      MeasurementStep& step = (*steps)[i];
      if (!step.due) continue;
      try {
        step.measure(points[group]);
      } catch (...) {
        step.error = std::current_exception();
        return;
      }
      if (base::thread_is_revoked()) return;
      step.finished = clock->boottime();
      step.measured = true;
      if (i != groups[group].back()) step.add_to(points[group]);
    }
  }
};

namespace {

std::size_t most_groups(const std::vector<std::vector<std::size_t>>& stages) {
  std::size_t most = 1;
  for (const auto& groups : stages) most = std::max(most, groups.size());
  return most;
}

}  // namespace

ParallelMeasurement::ParallelMeasurement(const RunRequest& request, std::shared_ptr<MeasurementSteps> steps,
                                         RunControl& control)
    : control_(control),
      grace_(request.options.grace),
      work_(std::make_shared<Work>(Work{.steps = std::move(steps), .clock = request.clock})),
      stages_([&] {
        std::vector<std::vector<std::size_t>> stages;
        for (ParallelStage& stage : stages_of(request.acquisitions)) {
          stages.emplace_back();
          steps_of_stage_.emplace_back();
          for (ParallelGroup& group : stage) {
            stages.back().push_back(work_->groups.size());
            steps_of_stage_.back().insert(steps_of_stage_.back().end(), group.begin(), group.end());
            work_->groups.push_back(std::move(group));
          }
          std::ranges::sort(steps_of_stage_.back());
        }
        return stages;
      }()),
      threads_(
          most_groups(stages_) - 1, [work = work_](std::size_t group) { work->measure(group); }, request.launch,
          *request.clock) {
  work_->points.resize(work_->groups.size());
}

void ParallelMeasurement::take(Point::Data& point) {
  for (MeasurementStep& step : *work_->steps) step.measured = false;
  for (std::size_t s = 0; s < stages_.size(); ++s) {
    take_stage(stages_[s], point);
    collect(steps_of_stage_[s], point);
  }
}

void ParallelMeasurement::take_stage(const std::vector<std::size_t>& groups, Point::Data& point) {
  jobs_.clear();
  for (const std::size_t group : groups) {
    if (!any_due(group)) continue;
    work_->points[group] = point;
    jobs_.push_back(group);
  }
  if (jobs_.empty()) return;
  for (const std::size_t group : threads_.run(jobs_, control_.abort_token(), grace_)) {
    for (const std::size_t i : work_->groups[group]) {
      const MeasurementStep& step = (*work_->steps)[i];
      if (!step.due) continue;
      throw MeasurementError(
          fmt::format("acquisition '{}' did not end within its grace of {:g} s after the abort, nor did what it waits "
                      "for; wait with session.sleep, which an abort cuts short",
                      step.acquisition->name(), grace_.seconds()));
    }
  }
}

bool ParallelMeasurement::any_due(std::size_t group) const {
  return std::ranges::any_of(work_->groups[group], [this](std::size_t i) { return (*work_->steps)[i].due; });
}

void ParallelMeasurement::collect(const std::vector<std::size_t>& steps, Point::Data& point) {
  for (const std::size_t i : steps) {
    MeasurementStep& step = (*work_->steps)[i];
    if (step.error) raise(steps);
    if (!step.due || step.skipped) point.incomplete = true;
    if (step.due) step.add_to(point);
  }
}

void ParallelMeasurement::raise(const std::vector<std::size_t>& steps) {
  std::exception_ptr first;
  failed_too_.clear();
  for (const std::size_t i : steps) {
    MeasurementStep& step = (*work_->steps)[i];
    const std::exception_ptr error = std::exchange(step.error, nullptr);
    if (!error) continue;
    if (first) {
      failed_too_.push_back(fmt::format("acquisition '{}' failed too: {}", step.acquisition->name(), text_of(error)));
      continue;
    }
    first = error;
    failed_ = i;
  }
  std::rethrow_exception(first);
}

}  // namespace wheatstone::session
