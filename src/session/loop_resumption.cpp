// How a loop takes up the plan of a run that was not finished.

#include <fmt/core.h>

#include <wheatstone/error.hpp>

#include "base/number.hpp"
#include "plan/text.hpp"
#include "session/loop.hpp"
#include "session/schedule.hpp"

namespace wheatstone::session {
namespace {

/// The stored values of the parameters in a row.
std::vector<Value> stored_values(const storage::StoredRows& stored, std::uint64_t row, const Point::Data& point) {
  std::vector<Value> values;
  for (const std::string& name : point.names) {
    const auto column = stored.find(name);
    values.push_back(column ? stored.at(row, *column) : Value());
  }
  return values;
}

/// Equal as cells: an int of the plan is a float in a column that has floats.
bool same_cell(const Value& a, const Value& b) {
  if (a.content() == b.content()) return true;
  const auto x = base::number_of(a), y = base::number_of(b);
  return x && y && (*x == *y || (*x != *x && *y != *y));
}

void require_same(const std::vector<Value>& stored, const Point::Data& point, std::uint64_t row) {
  for (std::size_t k = 0; k < stored.size(); ++k) {
    if (same_cell(stored[k], point.values[k])) continue;
    throw ConfigurationError(
        fmt::format("the run cannot be gone on with: its row {} has {} = {}, but the plan gives {} there. Restore the "
                    "values, or run without resume to begin anew",
                    row, point.names[k], plan::text_of(stored[k]), plan::text_of(point.values[k])));
  }
}

std::int64_t timing_at(const storage::StoredRows& stored, std::uint64_t row, std::string_view column) {
  const Value value = stored.at(row, stored.find(fmt::format("{}{}", storage::k_timing_prefix, column)).value());
  return *value.get_if<std::int64_t>();
}

/// When the grid of a run with several began that row `last` is of: the latest that began before that row, since each
/// segment has a grid and may have been ended before its first row.
std::int64_t grid_start(const Resumption& resumption, std::uint64_t last) {
  std::int64_t start = 0;
  for (const std::string& line : Experiment::open(resumption.folder).events()) {
    const io::Document event = io::Document::parse(line);
    const std::string kind = event.text({"event"});
    const io::Document* const number = event.find(kind == "grid" ? "start_boottime_ns" : "first_row");
    const auto* const value = number == nullptr ? nullptr : number->get_if<std::int64_t>();
    if (kind == "segment" && value != nullptr && static_cast<std::uint64_t>(*value) > last) break;
    if (kind == "grid" && value != nullptr) start = *value;
  }
  return start;
}

/// Nanoseconds from the start of a timed run to when its last stored row was due.
std::int64_t elapsed_until_last(const storage::StoredRows& stored, const RunRequest& request) {
  const std::uint64_t last = stored.row_count() - 1;
  const AcquisitionTimes times = times_of(request);
  if (times.all_together()) return timing_at(stored, last, "slot") * times.intervals.front();
  return timing_at(stored, last, "scheduled") - grid_start(*request.resumption, last);
}

}  // namespace

void Loop::go_on_behind(const storage::StoredRows& stored) {
  resumed_ = true;
  const std::uint64_t rows = stored.row_count();
  if (rows == 0) return;
  measurement_.resumed(request_.resumption->record);
  progress_.done.store(rows);
  if (is_timed(request_.options)) elapsed_ = elapsed_until_last(stored, request_);
  if (!request_.parameters.empty()) {
    plan_->adaptive() ? tell_stored(stored) : pass_over(stored);
  }
  point_.index = rows - 1;
  over_ = over_ || ends_with(stored.row(rows - 1));
  // Virtual time goes on where the run was, so that its rows stay in order.
  if (clock_.is_virtual()) {
    const std::int64_t behind = timing_at(stored, rows - 1, "finished") - clock_.boottime();
    if (behind > 0) clock_.wait_until(clock_.monotonic() + behind, {});
  }
}

/// By arithmetic, where the order allows; the last row's values prove that it is the same plan.
void Loop::pass_over(const storage::StoredRows& stored) {
  std::uint64_t before_last = stored.row_count() - 1;
  const bool cycles = request_.options.cycle && is_timed(request_.options);
  if (const auto size = plan_->size(); cycles && size && *size > 0) {
    cycle_ = before_last / *size;
    if (cycle_ > 0) plan_->restart(cycle_);
    before_last %= *size;
  } else if (cycles) {
    for (; before_last > 0; --before_last) (void)next_point();
  }
  plan_->skip(before_last, point_);
  if (!next_point()) {
    throw ConfigurationError(fmt::format(
        "the run has {} rows, more than the plan has points; restore the plan, or run without resume to begin anew",
        stored.row_count()));
  }
  require_same(stored_values(stored, stored.row_count() - 1, point_), point_, stored.row_count() - 1);
}

/// A plan that learns from rows is told all of them. What it would have proposed does not matter any more.
void Loop::tell_stored(const storage::StoredRows& stored) {
  for (std::uint64_t row = 0; row < stored.row_count() && !over_; ++row) {
    point_.index = row;
    over_ = !plan_->next(point_);
    point_.values = stored_values(stored, row, point_);
    point_.incomplete = true;  // which results were skipped is not known any more where they have no column yet
    if (!over_) plan_->tell(point_, stored.row(row));
  }
  point_.incomplete = false;
}

}  // namespace wheatstone::session
