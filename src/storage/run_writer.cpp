#include "storage/run_writer.hpp"

#include <array>
#include <mutex>
#include <unordered_map>
#include <wheatstone/error.hpp>

#include "base/blocking.hpp"
#include "base/process.hpp"
#include "storage/experiment_state.hpp"
#include "storage/known_stores.hpp"
#include "storage/row_writer.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone::storage {
namespace {

/// When the machine made the run, also where rows are timed by a virtual clock: runs are listed by it.
Time host_time(base::Clock& clock) { return clock.is_virtual() ? base::system_clock().wall() : clock.wall(); }

constexpr std::size_t k_most_columns = 4096;

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
        bool sync_each_row)
      : files(files_in),
        clock(clock_in),
        folder(std::move(folder_in)),
        id(id_in),
        id_text(id_in.text()),
        lock(files.open(folder / k_lock_file, io::OpenMode::create)),
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

  void write_record() { io::replace_text(files, folder / k_run_file, record.dump(true) + "\n"); }

  base::ProcessBound process;
  io::FileSystem& files;
  base::Clock& clock;
  const std::filesystem::path folder;
  const base::Uuid id;
  const std::string id_text;
  std::unique_ptr<io::File> lock;
  EventLog events;
  Keeper keeper;
  RowWriter rows;
  std::unordered_map<std::string, std::size_t> names;
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
  auto state = std::make_unique<State>(files, clock, place / folder_name(now, start.name, id), id,
                                       start.durability == Durability::row);
  const io::Locked locked = state->lock->lock();
  state->record = io::Document::object({{"format", k_format_version},
                                        {"id", state->id_text},
                                        {"name", start.name},
                                        {"state", "running"},
                                        {"started", rfc3339(now)}});
  state->record.merge(start.details);
  state->write_record();
  if (locked == io::Locked::unsupported) {
    state->tell("medium",
                io::Document::object(
                    {{"lock", "none"}, {"reason", "the file system knows no locks; a running run looks killed"}}));
  }
  if (const std::optional<std::string> trouble = remember_store(files, place)) {
    state->tell("store_not_registered", io::Document::object({{"error", *trouble}}));
  }
  return std::unique_ptr<RunWriter>(new RunWriter(std::move(state)));
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

std::size_t RunWriter::add_column(ColumnSpec spec) {
  const auto& columns = state_->rows.columns();
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
  if (!unit.empty() && rows.columns()[column].unit.empty() && rows.set_unit(column, unit)) {
    amend(io::Document::object({{"units", io::Document::object({{rows.columns()[column].name, unit.label()}})}}));
  }
  rows.set(column, value);
}

void RunWriter::commit() {
  state_->process.require_own_process("a run");
  state_->rows.commit();
}

void RunWriter::discard() { state_->rows.discard(); }

void RunWriter::event(std::string_view kind, io::Document details) {
  state_->process.require_own_process("a run");
  state_->events.append(kind, details);
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
  state.lock.reset();
}

Experiment RunWriter::experiment() const {
  state_->process.require_own_process("a run");
  return ExperimentAccess::open(state_->folder, state_->files, state_->rows.unsaved());
}

}  // namespace wheatstone::storage
