#include "catalogue/run_reading.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <wheatstone/error.hpp>

#include "base/text.hpp"
#include "storage/annotations.hpp"
#include "storage/arrow_file.hpp"
#include "storage/chunk_reader.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone::catalogue {
namespace {

using storage::RunRecord;

/// The fields of an answer to *IDN?: maker, model, serial number, firmware (IEEE 488.2, 10.14).
std::vector<std::string> fields_of(std::string_view identity) {
  std::vector<std::string> fields;
  std::size_t start = 0;
  while (start <= identity.size()) {
    const std::size_t end = std::min(identity.find(',', start), identity.size());
    fields.emplace_back(base::trimmed(identity.substr(start, end - start)));
    start = end + 1;
  }
  fields.resize(std::max<std::size_t>(fields.size(), 3));
  return fields;
}

std::vector<RunInstrument> instruments_of(const io::Document& record) {
  std::vector<RunInstrument> instruments;
  const io::Document* list = record.find("instruments");
  if (list == nullptr) return instruments;
  for (const io::Document& item : list->items()) {
    const std::vector<std::string> fields = fields_of(item.text({"identity"}));
    instruments.push_back({.alias = item.text({"alias"}),
                           .model = fields[1],
                           .serial = fields[2],
                           .maker = fields[0],
                           .profile = item.text({"profile"}),
                           .address = item.text({"address"})});
  }
  return instruments;
}

std::optional<double> number_in(const io::Document& document) {
  if (const auto* integer = document.get_if<std::int64_t>()) return static_cast<double>(*integer);
  if (const auto* real = document.get_if<double>()) return *real;
  return std::nullopt;
}

std::vector<RunParameter> parameters_of(const io::Document& record) {
  std::vector<RunParameter> parameters;
  const io::Document* list = record.find("parameters");
  if (list == nullptr) return parameters;
  for (const io::Document& item : list->items()) {
    RunParameter parameter{.name = item.text({"name"}), .unit = Unit(item.text({"unit"}))};
    if (const io::Document* count = item.find("count"); count != nullptr && count->get_if<std::int64_t>() != nullptr)
      parameter.count = static_cast<std::uint64_t>(*count->get_if<std::int64_t>());
    if (const io::Document* values = item.find("values")) {
      for (const io::Document& value : values->items()) {
        const std::optional<double> number = number_in(value);
        if (!number) continue;
        parameter.least = std::min(parameter.least.value_or(*number), *number);
        parameter.greatest = std::max(parameter.greatest.value_or(*number), *number);
      }
    }
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

/// Who began the run, as its first segment says.
void name_origin(RunSummary& summary, const io::Document& record) {
  summary.host = record.text({"host", "name"});
  const io::Document* segments = record.find("segments");
  if (segments == nullptr || segments->items().empty()) return;
  summary.user = segments->items().front().text({"user"});
  if (summary.host.empty()) summary.host = segments->items().front().text({"host"});
}

void describe(RunSummary& summary, const RunRecord& record, bool lives) {
  summary.id = record.id.text();
  summary.name = record.name;
  summary.started = record.started;
  summary.state = storage::state_of(record, lives);
  summary.row_count = record.rows.value_or(0);
  summary.ended = storage::time_from(record.document.text({"ended"}));
  summary.kind = record.document.text({"plan", "kind"});
  summary.description = record.document.text({"description"});
  summary.error = record.document.text({"error"});
  summary.script = record.document.text({"script", "file"});
  summary.parameters = parameters_of(record.document);
  summary.instruments = instruments_of(record.document);
  name_origin(summary, record.document);
}

std::uint64_t size_of_folder(io::FileSystem& files, const std::filesystem::path& folder) {
  std::uint64_t size = 0;
  for (const io::FolderEntry& entry : files.list(folder)) {
    const std::optional<io::Stamp> stamp = files.stamp(folder / entry.name);
    if (stamp && !stamp->is_folder) size += stamp->size;
  }
  return size;
}

void add_columns(ReadRun& run, const storage::Segment& segment) {
  for (const storage::ColumnInfo& column : *segment.columns) {
    if (std::ranges::find(run.columns, column.name) == run.columns.end()) run.columns.push_back(column.name);
  }
}

/// Rows of a run that is being written, by its last file alone: it may have thousands. False where that file has gone
/// meanwhile, or there is none.
bool add_last_rows(ReadRun& run, io::FileSystem& files, const RunRecord& record) {
  const std::filesystem::path& folder = run.summary.folder;
  const std::vector<storage::RowsFile> all = storage::list_rows(files, folder);
  if (all.empty()) return false;
  const std::filesystem::path path = folder / all.back().name;
  run.summary.row_count = all.back().first_row;
  if (!all.back().is_part) {
    const std::optional<storage::ChunkRows> chunk = storage::open_chunk(files, path, record.id, true);
    if (!chunk) return false;
    run.summary.row_count += static_cast<std::uint64_t>(chunk->segment.row_count);
    add_columns(run, chunk->segment);
    return true;
  }
  storage::PartCache cache;
  const std::optional<std::vector<storage::Segment>> part = storage::open_part(files, path, record.id, cache);
  if (!part) return false;
  for (const storage::Segment& segment : *part) {
    run.summary.row_count += static_cast<std::uint64_t>(segment.row_count);
    add_columns(run, segment);
  }
  return true;
}

void add_rows(ReadRun& run, io::FileSystem& files, const RunRecord& record, bool lives) {
  if (lives && add_last_rows(run, files, record)) return;
  run.summary.row_count = 0;
  const std::vector<storage::ColumnInfo>* last = nullptr;
  for (const storage::Segment& segment :
       storage::gather_rows(files, run.summary.folder, record.id, lives, record.rows)) {
    run.summary.row_count += static_cast<std::uint64_t>(segment.row_count);
    if (segment.columns.get() == last) continue;
    last = segment.columns.get();
    add_columns(run, segment);
  }
}

/// A run that is being made is an empty folder, then one with a lock that nobody holds yet.
bool holds_something(io::FileSystem& files, const std::filesystem::path& folder) {
  const std::vector<io::FolderEntry> entries = files.list(folder);
  return std::ranges::any_of(entries, [](const io::FolderEntry& each) { return each.name != storage::k_lock_file; });
}

}  // namespace

bool is_run(io::FileSystem& files, const std::filesystem::path& store, const io::FolderEntry& entry) {
  if (!entry.is_folder) return false;
  const std::filesystem::path folder = store / entry.name;
  if (files.exists(folder / storage::k_run_file)) return true;
  try {
    return storage::is_folder_name(entry.name) && holds_something(files, folder) &&
           !storage::writer_lives(files, folder);
  } catch (const StorageError&) {
    return true;  // to be listed with this trouble
  }
}

std::optional<ReadRun> read_run(io::FileSystem& files, const std::filesystem::path& folder) {
  ReadRun run;
  run.summary.folder = folder;
  try {
    // Whether the writer lives is asked before its words are read, so that an end in between shows as finished.
    const bool lives = storage::writer_lives(files, folder);
    const RunRecord record = storage::read_record(files, folder);
    describe(run.summary, record, lives);
    run.record = record.document;
    run.has_ended = storage::state_of(record, true) >= RunState::finished;
    storage::Annotations annotations = storage::read_annotations(files, folder, run.record);
    run.summary.tags = std::move(annotations.tags);
    run.summary.notes = std::move(annotations.notes);
    run.summary.size_bytes = size_of_folder(files, folder);
    add_rows(run, files, record, lives);
  } catch (const Error& error) {
    run.summary.trouble = error.what();
  }
  if (!run.summary.trouble.empty() && !files.exists(folder)) return std::nullopt;
  return run;
}

void mark_copies(std::vector<RunSummary>& runs) {
  std::map<std::string_view, std::vector<RunSummary*>> by_id;
  for (RunSummary& run : runs) {
    run.is_copy = false;
    if (!run.id.empty()) by_id[run.id].push_back(&run);
  }
  for (auto& [id, same] : by_id) {
    if (same.size() == 1) continue;
    const auto rank = [](const RunSummary* run) {
      const std::optional<base::Uuid> uuid = base::Uuid::parse(run->id);
      const std::string name = run->folder.filename().string();
      return std::tuple(!uuid || storage::folder_name(run->started, run->name, *uuid) != name, name);
    };
    const auto original = std::ranges::min_element(same, {}, rank);
    for (RunSummary* run : same) run->is_copy = run != *original;
  }
}

void sort_by_start(std::vector<RunSummary>& runs) {
  std::ranges::sort(runs, [](const RunSummary& a, const RunSummary& b) {
    return std::tie(a.started, a.id, a.folder) < std::tie(b.started, b.id, b.folder);
  });
}

}  // namespace wheatstone::catalogue
