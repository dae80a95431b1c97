#include "storage/verification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <wheatstone/error.hpp>

#include "base/blocking.hpp"
#include "storage/arrow_file.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone {
namespace storage {
namespace {

/// Goes through a run's files of rows in order, and keeps what it finds.
class Checker {
 public:
  Checker(io::FileSystem& files, const std::filesystem::path& folder, const RunRecord& record, bool live)
      : files_(files), folder_(folder), record_(record), live_(live) {
    found_.folder = folder;
  }

  /// As check() left it.
  [[nodiscard]] std::vector<Segment> take_segments() { return std::move(segments_); }

  Verification check() {
    require_lines();
    std::vector<RowsFile> rows = list_rows(files_, folder_);
    for (std::size_t i = 0; i < rows.size(); ++i) check_file(rows[i], i + 1 < rows.size() ? &rows[i + 1] : nullptr);
    const std::uint64_t due = std::max(next_row_, record_.rows.value_or(0));
    if (next_row_ < due) miss(due);
    found_.row_count = due;
    found_.file_count += 1;  // run.json, which was read
    found_.byte_count += record_.text.size();
    return std::move(found_);
  }

 private:
  /// The events are text that nobody checks but a reader.
  void require_lines() {
    const std::filesystem::path path = folder_ / k_events_file;
    const std::unique_ptr<io::File> file = files_.open(path, io::OpenMode::read);
    if (!file) return;
    const std::string text = io::read_text(files_, path);
    count(text.size());
    std::size_t line = 0;
    std::size_t start = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
      ++line;
      try {
        static_cast<void>(io::Document::parse(std::string_view(text).substr(start, end - start)));
      } catch (const DataError&) {
        found_.troubles.push_back({std::string(k_events_file), fmt::format("its line {} is no JSON", line), {}});
      }
      start = end + 1;
    }
  }

  void count(std::uint64_t bytes) {
    ++found_.file_count;
    found_.byte_count += bytes;
  }

  void miss(std::uint64_t until) {
    // A chunk that never became a part ends where the crash cut it: nothing is missing before a chunk of a killed run.
    found_.troubles.push_back(
        {part_name(next_row_),
         fmt::format("rows {} to {} are missing; restore the file from a copy of the run", next_row_, until - 1),
         {next_row_, until - next_row_}});
    next_row_ = until;
  }

  void give(std::uint64_t rows) {
    if (rows == 0) return;
    if (!found_.readable.empty() && found_.readable.back().first + found_.readable.back().count == next_row_)
      found_.readable.back().count += rows;
    else
      found_.readable.push_back({next_row_, rows});
    next_row_ += rows;
  }

  void check_file(const RowsFile& file, const RowsFile* next) {
    const std::filesystem::path path = folder_ / file.name;
    const std::unique_ptr<io::File> open = files_.open(path, io::OpenMode::read);
    if (!open) return;  // superseded meanwhile
    count(open->size());
    if (file.first_row < next_row_) return;  // superseded
    if (file.first_row > next_row_) miss(file.first_row);
    try {
      file.is_part ? check_part(path) : check_chunk(path);
    } catch (const Error& error) {
      damaged(file, next, error.what());
    }
  }

  void check_part(const std::filesystem::path& path) {
    PartCache cache;
    std::optional<std::vector<Segment>> batches = open_part(files_, path, record_.id, cache);
    if (!batches) return;
    std::uint64_t rows = 0;
    for (const Segment& batch : *batches) {
      for (std::size_t column = 0; column < batch.columns->size(); ++column) batch.require_whole(column);
      rows += static_cast<std::uint64_t>(batch.row_count);
    }
    std::ranges::move(*batches, std::back_inserter(segments_));
    give(rows);
  }

  void check_chunk(const std::filesystem::path& path) {
    std::optional<ChunkRows> chunk = open_chunk(files_, path, record_.id, live_);
    if (!chunk) return;
    const auto whole = static_cast<std::uint64_t>(chunk->segment.row_count);
    give(whole);
    if (whole != 0) segments_.push_back(std::move(chunk->segment));
    if (live_ || chunk->counted <= whole) return;
    found_.troubles.push_back(
        {path.filename().string(),
         fmt::format("{} rows were committed and the checks of {} hold: the others were lost with the machine's power, "
                     "or the file is damaged",
                     chunk->counted, whole),
         {next_row_, chunk->counted - whole}});
  }

  /// Nothing of a damaged file is taken for good; what it should hold is known from the file behind it.
  void damaged(const RowsFile& file, const RowsFile* next, const std::string& why) {
    std::uint64_t until = std::max(next_row_, record_.rows.value_or(0));
    if (next != nullptr) until = std::max(next_row_, next->first_row);
    found_.troubles.push_back({file.name, why, {next_row_, until - next_row_}});
    next_row_ = until;
  }

  io::FileSystem& files_;
  const std::filesystem::path& folder_;
  const RunRecord& record_;
  const bool live_;
  std::uint64_t next_row_ = 0;
  Verification found_;
  std::vector<Segment> segments_;
};

std::string range_in_words(const RowRange& range) {
  if (range.count == 1) return fmt::format("row {}", range.first);
  return fmt::format("rows {} to {}", range.first, range.first + range.count - 1);
}

}  // namespace

Verification verify_run(io::FileSystem& files, const std::filesystem::path& folder) {
  const base::BlockingRegion region;
  const bool lives = writer_lives(files, folder);
  const RunRecord record = read_record(files, folder);
  return Checker(files, folder, record, lives).check();
}

std::vector<Segment> readable_rows(io::FileSystem& files, const std::filesystem::path& folder) {
  const base::BlockingRegion region;
  const bool lives = writer_lives(files, folder);
  const RunRecord record = read_record(files, folder);
  Checker checker(files, folder, record, lives);
  static_cast<void>(checker.check());
  return checker.take_segments();
}

}  // namespace storage

inline namespace v1 {

std::uint64_t Verification::readable_count() const {
  std::uint64_t count = 0;
  for (const RowRange& range : readable) count += range.count;
  return count;
}

std::string Verification::text() const {
  std::string text = fmt::format("{}: {} of {} rows are readable; {} files, {} bytes checked",
                                 folder.filename().string(), readable_count(), row_count, file_count, byte_count);
  for (const FileTrouble& each : troubles) {
    text += fmt::format("\n  {}: {}", each.file, each.trouble);
    if (each.rows.count != 0) text += fmt::format(" ({})", storage::range_in_words(each.rows));
  }
  if (whole()) return text + "\n  nothing is damaged";
  if (readable.empty()) return text + "\n  no row is readable";
  text += "\n  readable:";
  for (std::size_t i = 0; i < readable.size(); ++i)
    text += (i == 0 ? " " : ", ") + storage::range_in_words(readable[i]);
  return text;
}

}  // namespace v1
}  // namespace wheatstone
