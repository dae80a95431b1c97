// The path of a point: next position, wait until due, measure, commit. The order stands in Loop::run and nowhere else.
//
//   sweep:  next point -> settle -> acquisitions -> commit -> next
//   timed:  next slot  -> wait until due -> next point -> settle -> acquisitions -> commit -> next
//
// Costs of a point besides the acquisitions: two clock reads (60 ns) and the row's commit.

#include "session/engine.hpp"

#include <fmt/core.h>

#include <wheatstone/error.hpp>

#include "base/process.hpp"
#include "plan/grid.hpp"
#include "plan/slots.hpp"
#include "session/precise_wait.hpp"
#include "session/result_columns.hpp"
#include "session/run_document.hpp"
#include "session/wall_anchor.hpp"
#include "storage/run_writer.hpp"

namespace wheatstone::session {
namespace {

constexpr std::int64_t k_pulse = 2'000'000;        // nanoseconds between looks at everything that is not this point
constexpr std::int64_t k_bare_sleep = 20'000'000;  // real nanoseconds in an acquisition that look like a sleep

/// The columns that every row has.
struct FixedColumns {
  std::vector<std::size_t> parameters;
  std::size_t timestamp = 0;
  std::size_t slot = 0;
  std::size_t scheduled = 0;
  std::size_t started = 0;
  std::size_t finished = 0;
  std::size_t missed = 0;
  std::vector<std::size_t> acquisition_finished;  ///< where there are several acquisitions
};

FixedColumns add_fixed_columns(storage::RunWriter& writer, const RunRequest& request) {
  FixedColumns columns;
  for (const ParameterDefinition& parameter : request.parameters) {
    Value first;
    parameter.values->get(0, first);
    columns.parameters.push_back(writer.add_column({.name = parameter.name,
                                                    .role = storage::ColumnRole::parameter,
                                                    .unit = Unit(parameter.options.unit),
                                                    .notes = parameter.options.notes,
                                                    .group = 0}));
  }
  columns.timestamp = writer.add_column(
      {.name = "timestamp", .role = storage::ColumnRole::timestamp, .kind = Value::Kind::time, .group = 1});
  const auto add_timing = [&](std::string name, Unit unit) {
    return writer.add_column({.name = std::move(name),
                              .role = storage::ColumnRole::timing,
                              .unit = unit,
                              .kind = Value::Kind::integer,
                              .group = 4});
  };
  columns.slot = add_timing("slot", {});
  columns.scheduled = add_timing("scheduled", "ns");
  columns.started = add_timing("started", "ns");
  columns.finished = add_timing("finished", "ns");
  columns.missed = add_timing("missed", {});
  if (request.acquisitions.size() > 1) {
    for (const auto& acquisition : request.acquisitions) {
      columns.acquisition_finished.push_back(add_timing(acquisition->name() + ".finished", "ns"));
    }
  }
  return columns;
}

/// A run's rows and clocks while the loop goes on. One thread.
class Loop {
 public:
  Loop(const RunRequest& request, storage::RunWriter& writer, RunControl& control, RunProgress& progress)
      : request_(request),
        writer_(writer),
        control_(control),
        progress_(progress),
        clock_(*request.clock),
        anchor_(clock_),
        columns_(add_fixed_columns(writer, request)),
        results_(writer, taken_names(request), acquisition_names(request)),
        rows_(request.acquisitions.size()) {
    std::vector<plan::Source> sources;
    std::vector<std::string> names;
    for (const ParameterDefinition& parameter : request.parameters) {
      sources.push_back(parameter.values);
      names.push_back(parameter.name);
    }
    point_ = plan::empty_place(std::move(names));
    plan_ = std::make_unique<plan::Grid>(std::move(sources));
  }

  void run() {
    writer_.event("clock_anchor", anchor_document());
    is_timed(request_.options) ? run_timed() : run_sweep();
  }

  /// Results of the point in hand, for the run's events; an interrupted point never reaches the table.
  [[nodiscard]] io::Document interrupted_point() const {
    io::Document document = io::Document::object({{"index", point_.index}});
    for (std::size_t k = 0; k < point_.names.size(); ++k) {
      document["parameters"][point_.names[k]] = document_of_value(point_.values[k]);
    }
    for (std::size_t a = 0; a < at_acquisition_; ++a) {
      for (const Row::Entry& entry : rows_[a]) {
        document["results"][request_.acquisitions[a]->name()][entry.key] = document_of_value(entry.value);
      }
    }
    return document;
  }

  /// The acquisition that was being measured, for the error's text.
  [[nodiscard]] const std::string& acquisition() const { return request_.acquisitions[at_acquisition_]->name(); }
  [[nodiscard]] const Point::Data& point() const { return point_; }
  [[nodiscard]] bool measuring() const { return measuring_; }

 private:
  static std::vector<std::string> taken_names(const RunRequest& request) {
    std::vector<std::string> names = {"timestamp"};
    for (const ParameterDefinition& parameter : request.parameters) names.push_back(parameter.name);
    return names;
  }
  static std::vector<std::string> acquisition_names(const RunRequest& request) {
    std::vector<std::string> names;
    for (const auto& acquisition : request.acquisitions) names.push_back(acquisition->name());
    return names;
  }

  void run_sweep() {
    if (const auto total = plan_->size()) progress_.total.store(*total);
    while (next_point()) {
      if (!go_on()) return;
      const std::int64_t now = clock_.boottime();
      take_point(now, now, 0);
    }
  }

  void run_timed() {
    const RunOptions& options = request_.options;
    const std::int64_t interval = interval_of(options).nanoseconds();
    const std::int64_t start = clock_.monotonic();
    const std::int64_t to_boottime = clock_.boottime() - start;
    std::optional<std::int64_t> duration;
    if (options.duration) duration = options.duration->nanoseconds();
    plan::Slots slots(start, interval, duration, options.count, options.overrun == Overrun::catch_up);
    PreciseWait wait(clock_, interval, options.precise);
    progress_.total.store(timed_total(slots));
    while (go_on()) {
      const auto slot = slots.next(clock_.monotonic());
      if (!slot) break;
      if (wait.until(slot->due, control_.token()) == base::Clock::Wake::stopped || !go_on()) return;
      if (!request_.parameters.empty() && !next_point()) return;
      point_.slot = slot->number;
      point_.due = slot->due - start;
      take_point(slot->due + to_boottime, clock_.boottime(), slot->missed);
    }
    if (const auto end = slots.end(); end && go_on()) clock_.wait_until(*end, control_.token());
  }

  [[nodiscard]] std::uint64_t timed_total(const plan::Slots& slots) const {
    if (request_.parameters.empty() || request_.options.cycle) return slots.size();
    return std::min(slots.size(), plan_->size().value_or(UINT64_MAX));
  }

  /// Moves to the next point of the plan, and knows how long what changed has to settle.
  bool next_point() {
    if (!plan_->next(point_)) {
      if (!request_.options.cycle || !is_timed(request_.options)) return false;
      plan_->restart(++point_.repetition);
      if (!plan_->next(point_)) return false;
    }
    for (const std::size_t k : point_.changed) {
      settle_ = std::max(settle_, request_.parameters[k].options.settle.nanoseconds());
    }
    return true;
  }

  /// False where the run is to end. Waits while it is paused.
  bool go_on() {
    if (!control_.attention()) return true;
    if (control_.paused()) pause();
    return control_.end() == RunControl::End::none;
  }

  void pause() {
    progress_.state.store(RunState::paused);
    writer_.event("paused", {});
    clock_.leave();
    control_.wait_while_paused();
    clock_.join();
    writer_.event("resumed", {});
    progress_.state.store(RunState::running);
  }

  void take_point(std::int64_t scheduled, std::int64_t started, std::uint64_t missed) {
    point_.index = writer_.row_count();
    point_.timestamp = anchor_.wall_of(started);
    if (settle_ > 0) {
      const std::int64_t until = clock_.monotonic() + std::exchange(settle_, 0);
      if (clock_.wait_until(until, control_.token()) == base::Clock::Wake::stopped) return;
    }
    clock_.is_virtual() ? measure_in_virtual_time() : measure();
    commit(scheduled, started, missed);
    if (started >= next_pulse_) pulse(started);
  }

  void measure() {
    measuring_ = true;
    const bool several = rows_.size() > 1;
    if (several) point_.so_far.clear();
    for (std::size_t a = 0; a < rows_.size(); ++a) {
      at_acquisition_ = a;
      request_.acquisitions[a]->measure(Point(point_), rows_[a]);
      if (several) {
        writer_.set(columns_.acquisition_finished[a], clock_.boottime());
        if (a + 1 < rows_.size()) {
          for (const Row::Entry& entry : rows_[a]) point_.so_far.set(entry.key, entry.value);
        }
      }
    }
    measuring_ = false;
    process_.require_own_process("the run");  // an acquisition may have forked, and this be the child
    for (std::size_t a = 0; a < rows_.size(); ++a) results_.stage(a, rows_[a]);
  }

  /// A bare sleep of the machine moves nothing in virtual time; whoever wrote one is told, once.
  void measure_in_virtual_time() {
    const std::int64_t virtual_before = clock_.monotonic();
    const std::int64_t real_before = base::system_clock().monotonic();
    measure();
    const std::int64_t real = base::system_clock().monotonic() - real_before;
    if (warned_of_sleep_ || real < k_bare_sleep || clock_.monotonic() != virtual_before) return;
    warned_of_sleep_ = true;
    const std::string sentence = fmt::format(
        "under the pace 'virtual', acquisition '{}' took {:.3f} s of real time in which virtual time stood still; wait "
        "with "
        "session.sleep or stop_event.wait instead",
        acquisition(), static_cast<double>(real) * 1e-9);
    writer_.event("warning", io::Document::object({{"text", sentence}}));
    fmt::print(stderr, "wheatstone: {}\n", sentence);
  }

  void commit(std::int64_t scheduled, std::int64_t started, std::uint64_t missed) {
    for (std::size_t k = 0; k < columns_.parameters.size(); ++k) writer_.set(columns_.parameters[k], point_.values[k]);
    writer_.set(columns_.timestamp, point_.timestamp.nanoseconds);
    writer_.set(columns_.slot, static_cast<std::int64_t>(is_timed(request_.options) ? point_.slot : point_.index));
    writer_.set(columns_.scheduled, scheduled);
    writer_.set(columns_.started, started);
    writer_.set(columns_.finished, clock_.boottime());
    writer_.set(columns_.missed, static_cast<std::int64_t>(missed));
    writer_.commit();
    if (point_.index == 0) results_.first_row_done();
    progress_.done.store(point_.index + 1, std::memory_order_relaxed);
  }

  void pulse(std::int64_t now) {
    next_pulse_ = now + k_pulse;
    if (anchor_.refresh()) writer_.event("clock_anchor", anchor_document());
    if (request_.pulse) request_.pulse();
  }

  [[nodiscard]] io::Document anchor_document() const {
    return io::Document::object({{"wall_minus_boottime_ns", anchor_.offset()}});
  }

  const RunRequest& request_;
  storage::RunWriter& writer_;
  RunControl& control_;
  RunProgress& progress_;
  base::Clock& clock_;
  WallAnchor anchor_;
  FixedColumns columns_;
  ResultColumns results_;
  std::unique_ptr<plan::Plan> plan_;
  Point::Data point_;
  std::vector<Row> rows_;  ///< of each acquisition, reused
  std::int64_t settle_ = 0;
  std::int64_t next_pulse_ = 0;
  std::size_t at_acquisition_ = 0;
  bool measuring_ = false;
  bool warned_of_sleep_ = false;
  base::ProcessBound process_;
};

/// What a run came to before its exit.
struct Verdict {
  RunState state = RunState::finished;
  std::exception_ptr error;           ///< to be raised
  std::vector<std::string> attached;  ///< sentences to go with it
};

std::string place_of(const Point::Data& point) {
  std::string text = fmt::format("point {}", point.index);
  for (std::size_t k = 0; k < point.names.size(); ++k) {
    text += fmt::format("{}{} = {}", k == 0 ? " (" : ", ", point.names[k], text_of_value(point.values[k]));
  }
  return text + (point.names.empty() ? "" : ")");
}

/// Wraps what an acquisition threw.
std::exception_ptr failed_acquisition(const Loop& loop, std::exception_ptr cause) {
  MeasurementError error(fmt::format("acquisition '{}' failed at {}: {}; rows kept: {}", loop.acquisition(),
                                     place_of(loop.point()), text_of(cause), loop.point().index));
  error.set_cause(std::move(cause));
  Row parameters;
  for (std::size_t k = 0; k < loop.point().names.size(); ++k) {
    parameters.push_back({loop.point().names[k], loop.point().values[k]});
  }
  error.set_point(loop.point().index, std::make_shared<const Row>(std::move(parameters)));
  return std::make_exception_ptr(std::move(error));
}

Verdict run_loop(Loop& loop, RunControl& control) {
  Verdict verdict;
  try {
    loop.run();
  } catch (...) {
    verdict.error = std::current_exception();
  }
  switch (control.end()) {
    case RunControl::End::none:
      break;
    case RunControl::End::stop:
      verdict.state = RunState::stopped;
      break;
    case RunControl::End::task_failed:
      verdict.state = RunState::failed;
      break;
    case RunControl::End::abort:
      // What the point in progress threw is the abort itself at work.
      verdict.state = RunState::aborted;
      if (verdict.error) verdict.attached.push_back("the point in progress ended with: " + text_of(verdict.error));
      verdict.error = nullptr;
      return verdict;
  }
  if (verdict.error) {
    verdict.state = RunState::failed;
    if (loop.measuring()) verdict.error = failed_acquisition(loop, verdict.error);
  }
  return verdict;
}

void judge_tasks(const TaskGroup::Ended& ended, const RunRequest& request, Verdict& verdict) {
  for (const TaskGroup::Failure& failure : ended.failures) {
    // After an abort, tasks end with the cancelled wait; that is no failure of theirs.
    if (verdict.state == RunState::aborted) {
      verdict.attached.push_back(fmt::format("task '{}' ended with: {}", failure.name, text_of(failure.error)));
      continue;
    }
    verdict.state = RunState::failed;
    if (verdict.error) {
      verdict.attached.push_back(fmt::format("task '{}' failed too: {}", failure.name, text_of(failure.error)));
      continue;
    }
    MeasurementError error(fmt::format("task '{}' failed: {}; the run was ended and its rows are kept", failure.name,
                                       text_of(failure.error)));
    error.set_cause(failure.error);
    verdict.error = std::make_exception_ptr(std::move(error));
  }
  for (const std::string& name : ended.stuck) {
    const std::string sentence = fmt::format(
        "task '{}' did not end within its grace of {:g} s after its stop was requested; look at stop_event (or the "
        "stop token) in its loops",
        name, request.options.grace.seconds());
    verdict.state = verdict.state == RunState::aborted ? verdict.state : RunState::failed;
    if (verdict.error || verdict.state == RunState::aborted) {
      verdict.attached.push_back(sentence);
    } else {
      verdict.error = std::make_exception_ptr(MeasurementError(sentence));
    }
  }
}

storage::Outcome outcome_of(RunState state) {
  switch (state) {
    case RunState::finished:
      return storage::Outcome::finished;
    case RunState::stopped:
      return storage::Outcome::stopped;
    case RunState::aborted:
      return storage::Outcome::aborted;
    default:
      return storage::Outcome::failed;
  }
}

/// Hangs the sentences and the rows on the error that will be raised; makes one where there is none yet.
void complete_error(Verdict& verdict, bool interrupted, const std::shared_ptr<const Experiment>& experiment) {
  if (verdict.error && interrupted) {  // the user's Ctrl-C comes first; a script must not go on
    verdict.attached.insert(verdict.attached.begin(), text_of(verdict.error));
    verdict.error = nullptr;
  }
  if (!verdict.error && (verdict.state == RunState::aborted || interrupted)) {
    verdict.error = std::make_exception_ptr(
        Interrupted(fmt::format("the run was {}; {} rows are kept in {}", interrupted ? "interrupted" : "aborted",
                                experiment->row_count(), experiment->folder().string())));
  }
  if (!verdict.error && !verdict.attached.empty()) {
    verdict.error = std::make_exception_ptr(MeasurementError(verdict.attached.front()));
    verdict.attached.erase(verdict.attached.begin());
  }
  if (!verdict.error) return;
  try {
    std::rethrow_exception(verdict.error);
  } catch (Error& error) {
    for (const std::string& sentence : verdict.attached) error.attach(sentence);
    if (auto* measurement = dynamic_cast<MeasurementError*>(&error)) measurement->set_experiment(experiment);
    verdict.error = std::current_exception();
  } catch (...) {  // no error of ours: stays as it is
  }
}

std::unique_ptr<storage::RunWriter> open_writer(const RunRequest& request) {
  storage::RunStart start;
  start.name = request.name;
  start.details = run_document(request);
  start.durability =
      request.options.durability == RowDurability::row ? storage::Durability::row : storage::Durability::second;
  return storage::RunWriter::create(request.store, std::move(start), *request.clock, *request.files);
}

}  // namespace

RunResult execute(const RunRequest& request, RunControl& control, RunProgress& progress) {
  check(request);
  const std::shared_ptr<storage::RunWriter> writer = open_writer(request);
  Loop loop(request, *writer, control, progress);
  TaskGroup tasks(request.tasks, *request.clock, [&control] { control.task_failed(); });

  const base::ProcessBound process;
  progress.started.store(request.clock->monotonic());
  progress.state.store(RunState::running);
  Verdict verdict;
  {
    const base::ClockParticipant participant(*request.clock);
    tasks.start();
    verdict = run_loop(loop, control);
    if (!process.in_own_process())
      std::rethrow_exception(verdict.error);  // a forked child leaves the run to its parent
    tasks.request_stop();                     // while this thread still holds virtual time
  }

  // The one way out, whatever ended the run.
  progress.state.store(RunState::stopping);
  if (loop.measuring()) writer->event("interrupted_point", loop.interrupted_point());
  judge_tasks(tasks.end(request.options.grace), request, verdict);
  if (verdict.state != RunState::finished) {
    for (std::string& failure : take_exit(request.safe_steps)) verdict.attached.push_back(std::move(failure));
  }
  const Experiment unsealed = writer->experiment();
  const io::Document outcome = outcome_document(verdict.error, verdict.attached);
  if (verdict.state != RunState::finished) {
    io::Document end = outcome;
    end["state"] = name_of(verdict.state);
    end["asked_by"] = control.interrupted() ? "keyboard" : name_of(control.end());
    writer->event("ended_early", end);
  }
  const std::vector<std::string> seal_failures =
      take_exit({{.name = "seal the run in " + writer->folder().string(),
                  .limit = std::chrono::seconds(60),
                  .work = [writer, state = outcome_of(verdict.state), outcome] { writer->finish(state, outcome); }}});
  verdict.attached.insert(verdict.attached.end(), seal_failures.begin(), seal_failures.end());

  RunResult result;
  result.experiment = std::make_shared<const Experiment>(seal_failures.empty() ? writer->experiment() : unsealed);
  if (!seal_failures.empty() && !verdict.error) {
    verdict.error = std::make_exception_ptr(StorageError(seal_failures.front() + "; committed rows are on disk"));
    verdict.attached.erase(std::ranges::find(verdict.attached, seal_failures.front()));
    verdict.state = RunState::failed;
  }
  complete_error(verdict, control.interrupted(), result.experiment);
  result.state = verdict.state;
  result.error = verdict.error;
  progress.state.store(verdict.state);
  return result;
}

}  // namespace wheatstone::session
