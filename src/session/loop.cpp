// The order of a point stands in run_sweep and run_timed and nowhere else.
//
//   sweep:  next point -> levels' hooks -> settle -> acquisitions -> commit -> next
//   timed:  next slot -> wait until due -> next point -> levels' hooks -> settle -> acquisitions -> commit -> next
//
// Costs of a point besides the acquisitions: two clock reads (60 ns) and the row's commit.

#include "session/loop.hpp"

#include <fmt/core.h>

#include "plan/user_call.hpp"
#include "session/baselines.hpp"
#include "session/run_document.hpp"
#include "session/schedule.hpp"

namespace wheatstone::session {
namespace {

constexpr std::int64_t k_pulse = 2'000'000;        // nanoseconds between looks at everything that is not this point
constexpr std::int64_t k_suspended = 10'000'000;   // nanoseconds of suspension that are worth a word
constexpr std::uint64_t k_preparing = 1;           // part of a point's readings: those before its measurement
constexpr std::int64_t k_bare_sleep = 20'000'000;  // real nanoseconds in an acquisition that look like a sleep

}  // namespace

Loop::Loop(const RunRequest& request, std::unique_ptr<plan::Plan> plan, storage::RunWriter& writer, RunControl& control,
           RunProgress& progress, RowObservers& observers)
    : request_(request),
      writer_(writer),
      control_(control),
      progress_(progress),
      clock_(*request.clock),
      observers_(observers),
      anchor_(clock_),
      columns_(add_fixed_columns(writer, request)),
      measurement_(request, writer, columns_, control, progress),
      settling_(request, measurement_, control),
      hooks_(request),
      hold_(request.conditions, clock_, control, progress,
            [&writer](std::string_view event, const io::Document& details) { writer.event(event, details); }),
      plan_(std::move(plan)),
      is_told_(plan_->adaptive() || request.options.until) {
  std::vector<std::string> names;
  for (const ParameterDefinition& parameter : request.parameters) names.push_back(parameter.name);
  point_ = plan::empty_place(std::move(names));
  std::vector<std::string> works = measurement_.works();
  works_ = {.plan = works.size(), .until = works.size() + 1, .preparing = works.size() + 2};
  works.push_back(plan_->adaptive() ? fmt::format("{} (ask or tell)", request.options.order.plan()->description())
                                    : std::string("the values of the next point"));
  works.emplace_back("the condition of until");
  works.emplace_back("what is set up, or comes to rest, before a point");
  progress.name_works(std::move(works));
}

void Loop::run() {
  writer_.event("clock_anchor", anchor_document());
  if (!request_.baselines.empty()) take_baselines("start", request_, writer_, control_, anchor_);
  if (!over_) is_timed(request_.options) ? run_timed() : run_sweep();
}

void Loop::measure_end() {
  const RunControl::End end = control_.end();
  if (request_.baselines.empty() || (end != RunControl::End::none && end != RunControl::End::stop)) return;
  take_baselines("end", request_, writer_, control_, anchor_);
}

std::vector<std::string> Loop::leave_levels() {
  if (control_.end() == RunControl::End::abort || !process_.in_own_process()) return {};
  return hooks_.leave_all(writer_.row_count());
}

io::Document Loop::interrupted_point() const {
  io::Document document = io::Document::object({{"index", point_.index}});
  for (std::size_t k = 0; k < point_.names.size(); ++k) {
    document["parameters"][point_.names[k]] = document_of_value(point_.values[k]);
  }
  if (io::Document results = measurement_.results_so_far(); !results.members().empty())
    document["results"] = std::move(results);
  return document;
}

void Loop::run_sweep() {
  if (const auto total = plan_->size()) progress_.total.store(*total);
  while (next_point()) {
    if (!go_on()) return;
    const std::int64_t now = clock_.boottime();
    if (!take_point(now, now, 0)) return;
  }
}

void Loop::run_timed() {
  const std::int64_t now = clock_.monotonic();
  std::int64_t to_boottime = clock_.boottime() - now;
  const std::int64_t start = now - (elapsed_ ? Schedule::next_after(*elapsed_, times_of(request_)) : 0);
  Schedule schedule(request_, start);
  if (elapsed_) schedule.go_on_after(*elapsed_, writer_.row_count());
  if (!schedule.all_together()) {
    writer_.event("grid", io::Document::object({{"start_boottime_ns", start + to_boottime}}));
  }
  progress_.total.store(timed_total(schedule.size()));
  while (go_on()) {
    if (hold_.take_held()) schedule.rested();
    const Schedule::Outcome outcome = schedule.wait_for_next(control_.token());
    if (outcome == Schedule::Outcome::over) break;
    if (outcome == Schedule::Outcome::stopped || !hold_.still(point_)) return;
    if (!request_.parameters.empty() && !next_point()) return;
    const Schedule::DueRow& row = schedule.row();
    point_.slot = row.slot;
    point_.due = row.due - start;
    if (!schedule.parts().empty()) measurement_.only(schedule.parts());
    const std::int64_t started = clock_.boottime();
    if (started - row.due - to_boottime > k_suspended) follow_suspension(to_boottime);
    if (!take_point(row.due + to_boottime, started, row.missed)) return;
  }
  if (const auto end = schedule.end(); end && go_on()) clock_.wait_until(*end, control_.token());
}

/// The grid stands still while the machine is suspended, and the clock of rows goes on.
void Loop::follow_suspension(std::int64_t& to_boottime) {
  const std::int64_t boottime = clock_.boottime();
  const std::int64_t at_least = boottime - clock_.monotonic();  // in this order, whatever comes between the two
  const std::int64_t suspended = at_least - to_boottime;
  if (suspended <= k_suspended) return;
  to_boottime = at_least;
  writer_.event("machine_suspended", io::Document::object({{"duration_s", static_cast<double>(suspended) * 1e-9}}));
}

std::uint64_t Loop::timed_total(std::uint64_t slots) const {
  if (request_.parameters.empty() || request_.options.cycle) return slots;
  return std::min(slots, plan_->size().value_or(UINT64_MAX));
}

/// Moves to the next point of the plan.
bool Loop::next_point() {
  progress_.work.store(works_.plan, std::memory_order_relaxed);
  if (!plan_->next(point_)) {
    if (!request_.options.cycle || !is_timed(request_.options)) return false;
    plan_->restart(++cycle_);
    if (!plan_->next(point_)) return false;
  }
  if (resumed_) plan::mark_all_changed(point_);
  return true;
}

/// False where the run ends with this point.
bool Loop::take_point(std::int64_t scheduled, std::int64_t started, std::uint64_t missed) {
  point_.index = writer_.row_count();
  point_.timestamp = anchor_.wall_of(started);
  const bool pulse_is_due = started >= next_pulse_;
  if (pulse_is_due) progress_.sample(started, point_);
  point_.first_after_resume = resumed_;
  if ((!hooks_.empty() || !settling_.empty()) && !prepare()) return false;
  if (request_.occasion != nullptr) request_.occasion->at_point(request_.run_on_bench, point_.index);
  clock_.is_virtual() ? measure_in_virtual_time() : measurement_.take(point_);
  commit(scheduled, started, missed);
  if (observers_.any()) observers_.offer(observed_row());
  if (pulse_is_due) pulse(started);
  return !is_told_ || tell_row();
}

/// Tells the row to who waits for it: an adaptive plan, a condition for the end. False where that is reached.
bool Loop::tell_row() {
  const Row& row = observed_row();
  progress_.work.store(works_.plan, std::memory_order_relaxed);
  if (plan_->adaptive()) plan_->tell(point_, row);
  progress_.work.store(works_.until, std::memory_order_relaxed);
  if (!ends_with(row)) return true;
  writer_.event("until_reached", io::Document::object({{"index", point_.index}}));
  return false;
}

bool Loop::ends_with(const Row& row) {
  const auto& until = request_.options.until;
  return until && plan::call_user("the condition of until", point_, [&] { return until(row); });
}

/// Enters the levels and waits until what changed is at rest. False where the run's end was asked for meanwhile.
bool Loop::prepare() {
  if (request_.occasion != nullptr) request_.occasion->at_point(request_.run_on_bench, point_.index, k_preparing);
  progress_.work.store(works_.preparing, std::memory_order_relaxed);
  if (!hooks_.empty()) hooks_.move_to(point_);
  return settling_.empty() || settling_.wait(point_);
}

/// A bare sleep of the machine moves nothing in virtual time; whoever wrote one is told, once.
void Loop::measure_in_virtual_time() {
  const std::int64_t virtual_before = clock_.monotonic();
  const std::int64_t real_before = base::system_clock().monotonic();
  measurement_.take(point_);
  const std::int64_t real = base::system_clock().monotonic() - real_before;
  if (warned_of_sleep_ || real < k_bare_sleep || clock_.monotonic() != virtual_before) return;
  warned_of_sleep_ = true;
  const std::string sentence = fmt::format(
      "under the pace 'virtual', {} took {:.3f} s of real time in which virtual time stood still; wait with "
      "session.sleep or stop_event.wait instead",
      measurement_.source(), static_cast<double>(real) * 1e-9);
  writer_.event("warning", io::Document::object({{"text", sentence}}));
  fmt::print(stderr, "wheatstone: {}\n", sentence);
}

void Loop::commit(std::int64_t scheduled, std::int64_t started, std::uint64_t missed) {
  for (std::size_t k = 0; k < columns_.parameters.size(); ++k) writer_.set(columns_.parameters[k], point_.values[k]);
  writer_.set(columns_.timestamp, point_.timestamp.nanoseconds);
  writer_.set(columns_.slot, static_cast<std::int64_t>(is_timed(request_.options) ? point_.slot : point_.index));
  writer_.set(columns_.scheduled, scheduled);
  writer_.set(columns_.started, started);
  writer_.set(columns_.finished, clock_.boottime());
  writer_.set(columns_.missed, static_cast<std::int64_t>(missed));
  if (columns_.repetition) writer_.set(*columns_.repetition, static_cast<std::int64_t>(point_.repetition));
  writer_.commit();
  measurement_.committed(point_);
  resumed_ = false;
  progress_.work.store(0, std::memory_order_relaxed);
  progress_.done.store(point_.index + 1, std::memory_order_relaxed);
}

/// The row that was committed last, as its columns are named.
const Row& Loop::observed_row() {
  observed_.begin();
  for (std::size_t k = 0; k < point_.names.size(); ++k) observed_.add(point_.names[k], point_.values[k]);
  observed_.add("timestamp", point_.timestamp);
  measurement_.add_results(observed_);
  return observed_.end();
}

void Loop::pulse(std::int64_t now) {
  next_pulse_ = now + k_pulse;
  for (const RowObservers::Ended& failed : observers_.wake()) writer_.event("observer_failed", document_of(failed));
  if (anchor_.refresh()) writer_.event("clock_anchor", anchor_document());
  if (request_.pulse) request_.pulse();
}

io::Document Loop::anchor_document() const {
  return io::Document::object({{"wall_minus_boottime_ns", anchor_.offset()}});
}

}  // namespace wheatstone::session
