#include <wheatstone/experiment.hpp>

#include <nanoarrow/nanoarrow.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <set>
#include <wheatstone/error.hpp>

#include "storage/arrow_file.hpp"
#include "storage/experiment_state.hpp"
#include "storage/verification.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

using storage::Table;
using storage::TableView;

std::vector<std::string> read_events(io::FileSystem& files, const std::filesystem::path& folder) {
  std::vector<std::string> lines;
  const std::filesystem::path path = folder / storage::k_events_file;
  if (!files.exists(path)) return lines;
  const std::string text = io::read_text(files, path);
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;  // a last line without its end was cut by a crash
}

/// The kind of a parameter's column, by the values that run.json lists; null where they are of several kinds, or none.
Value::Kind kind_of_values(const io::Document* values) {
  if (values == nullptr) return Value::Kind::null;
  std::set<Value::Kind> kinds;
  for (const io::Document& value : values->items()) {
    if (value.get_if<bool>() != nullptr) kinds.insert(Value::Kind::boolean);
    if (value.get_if<std::int64_t>() != nullptr) kinds.insert(Value::Kind::integer);
    if (value.get_if<double>() != nullptr) kinds.insert(Value::Kind::real);
    if (value.get_if<std::string>() != nullptr) kinds.insert(Value::Kind::text);
  }
  if (kinds == std::set{Value::Kind::integer, Value::Kind::real}) return Value::Kind::real;
  return kinds.size() == 1 ? *kinds.begin() : Value::Kind::null;
}

storage::ColumnInfo column_of(std::string name, Value::Kind kind, storage::ColumnRole role) {
  storage::ColumnInfo info;
  info.name = std::move(name);
  info.kind = kind;
  info.role = role;
  info.type = storage::type_of(kind);
  return info;
}

/// What is known of the columns of a run that ended before its first row: its parameters and the timestamp.
std::vector<storage::ColumnInfo> columns_without_rows(const storage::RunRecord& record) {
  std::vector<storage::ColumnInfo> columns;
  const io::Document* parameters = record.document.find("parameters");
  if (parameters == nullptr) return columns;
  for (const io::Document& each : parameters->items()) {
    columns.push_back(
        column_of(each.text({"name"}), kind_of_values(each.find("values")), storage::ColumnRole::parameter));
    columns.back().unit = Unit(each.text({"unit"}));
    columns.back().notes = each.text({"notes"});
  }
  columns.push_back(column_of("timestamp", Value::Kind::time, storage::ColumnRole::timestamp));
  return columns;
}

std::shared_ptr<const Table> make_table(const storage::RunRecord& record,
                                        const std::shared_ptr<const std::vector<storage::Segment>>& segments,
                                        TableView view) {
  const bool has_ended_before_a_row = segments->empty() && record.rows == 0;
  auto table = has_ended_before_a_row && view == TableView::results
                   ? std::make_shared<Table>(columns_without_rows(record))
                   : std::make_shared<Table>(segments, view);
  if (const auto* units = record.document.find("units")) {
    for (const auto& member : units->members()) {
      if (const auto* label = member.value.get_if<std::string>()) table->set_unit(member.key, Unit(*label));
    }
  }
  return table;
}

/// The stream that a consumer pulls batches from.
struct Stream {
  std::shared_ptr<const Table> table;
  std::shared_ptr<const storage::RunRecord> record;
  std::size_t next = 0;
  std::size_t end = 0;
  bool lets_go = false;  ///< gives up what it has read with each batch
  std::string error = {};

  template <class Step>
  int guarded(Step step) {
    try {
      step();
      return 0;
    } catch (const std::exception& failure) {
      error = failure.what();
      return EIO;
    }
  }
};

/// The batch; with the last who holds it go the pages that it was read from.
storage::ArrayTree batch_that_lets_go(const std::shared_ptr<const Table>& table, std::size_t index) {
  storage::ArrayTree tree = table->batch(index);
  const auto give_up = [table, index](const void*) { table->let_go(index); };
  tree.owner = std::shared_ptr<const void>(table.get(), give_up);
  return tree;
}

void stream_to(ArrowArrayStream* out, std::unique_ptr<Stream> source) {
  out->get_schema = [](ArrowArrayStream* self, ArrowSchema* schema) {
    auto* stream = static_cast<Stream*>(self->private_data);
    return stream->guarded([&] { storage::give(storage::schema_of(*stream->table, *stream->record), schema); });
  };
  out->get_next = [](ArrowArrayStream* self, ArrowArray* array) {
    auto* stream = static_cast<Stream*>(self->private_data);
    *array = ArrowArray{};
    if (stream->next == stream->end) return 0;
    return stream->guarded([&] {
      const std::size_t index = stream->next++;
      storage::give(stream->lets_go ? batch_that_lets_go(stream->table, index) : stream->table->batch(index), array);
    });
  };
  out->get_last_error = [](ArrowArrayStream* self) { return static_cast<Stream*>(self->private_data)->error.c_str(); };
  out->release = [](ArrowArrayStream* self) {
    delete static_cast<Stream*>(self->private_data);
    self->release = nullptr;
  };
  out->private_data = source.release();
}

Value value_from(const io::Document& document, std::string_view key, const io::Document& event) {
  Value value;
  if (const bool* b = document.get_if<bool>()) value = *b;
  if (const std::int64_t* i = document.get_if<std::int64_t>()) value = *i;
  if (const std::string* s = document.get_if<std::string>()) value = *s;
  if (const double* d = document.get_if<double>()) {
    double uncertainty = std::numeric_limits<double>::quiet_NaN();
    if (const io::Document* all = event.find("uncertainties")) {
      if (const io::Document* one = all->find(key)) uncertainty = *one->get_if<double>();
    }
    value = Value::measured(*d, {}, uncertainty);
  }
  value.set_unit(Unit(event.text({"units", key})));
  return value;
}

Baseline baseline_from(const io::Document& event) {
  Baseline baseline{.when = event.text({"when"}), .name = event.text({"name"})};
  if (const io::Document* time = event.find("timestamp_ns")) baseline.timestamp = {*time->get_if<std::int64_t>()};
  if (const io::Document* results = event.find("results")) {
    for (const auto& [key, value] : results->members()) baseline.results.set(key, value_from(value, key, event));
  }
  return baseline;
}

}  // namespace

}  // namespace v1

storage::SchemaTree storage::schema_of(const Table& table, const RunRecord& record) {
  SchemaTree tree = table.schema();
  tree.metadata.emplace_back("wheatstone.run", record.text);
  return tree;
}

inline namespace v1 {

Experiment ExperimentAccess::open(const std::filesystem::path& folder, io::FileSystem& files,
                                  std::optional<storage::Segment> unsaved) {
  // Whether the writer lives is asked before its words are read, so that an end in between shows as finished.
  const bool lives = storage::writer_lives(files, folder);
  auto record = std::make_shared<storage::RunRecord>(storage::read_record(files, folder));
  auto segments = std::make_shared<std::vector<storage::Segment>>(
      storage::gather_rows(files, folder, record->id, lives, unsaved ? std::nullopt : record->rows));
  if (unsaved) segments->push_back(std::move(*unsaved));
  return of(folder, files, std::move(record), lives, std::move(segments));
}

Experiment ExperimentAccess::open_readable(const std::filesystem::path& folder, io::FileSystem& files) {
  const bool lives = storage::writer_lives(files, folder);
  auto record = std::make_shared<storage::RunRecord>(storage::read_record(files, folder));
  auto segments = std::make_shared<std::vector<storage::Segment>>(storage::readable_rows(files, folder));
  return of(folder, files, std::move(record), lives, std::move(segments));
}

Experiment ExperimentAccess::of(const std::filesystem::path& folder, io::FileSystem& files,
                                std::shared_ptr<const storage::RunRecord> record, bool lives,
                                std::shared_ptr<const std::vector<storage::Segment>> segments) {
  auto state = std::make_shared<Experiment::State>();
  state->id = record->id.text();
  state->state = storage::state_of(*record, lives);
  state->folder = folder;
  state->events = std::make_shared<const std::vector<std::string>>(read_events(files, folder));
  state->table = make_table(*record, segments, TableView::results);
  state->record = std::move(record);
  state->segments = std::move(segments);
  return Experiment(std::move(state));
}

Experiment Experiment::open(const std::filesystem::path& folder) {
  return ExperimentAccess::open(folder, io::system_files());
}

Experiment::Experiment(std::shared_ptr<const State> state) : state_(std::move(state)) {}
Experiment::~Experiment() = default;
Experiment::Experiment(const Experiment&) = default;
Experiment::Experiment(Experiment&&) noexcept = default;
Experiment& Experiment::operator=(const Experiment&) = default;
Experiment& Experiment::operator=(Experiment&&) noexcept = default;

const std::string& Experiment::id() const { return state_->id; }
const std::string& Experiment::name() const { return state_->record->name; }
std::string Experiment::description() const { return state_->record->document.text({"description"}); }
std::string Experiment::notes() const { return state_->record->document.text({"notes"}); }
std::filesystem::path Experiment::script() const { return state_->record->document.text({"script", "file"}); }
const std::filesystem::path& Experiment::folder() const { return state_->folder; }
RunState Experiment::state() const { return state_->state; }
std::string Experiment::metadata() const { return state_->record->text; }
std::vector<std::string> Experiment::events() const { return *state_->events; }
std::vector<Baseline> Experiment::baselines() const {
  std::vector<Baseline> baselines;
  for (const std::string& line : *state_->events) {
    const io::Document event = io::Document::parse(line);
    if (event.text({"event"}) == "baseline") baselines.push_back(baseline_from(event));
  }
  return baselines;
}
std::size_t Experiment::row_count() const { return state_->table->row_count(); }
const std::vector<Column>& Experiment::columns() const { return state_->table->columns(); }
Unit Experiment::unit(std::string_view column) const { return columns()[state_->table->place_of(column)].unit; }
Value Experiment::at(std::size_t row, std::string_view column) const {
  return state_->table->at(row, state_->table->place_of(column));
}

Experiment Experiment::timing() const {
  auto state = std::make_shared<State>(*state_);
  state->table = make_table(*state_->record, state_->segments, TableView::timing);
  return Experiment(std::move(state));
}

Experiment Experiment::select(std::span<const std::string> names) const {
  std::vector<std::size_t> places;
  for (const std::string& name : names) {
    places.push_back(state_->table->place_of(name));
    if (std::ranges::count(places, places.back()) > 1) throw DataError("the column '" + name + "' is chosen twice");
  }
  if (places.empty()) throw DataError("no column is chosen; name at least one");
  auto state = std::make_shared<State>(*state_);
  state->table = std::make_shared<const Table>(*state_->table, places);
  return Experiment(std::move(state));
}

void Experiment::to_arrow(ArrowArrayStream* out) const {
  stream_to(out, std::make_unique<Stream>(Stream{state_->table, state_->record, 0, state_->table->segment_count()}));
}

void Experiment::to_arrow(ArrowArrayStream* out, std::size_t batch) const {
  if (batch >= batch_count()) {
    throw DataError("there is no batch " + std::to_string(batch) + "; the table has " + std::to_string(batch_count()));
  }
  stream_to(out, std::make_unique<Stream>(Stream{state_->table, state_->record, batch, batch + 1, true}));
}

}  // namespace v1
}  // namespace wheatstone
