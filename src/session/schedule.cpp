#include "session/schedule.hpp"

#include <algorithm>

namespace wheatstone::session {
namespace {

std::optional<std::int64_t> duration_of(const RunOptions& options) {
  if (!options.duration) return std::nullopt;
  return options.duration->nanoseconds();
}

}  // namespace

AcquisitionTimes times_of(const RunRequest& request) {
  AcquisitionTimes times;
  for (const auto& acquisition : request.acquisitions) {
    if (acquisition->options().trigger) {
      times.grid_of.push_back(AcquisitionTimes::k_triggered);
      times.any_triggered = true;
      continue;
    }
    const std::int64_t interval = acquisition->options().interval.value_or(interval_of(request.options)).nanoseconds();
    const auto known = std::ranges::find(times.intervals, interval);
    times.grid_of.push_back(static_cast<std::size_t>(known - times.intervals.begin()));
    if (known == times.intervals.end()) times.intervals.push_back(interval);
  }
  return times;
}

Schedule::Schedule(const RunRequest& request, std::int64_t start)
    : request_(request),
      clock_(*request.clock),
      start_(start),
      times_(times_of(request)),
      triggers_(request.acquisitions, clock_, request.options.overrun == Overrun::catch_up),
      wait_(clock_, times_.intervals.empty() ? INT64_MAX : *std::ranges::min_element(times_.intervals),
            request.options.precise) {
  if (!times_.intervals.empty()) {
    grids_.emplace(start, times_.intervals, duration_of(request.options), request.options.overrun == Overrun::catch_up);
  }
  if (times_.all_together()) return;
  parts_.resize(request.acquisitions.size());
  fired_.resize(request.acquisitions.size(), 0);
}

std::int64_t Schedule::next_after(std::int64_t elapsed, const AcquisitionTimes& times) {
  std::int64_t next = times.intervals.empty() ? elapsed : INT64_MAX;
  for (const std::int64_t interval : times.intervals) next = std::min(next, (elapsed / interval + 1) * interval);
  return next;
}

void Schedule::go_on_after(std::int64_t elapsed, std::uint64_t rows) {
  rows_ = rows;
  if (grids_) grids_->begin_after(elapsed);
}

std::uint64_t Schedule::size() const {
  std::optional<std::uint64_t> slots;
  if (grids_ && !times_.any_triggered) slots = grids_->size();
  return std::min(slots.value_or(UINT64_MAX), request_.options.count.value_or(UINT64_MAX));
}

Schedule::Outcome Schedule::wait_for_next(const std::stop_token& stop) {
  if (request_.options.count && rows_ >= *request_.options.count) return Outcome::over;
  const auto due = grids_ ? grids_->next(clock_.monotonic()) : std::nullopt;
  if (!due && triggers_.empty()) return Outcome::over;
  switch (wait_until(due, stop)) {
    case TriggerWatch::Wake::stopped:
      return Outcome::stopped;
    case TriggerWatch::Wake::fired:
      if (const auto over = end(); over && triggers_.fired().at >= *over) return Outcome::over;
      take_trigger();
      break;
    case TriggerWatch::Wake::deadline:
      if (!due) return Outcome::over;
      take_slots();
      break;
  }
  ++rows_;
  return Outcome::due;
}

TriggerWatch::Wake Schedule::wait_until(std::optional<std::int64_t> due, const std::stop_token& stop) {
  using Wake = TriggerWatch::Wake;
  if (triggers_.empty()) return wait_.until(*due, stop) == base::Clock::Wake::stopped ? Wake::stopped : Wake::deadline;
  return triggers_.wait_until(due ? *due : end().value_or(INT64_MAX), stop, wait_);
}

void Schedule::take_slots() {
  row_.missed = 0;
  for (const plan::SlotGrids::Share& share : grids_->shares()) {
    if (!share.due) continue;
    row_.due = share.slot.due;
    row_.missed += share.slot.missed;
  }
  if (parts_.empty()) row_.slot = grids_->shares().front().slot.number;
  for (std::size_t a = parts_.size(); a-- > 0;) {
    parts_[a] = {.due = false};
    if (times_.grid_of[a] == AcquisitionTimes::k_triggered) continue;
    const plan::SlotGrids::Share& share = grids_->shares()[times_.grid_of[a]];
    parts_[a] = {.due = share.due, .missed = share.slot.missed};
    if (share.due) row_.slot = share.slot.number;
  }
  grids_->take();
}

void Schedule::take_trigger() {
  const TriggerWatch::Fired& fired = triggers_.fired();
  std::ranges::fill(parts_, Part{.due = false});
  parts_[fired.acquisition] = {.due = true, .missed = fired.missed};
  row_ = {.due = fired.at, .slot = fired_[fired.acquisition]++, .missed = fired.missed};
  if (grids_) grids_->held_up();
}

void Schedule::rested() {
  if (grids_) grids_->rested();
}

std::optional<std::int64_t> Schedule::end() const {
  const auto duration = duration_of(request_.options);
  if (!duration) return std::nullopt;
  return start_ + *duration;
}

}  // namespace wheatstone::session
