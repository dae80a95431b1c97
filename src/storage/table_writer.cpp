#include <wheatstone/table_writer.hpp>

#include <cmath>
#include <unordered_map>
#include <wheatstone/error.hpp>
#include <wheatstone/version.hpp>

#include "base/process.hpp"
#include "base/text.hpp"
#include "storage/run_writer.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

using storage::ColumnRole;
using storage::ColumnSpec;
using storage::RunWriter;

/// The machine's clock, at a day that is over.
class ClockAt final : public base::Clock {
 public:
  explicit ClockAt(std::optional<Time> wall) : wall_(wall) {}

  [[nodiscard]] std::int64_t monotonic() const override { return base::system_clock().monotonic(); }
  [[nodiscard]] std::int64_t boottime() const override { return base::system_clock().boottime(); }
  [[nodiscard]] Time wall() const override { return wall_ ? *wall_ : base::system_clock().wall(); }
  Wake wait_until(std::int64_t deadline, std::stop_token stop) override {
    return base::system_clock().wait_until(deadline, std::move(stop));
  }

 private:
  std::optional<Time> wall_;
};

io::Document details_from(std::string_view json) {
  if (json.empty()) return io::Document::object();
  io::Document details = io::Document::parse(json);
  if (details.is_object()) return details;
  throw DataError("the details of a table are a JSON object, not '" + base::excerpt(json) + "'");
}

io::Document document_of(const TableOptions& options) {
  io::Document document = io::Document::object({{"description", options.description}});
  if (!options.notes.empty()) document["notes"] = options.notes;
  document["plan"]["kind"] = "table";
  document["versions"]["wheatstone"] = std::string(version());
  document.merge(details_from(options.details));
  return document;
}

ColumnRole role_named(const std::string& name) {
  if (name.empty()) return ColumnRole::result;
  for (const ColumnRole role :
       {ColumnRole::parameter, ColumnRole::timestamp, ColumnRole::result, ColumnRole::uncertainty}) {
    if (storage::name_of(role) == name) return role;
  }
  throw ConfigurationError("'" + name + "' is no role of a column; give parameter, timestamp, result or uncertainty");
}

std::optional<Value::Kind> kind_named(const std::string& name) {
  if (name.empty()) return std::nullopt;
  for (std::size_t i = 0; i <= static_cast<std::size_t>(Value::Kind::frame); ++i) {
    const auto kind = static_cast<Value::Kind>(i);
    if (name_of(kind) == name) return kind;
  }
  throw ConfigurationError("'" + name + "' is no type of a column");
}

/// Takes away what a table left that was not finished.
void remove_folder(const std::filesystem::path& folder) {
  io::FileSystem& files = io::system_files();
  for (const io::FolderEntry& entry : files.list(folder)) files.remove(folder / entry.name);
  files.remove_folder(folder);
}

}  // namespace

struct TableWriter::State {
  State(const std::filesystem::path& store, const TableOptions& options)
      : clock(options.started),
        run(RunWriter::create(store, {.name = options.name, .details = document_of(options)}, clock,
                              io::system_files())) {}

  std::size_t add(ColumnSpec spec) {
    spec.group = static_cast<std::uint32_t>(places.size());
    const std::string name = spec.name;
    const std::size_t place = run->add_column(std::move(spec));
    places.emplace(name, place);
    return place;
  }

  /// The place of a column, which is made where it is new.
  std::size_t place_of(const std::string& name, ColumnRole role) {
    const auto found = places.find(name);
    return found != places.end() ? found->second : add({.name = name, .role = role});
  }

  base::ProcessBound process;
  ClockAt clock;
  std::unique_ptr<RunWriter> run;
  std::unordered_map<std::string, std::size_t> places;
  bool finished = false;
};

TableWriter::TableWriter(const std::filesystem::path& store, const TableOptions& options)
    : state_(std::make_unique<State>(store, options)) {}

TableWriter::~TableWriter() {
  if (!state_->process.in_own_process()) {
    static_cast<void>(state_.release());  // the parent's
    return;
  }
  if (state_->finished) return;
  const std::filesystem::path folder = state_->run->folder();
  state_->run.reset();
  try {
    remove_folder(folder);
  } catch (const StorageError&) {
    // A medium that refuses even this says so by the error that led here; what is left is found as a killed run.
  }
}

std::size_t TableWriter::add_column(const Column& column) {
  return state_->add({.name = column.name,
                      .role = role_named(column.role),
                      .unit = column.unit,
                      .notes = column.notes,
                      .kind = kind_named(column.type)});
}

void TableWriter::set(std::size_t column, const Value& value) { state_->run->set(column, value); }
void TableWriter::commit() { state_->run->commit(); }

void TableWriter::append(const Row& row) {
  for (const Row::Entry& entry : row) {
    state_->run->set(state_->place_of(entry.key, ColumnRole::result), entry.value);
    if (std::isnan(entry.value.uncertainty())) continue;
    const std::size_t place = state_->place_of(entry.key + "_uncertainty", ColumnRole::uncertainty);
    state_->run->set(place, Value::measured(entry.value.uncertainty(), entry.value.unit()));
  }
  commit();
}

const std::filesystem::path& TableWriter::folder() const { return state_->run->folder(); }
std::uint64_t TableWriter::row_count() const { return state_->run->row_count(); }

Experiment TableWriter::finish(std::string_view details) {
  state_->run->finish(storage::Outcome::finished, details_from(details));
  state_->finished = true;
  return state_->run->experiment();
}

}  // namespace v1
}  // namespace wheatstone
