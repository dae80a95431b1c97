#include "storage/run_recovery.hpp"

#include <algorithm>
#include <set>
#include <wheatstone/error.hpp>

#include "storage/arrow_file.hpp"
#include "storage/table.hpp"
#include "storage/united_segment.hpp"

namespace wheatstone::storage {
namespace {

constexpr std::string_view k_lost = ".lost";

/// Gives a file a name that no reader looks for. Returns the name.
std::string set_aside(io::FileSystem& files, const std::filesystem::path& folder, const std::string& name) {
  std::string aside = name + std::string(k_lost);
  for (int n = 2; files.exists(folder / aside); ++n) aside = name + "-" + std::to_string(n) + std::string(k_lost);
  files.rename(folder / name, folder / aside);
  return aside;
}

std::set<std::string> files_of(const std::vector<Segment>& segments) {
  std::set<std::string> names;
  for (const Segment& segment : segments) names.insert(segment.file);
  return names;
}

/// True for a chunk whose rows counted once and do not hold.
bool lost_rows(io::FileSystem& files, const std::filesystem::path& path, const base::Uuid& run,
               std::uint64_t rows_that_hold) {
  const std::optional<ChunkRows> chunk = open_chunk(files, path, run, false);
  return chunk && chunk->counted > rows_that_hold;
}

/// What is not read any more, and would be in the way of later rows: files that a crash left unfinished or superseded
/// go, those with rows behind a gap are kept aside. Afterwards that is so on the medium too: a row appended later must
/// never stand before a stale one.
void clear_folder(io::FileSystem& files, const std::filesystem::path& folder, const base::Uuid& run,
                  const std::set<std::string>& used, std::uint64_t rows, std::vector<std::string>& aside) {
  for (const io::FolderEntry& entry : files.list(folder)) {
    if (entry.name.ends_with(".tmp")) files.remove(folder / entry.name);
    const std::optional<RowsFile> file = rows_file(entry.name);
    if (!file || used.contains(entry.name)) continue;
    const bool behind_gap = file->first_row > rows;
    if (behind_gap || (file->first_row == rows && !file->is_part && lost_rows(files, folder / entry.name, run, 0)))
      aside.push_back(set_aside(files, folder, entry.name));
    else
      files.remove(folder / entry.name);
  }
  files.sync_folder(folder);
}

/// Seals the chunks among the segments, small neighbours as one part. A chunk that counted more rows than hold is kept
/// aside, the others go.
void seal_chunks(io::FileSystem& files, const std::filesystem::path& folder, const base::Uuid& run,
                 const std::vector<Segment>& segments, std::vector<std::string>& aside) {
  std::vector<std::string> whole;
  std::vector<std::string> cut;
  const auto is_chunk = [](const Segment& segment) { return segment.file.ends_with(".chunk"); };
  for (auto at = segments.begin(); at != segments.end();) {
    if (!is_chunk(*at)) {
      ++at;
      continue;
    }
    std::vector<Segment> group;
    for (Neighbours neighbours; at != segments.end() && is_chunk(*at) && neighbours.take(*at); ++at) {
      const bool is_cut = lost_rows(files, folder / at->file, run, static_cast<std::uint64_t>(at->row_count));
      (is_cut ? cut : whole).push_back(at->file);
      group.push_back(*at);
    }
    write_part(files, folder / part_name(group.front().first_row), run,
               group.size() == 1 ? group.front() : unite(group, run));
  }
  if (whole.empty() && cut.empty()) return;
  files.sync_folder(folder);  // the parts' names must be on the medium before the chunks may go
  for (const std::string& name : cut) aside.push_back(set_aside(files, folder, name));
  for (const std::string& name : whole) files.remove(folder / name);
  files.sync_folder(folder);
}

void name_late_units(std::vector<ColumnInfo>& columns, const io::Document& record) {
  const auto* units = record.find("units");
  if (units == nullptr) return;
  for (const auto& member : units->members()) {
    const auto* label = member.value.get_if<std::string>();
    const auto found = std::ranges::find(columns, member.key, &ColumnInfo::name);
    if (label != nullptr && found != columns.end()) found->unit = Unit(*label);
  }
}

}  // namespace

RecoveredRows recover_rows(io::FileSystem& files, const std::filesystem::path& folder, const RunRecord& record) {
  RecoveredRows recovered;
  {
    const std::vector<Segment> found = gather_rows(files, folder, record.id, false, record.rows);
    for (const Segment& segment : found) recovered.row_count += static_cast<std::uint64_t>(segment.row_count);
    clear_folder(files, folder, record.id, files_of(found), recovered.row_count, recovered.set_aside);
    seal_chunks(files, folder, record.id, found, recovered.set_aside);
  }
  // Read anew, from the parts: mappings of the chunks would keep their room on the medium.
  recovered.segments =
      std::make_shared<const std::vector<Segment>>(gather_rows(files, folder, record.id, false, recovered.row_count));
  recovered.columns = united_columns(*recovered.segments);
  for (std::size_t c = 0; c < recovered.columns.size(); ++c) {
    if (recovered.columns[c].number != c) {
      throw StorageError("the run '" + folder.string() + "' lacks its column number " + std::to_string(c) +
                         "; its rows can be read, a new measurement needs a new run");
    }
  }
  name_late_units(recovered.columns, record.document);
  return recovered;
}

void mend_events(io::FileSystem& files, const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / k_events_file;
  if (!files.exists(path)) return;
  const std::string text = io::read_text(files, path);
  std::string whole;
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    const std::string_view line = std::string_view(text).substr(start, end + 1 - start);
    // A page that was never written reads as zeros, which no line has.
    if (line.find('\0') == std::string_view::npos) whole += line;
    start = end + 1;
  }
  if (whole.size() != text.size()) io::replace_text(files, path, whole);
}

}  // namespace wheatstone::storage
