#include "storage/run_writer.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <wheatstone/error.hpp>
#include <wheatstone/version.hpp>

#include "base/blocking.hpp"
#include "base/process.hpp"
#include "storage/element_type.hpp"
#include "storage/experiment_state.hpp"
#include "storage/known_stores.hpp"
#include "storage/row_writer.hpp"
#include "storage/run_folder.hpp"
#include "storage/run_lock.hpp"
#include "storage/run_recovery.hpp"

namespace wheatstone::storage {
namespace {

/// When the machine made the run, also where rows are timed by a virtual clock: runs are listed by it.
Time host_time(base::Clock& clock) { return clock.is_virtual() ? base::system_clock().wall() : clock.wall(); }

constexpr std::size_t k_most_columns = 4096;

/// What a run's end wrote into run.json; a continuation moves it to the segment that ended so.
constexpr std::array<std::string_view, 4> k_outcome_keys = {"ended", "error", "attached", "event_errors"};

/// What a segment says of itself.
io::Document segment_document(std::uint64_t first_row, Time now, base::Clock& clock) {
  return io::Document::object({{"first_row", first_row},
                               {"started", rfc3339(now)},
                               {"boottime", clock.boottime()},
                               {"pid", std::int64_t{::getpid()}},
                               {"user", base::user_name()},
                               {"host", base::host_name()},
                               {"wheatstone", std::string(version())}});
}

/// The segments of a run, of which the last says how it ended; run.json says so no more.
io::Document::Array take_segments(io::Document& record, RunState state) {
  io::Document::Array segments;
  if (const std::optional<io::Document> kept = record.take("segments")) segments = kept->items();
  if (segments.empty())
    segments.push_back(io::Document::object({{"first_row", 0}, {"started", record.text({"started"})}}));
  segments.back()["state"] = wheatstone::name_of(state);
  for (const std::string_view key : k_outcome_keys) {
    if (std::optional<io::Document> value = record.take(key)) segments.back()[key] = std::move(*value);
  }
  record.take("rows");
  return segments;
}

/// Puts members in the place of those of the same key, as they are.
void set_members(io::Document& record, const io::Document& told) {
  for (const auto& [key, value] : told.members()) record[key] = value;
}

/// Takes away what there is of a run that could not begin.
void remove_unbegun(io::FileSystem& files, const std::filesystem::path& folder) {
  try {
    for (const io::FolderEntry& entry : files.list(folder)) files.remove(folder / entry.name);
    files.remove_folder(folder);
  } catch (const StorageError&) {
    // A medium that refuses even this says so by the error that led here.
  }
}

/// The record of a run that may be gone on with. Throws where it may not.
RunRecord resumable_record(io::FileSystem& files, const std::filesystem::path& folder) {
  RunRecord record = read_record(files, folder);
  if (state_of(record, false) == RunState::finished) {
    throw ConfigurationError("the run '" + folder.string() + "' has finished with " +
                             std::to_string(record.rows.value_or(0)) +
                             " rows and there is nothing to go on with; a new measurement needs a new run");
  }
  return record;
}

/// Whether a cell, or its frame's column of that name, holds a whole number that a float64 cannot.
bool holds_beyond_53_bits(const Value& value, std::string_view part) {
  if (const auto* integer = value.get_if<std::int64_t>()) return !exact_as_real(*integer);
  if (const auto* array = value.get_if<std::shared_ptr<const Array>>()) return beyond_53_bits(**array);
  const auto* frame = value.get_if<std::shared_ptr<const Frame>>();
  if (frame == nullptr) return false;
  const auto found =
      std::ranges::find((*frame)->columns, part, [](const auto& column) -> const std::string& { return column.first; });
  return found != (*frame)->columns.end() && beyond_53_bits(found->second);
}

/// events.jsonl. Any thread.
class EventLog {
 public:
  EventLog(io::FileSystem& files, const std::filesystem::path& path, base::Clock& clock)
      : file_(files.open(path, io::OpenMode::append)), clock_(clock) {}

  void append(std::string_view kind, const io::Document& details) {
    io::Document line =
        io::Document::object({{"event", kind}, {"wall", rfc3339(clock_.wall())}, {"boottime", clock_.boottime()}});
    line.merge(details);
    const std::string text = line.dump() + "\n";
    const base::BlockingRegion region;  // before the lock: nobody waits for a runtime's lock while holding it
    const std::scoped_lock lock(mutex_);
    file_->append(io::as_bytes(text));
    unsynced_ = true;
  }
  void sync() {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(unsynced_, false)) file_->sync();
  }
  [[nodiscard]] const std::shared_ptr<io::File>& file() const { return file_; }

 private:
  std::mutex mutex_;
  std::shared_ptr<io::File> file_;
  bool unsynced_ = false;
  base::Clock& clock_;
};

}  // namespace

std::string_view name_of(Outcome outcome) {
  constexpr std::array<std::string_view, 4> k_names = {"finished", "stopped", "failed", "aborted"};
  return k_names[static_cast<std::size_t>(outcome)];
}

struct RunWriter::State {
  State(io::FileSystem& files_in, base::Clock& clock_in, std::filesystem::path folder_in, base::Uuid id_in,
        RunLock lock_in, bool sync_each_row)
      : files(files_in),
        clock(clock_in),
        folder(std::move(folder_in)),
        id(id_in),
        id_text(id_in.text()),
        lock(std::move(lock_in)),
        events(files, folder / k_events_file, clock),
        keeper(files, folder, id, [this](std::string_view event, io::Document details) { tell(event, details); }),
        rows(keeper, files, folder, id, sync_each_row) {
    keeper.watch(events.file());
  }

  /// For what happens beside the loop, where nobody could take an exception: a log that cannot be written is told at
  /// the end.
  void tell(std::string_view event, const io::Document& details) {
    try {
      events.append(event, details);
    } catch (const StorageError& error) {
      const std::scoped_lock guard(mutex);
      untold.emplace_back(error.what());
    }
  }

  /// What can go wrong without ending the run.
  void tell_medium() {
    if (!lock.supported()) {
      tell("medium", io::Document::object(
                         {{"lock", "none"},
                          {"reason", "the file system knows no locks; its lock file names this process instead"}}));
    }
    if (const std::optional<std::string> trouble = remember_store(files, folder.parent_path())) {
      tell("store_not_registered", io::Document::object({{"error", *trouble}}));
    }
  }

  void go_on(const RecoveredRows& recovered);
  void name_unit(std::size_t column, Unit unit);
  std::size_t claim(std::size_t column, const ColumnSpec& spec);
  [[nodiscard]] bool has_timing_without_prefix(const std::string& name) const;

  /// Does what must be done on a full medium too.
  template <class Action>
  void in_reserved_room(Action action) {
    try {
      action();
    } catch (const StorageError&) {
      if (!keeper.release_room()) throw;
      action();
    }
  }

  void write_record() {
    in_reserved_room([this] { io::replace_text(files, folder / k_run_file, record.dump(true) + "\n"); });
  }

  base::ProcessBound process;
  io::FileSystem& files;
  base::Clock& clock;
  const std::filesystem::path folder;
  const base::Uuid id;
  const std::string id_text;
  RunLock lock;
  EventLog events;
  Keeper keeper;
  RowWriter rows;
  std::unordered_map<std::string, std::size_t> names;
  std::unordered_set<std::string> unclaimed;  ///< stored columns that add_column() has not asked for
  StoredRows stored{std::make_shared<const std::vector<Segment>>(), {}};
  bool ended = false;

  std::mutex mutex;
  // Protected by mutex:
  io::Document record;
  std::vector<std::string> untold;
};

std::unique_ptr<RunWriter> RunWriter::create(const std::filesystem::path& store, RunStart start, base::Clock& clock,
                                             io::FileSystem& files) {
  const std::filesystem::path place = std::filesystem::absolute(store).lexically_normal();
  files.make_folders(place);
  const Time now = host_time(clock);
  base::Uuid id = base::make_uuid_v7(now);
  while (!files.make_folder(place / folder_name(now, start.name, id))) id = base::make_uuid_v7(now);
  const std::filesystem::path folder = place / folder_name(now, start.name, id);
  try {
    auto state = std::make_unique<State>(files, clock, folder, id, take_run_lock(files, folder),
                                         start.durability == Durability::row);
    state->keeper.reserve_room();
    state->record = io::Document::object({{"format", k_format_version},
                                          {"id", state->id_text},
                                          {"name", start.name},
                                          {"state", "running"},
                                          {"started", rfc3339(now)}});
    state->record.merge(start.details);
    if (start.tell) set_members(state->record, start.tell(state->id_text));
    state->record["segments"] = io::Document::array({segment_document(0, now, clock)});
    state->write_record();
    state->tell_medium();
    return std::unique_ptr<RunWriter>(new RunWriter(std::move(state)));
  } catch (const StorageError& error) {
    remove_unbegun(files, folder);
    throw StorageError(std::string("the run cannot begin: ") + error.what());
  }
}

std::unique_ptr<RunWriter> RunWriter::reopen(const std::filesystem::path& folder, RunContinuation continuation,
                                             base::Clock& clock, io::FileSystem& files) {
  const std::filesystem::path place = std::filesystem::absolute(folder).lexically_normal();
  static_cast<void>(resumable_record(files, place));  // before anything is touched: it may be no run at all
  RunLock lock = take_run_lock(files, place);
  const RunRecord record = resumable_record(files, place);  // as the last writer left it
  const RecoveredRows recovered = recover_rows(files, place, record);
  mend_events(files, place);
  auto state = std::make_unique<State>(files, clock, place, record.id, std::move(lock),
                                       continuation.durability == Durability::row);
  state->keeper.reserve_room();
  state->record = record.document;
  io::Document::Array segments = take_segments(state->record, state_of(record, false));
  io::Document segment = segment_document(recovered.row_count, host_time(clock), clock);
  segment.merge(continuation.segment);
  segments.push_back(segment);
  state->record.merge(continuation.details);
  if (continuation.tell) set_members(state->record, continuation.tell(state->id_text));
  state->record["segments"] = std::move(segments);
  state->record["format"] = k_format_version;
  state->record["state"] = "running";
  state->write_record();
  if (!recovered.set_aside.empty()) {
    for (const std::string& name : recovered.set_aside) segment["set_aside"].push_back(name);
  }
  state->events.append("segment", segment);
  state->tell_medium();
  state->go_on(recovered);
  return std::unique_ptr<RunWriter>(new RunWriter(std::move(state)));
}

void RunWriter::State::go_on(const RecoveredRows& recovered) {
  stored = StoredRows(recovered.segments, recovered.columns);
  for (std::size_t c = 0; c < recovered.columns.size(); ++c) {
    names.emplace(recovered.columns[c].name, c);
    unclaimed.insert(recovered.columns[c].name);
  }
  rows.go_on(recovered.columns, recovered.row_count, [this](std::size_t column, std::string_view part) {
    if (column >= stored.columns().size()) return false;
    for (std::uint64_t row = 0; row < stored.row_count(); ++row) {
      if (holds_beyond_53_bits(stored.at(row, column), part)) return true;
    }
    return false;
  });
}

/// A stored column that is asked for again.
std::size_t RunWriter::State::claim(std::size_t column, const ColumnSpec& spec) {
  const ColumnInfo& info = rows.columns()[column];
  const auto refuse = [&](const std::string& was, const std::string& is) {
    throw ConfigurationError("the run's column '" + spec.name + "' was " + was + " and now is " + is +
                             "; a run goes on with the columns it has, start a new one for others");
  };
  if (info.role != spec.role) {
    refuse("a column of role '" + std::string(name_of(info.role)) + "'",
           "one of role '" + std::string(name_of(spec.role)) + "'");
  }
  if (!spec.unit.empty() && info.unit.empty()) {
    name_unit(column, spec.unit);
  } else if (!spec.unit.empty() && info.unit != spec.unit) {
    refuse("in '" + std::string(info.unit.label()) + "'", "in '" + std::string(spec.unit.label()) + "'");
  }
  if (!spec.kind || *spec.kind == info.kind) return column;
  const auto is_number = [](Value::Kind kind) { return kind == Value::Kind::integer || kind == Value::Kind::real; };
  if (info.kind == Value::Kind::null) {
    if (*spec.kind != Value::Kind::array && *spec.kind != Value::Kind::frame) rows.set_kind(column, *spec.kind);
  } else if (!is_number(info.kind) || !is_number(*spec.kind)) {
    refuse("of " + std::string(wheatstone::name_of(info.kind)), "of " + std::string(wheatstone::name_of(*spec.kind)));
  }
  return column;
}

/// Runs of builds before timing columns had a prefix are gone on with under the names that they have.
bool RunWriter::State::has_timing_without_prefix(const std::string& name) const {
  return unclaimed.contains(name) && rows.columns()[names.at(name)].role == ColumnRole::timing;
}

/// A unit that becomes known after its column.
void RunWriter::State::name_unit(std::size_t column, Unit unit) {
  process.require_own_process("a run");
  if (!rows.set_unit(column, unit)) return;
  const std::scoped_lock guard(mutex);
  record["units"][rows.columns()[column].name] = unit.label();
  write_record();
}

RunWriter::RunWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}

RunWriter::~RunWriter() {
  if (!state_->process.in_own_process()) {
    // A forked child has no thread to join and no memory to seal; its copy is left alone.
    static_cast<void>(state_.release());
    return;
  }
  if (state_->ended) return;
  state_->rows.end();
  state_->keeper.stop();
}

const std::string& RunWriter::id() const { return state_->id_text; }
const std::filesystem::path& RunWriter::folder() const { return state_->folder; }
std::uint64_t RunWriter::row_count() const { return state_->rows.row_count(); }
std::uint64_t RunWriter::unsealed_bytes() const { return state_->keeper.unsealed_bytes(); }

const StoredRows& RunWriter::stored() const { return state_->stored; }

std::size_t RunWriter::add_column(ColumnSpec spec) {
  const auto& columns = state_->rows.columns();
  if (spec.role == ColumnRole::timing && !state_->has_timing_without_prefix(spec.name)) {
    spec.name.insert(0, k_timing_prefix);
  }
  if (state_->unclaimed.erase(spec.name) != 0) return state_->claim(state_->names.at(spec.name), spec);
  if (columns.size() == k_most_columns) {
    throw DataError("row " + std::to_string(row_count()) + ": the column '" + spec.name + "' would be the " +
                    std::to_string(k_most_columns + 1) + "th; a run has at most " + std::to_string(k_most_columns) +
                    " columns, keep such data as an array");
  }
  if (!state_->names.emplace(spec.name, columns.size()).second) {
    throw ConfigurationError("there are two columns named '" + spec.name + "'; give one another name");
  }
  ColumnInfo info;
  info.name = std::move(spec.name);
  info.group = spec.group;
  info.role = spec.role;
  info.unit = spec.unit;
  info.notes = std::move(spec.notes);
  // The type of arrays and frames is decided by the first value.
  const bool known = spec.kind && *spec.kind != Value::Kind::array && *spec.kind != Value::Kind::frame;
  info.kind = known ? *spec.kind : Value::Kind::null;
  info.type = type_of(info.kind);
  return state_->rows.add_column(std::move(info));
}

void RunWriter::set(std::size_t column, double value) { state_->rows.set(column, value); }
void RunWriter::set(std::size_t column, std::int64_t value) { state_->rows.set(column, value); }

void RunWriter::set(std::size_t column, const Value& value) {
  RowWriter& rows = state_->rows;
  Unit unit = value.unit();
  if (const auto* waveform = value.get_if<std::shared_ptr<const Waveform>>(); waveform != nullptr && unit.empty())
    unit = (*waveform)->unit;
  if (!unit.empty() && rows.columns()[column].unit.empty()) state_->name_unit(column, unit);
  rows.set(column, value);
}

void RunWriter::commit() {
  state_->process.require_own_process("a run");
  state_->rows.commit();
}

void RunWriter::discard() { state_->rows.discard(); }

void RunWriter::event(std::string_view kind, io::Document details) {
  state_->process.require_own_process("a run");
  state_->in_reserved_room([&] { state_->events.append(kind, details); });
}

void RunWriter::amend(const io::Document& details) {
  state_->process.require_own_process("a run");
  const std::scoped_lock guard(state_->mutex);
  state_->record.merge(details);
  state_->write_record();
}

void RunWriter::finish(Outcome outcome, io::Document details) {
  State& state = *state_;
  state.process.require_own_process("a run");
  if (state.ended) throw std::logic_error("the run has ended already");
  state.rows.end();
  state.keeper.stop();
  state.keeper.merge_parts();
  state.keeper.release_room();
  state.ended = true;
  {
    const std::scoped_lock guard(state.mutex);
    state.record.merge(details);
    state.record["state"] = name_of(outcome);
    state.record["ended"] = rfc3339(host_time(state.clock));
    state.record["rows"] = state.rows.row_count();
    for (std::string& each : state.untold) state.record["event_errors"].push_back(std::move(each));
    state.write_record();
  }
  state.events.sync();
  state.files.sync_folder(state.folder);
  state.lock.release();
}

Experiment RunWriter::experiment() const {
  state_->process.require_own_process("a run");
  return ExperimentAccess::open(state_->folder, state_->files, state_->rows.unsaved());
}

}  // namespace wheatstone::storage
