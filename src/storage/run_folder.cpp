#include "storage/run_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <wheatstone/error.hpp>

#include "storage/arrow_file.hpp"
#include "storage/chunk_format.hpp"
#include "storage/run_lock.hpp"

namespace wheatstone::storage {
namespace {

constexpr std::array<std::string_view, 9> k_states = {"preparing", "running", "paused",  "stopping", "finished",
                                                      "stopped",   "failed",  "aborted", "killed"};

std::string slug(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
    else if (plain)
      out += c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
    if (out.size() == 40) break;
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.empty() ? "run" : out;
}

struct Civil {
  int year;
  unsigned month, day;
  std::int64_t hour, minute, second, nanosecond;
};

Civil civil_of(Time time) {
  using namespace std::chrono;
  const sys_time<nanoseconds> at{nanoseconds(time.nanoseconds)};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss clock{at - day};
  return {int(date.year()),        unsigned(date.month()),  unsigned(date.day()),      clock.hours().count(),
          clock.minutes().count(), clock.seconds().count(), clock.subseconds().count()};
}

/// One look at a folder whose writer may replace files meanwhile.
struct Look {
  std::vector<Segment> segments = {};
  std::uint64_t rows = 0;
  bool went_stale = false;              ///< a listed file was gone
  std::optional<RowsFile> beyond = {};  ///< the first file that lies after a gap
  bool part_beyond = false;
  std::string last = {};  ///< the last file that gave rows
};

void add(Look& look, std::vector<Segment> segments, const RowsFile& file, const std::filesystem::path& folder) {
  for (Segment& segment : segments) {
    if (segment.first_row != look.rows) {
      throw StorageError("the file '" + (folder / file.name).string() + "' begins with row " +
                         std::to_string(segment.first_row) + " and its name says another; was it renamed?");
    }
    look.rows += static_cast<std::uint64_t>(segment.row_count);
    if (segment.row_count > 0) look.segments.push_back(std::move(segment));
  }
  look.last = file.name;
}

Look look_at(io::FileSystem& files, const std::filesystem::path& folder, const base::Uuid& run, bool live,
             PartCache& cache) {
  Look look;
  for (const RowsFile& file : list_rows(files, folder)) {
    if (file.first_row < look.rows) continue;  // superseded
    if (file.first_row > look.rows) {
      if (!look.beyond) look.beyond = file;
      look.part_beyond = look.part_beyond || file.is_part;
      continue;
    }
    if (file.is_part) {
      std::optional<std::vector<Segment>> part = open_part(files, folder / file.name, run, cache);
      look.went_stale = look.went_stale || !part;
      if (part) add(look, std::move(*part), file, folder);
    } else {
      std::optional<ChunkRows> chunk = open_chunk(files, folder / file.name, run, live);
      look.went_stale = look.went_stale || !chunk;
      if (chunk && chunk->segment.row_count > 0) {
        std::vector<Segment> one;
        one.push_back(std::move(chunk->segment));
        add(look, std::move(one), file, folder);
      }
    }
  }
  return look;
}

[[noreturn]] void name_gap(const std::filesystem::path& folder, const Look& look,
                           std::optional<std::uint64_t> ended_with) {
  const std::uint64_t to = look.beyond ? look.beyond->first_row : ended_with.value_or(look.rows);
  throw StorageError("the run '" + folder.string() + "' lacks rows " + std::to_string(look.rows) + " to " +
                     std::to_string(to - 1) + ": the file that held them is missing or damaged" +
                     (look.last.empty() ? std::string() : " (it comes after '" + look.last + "')") +
                     "; restore it from a copy");
}

}  // namespace

std::string chunk_name(std::uint64_t first_row) { return fmt::format("rows-{:012}.chunk", first_row); }
std::string part_name(std::uint64_t first_row) { return fmt::format("rows-{:012}.arrow", first_row); }

std::optional<RowsFile> rows_file(const std::string& name) {
  constexpr std::string_view k_prefix = "rows-";
  if (!name.starts_with(k_prefix)) return std::nullopt;
  const bool is_part = name.ends_with(".arrow");
  if (!is_part && !name.ends_with(".chunk")) return std::nullopt;
  RowsFile file{0, is_part, name};
  const char* end = name.data() + name.size() - 6;
  const auto [stop, error] = std::from_chars(name.data() + k_prefix.size(), end, file.first_row);
  if (error != std::errc() || stop != end) return std::nullopt;
  return file;
}

std::vector<RowsFile> list_rows(io::FileSystem& files, const std::filesystem::path& folder) {
  std::vector<RowsFile> found;
  for (const io::FolderEntry& entry : files.list(folder)) {
    if (std::optional<RowsFile> file = rows_file(entry.name)) found.push_back(std::move(*file));
  }
  std::sort(found.begin(), found.end(), [](const RowsFile& a, const RowsFile& b) {
    return a.first_row != b.first_row ? a.first_row < b.first_row : a.is_part && !b.is_part;
  });
  return found;
}

std::string folder_name(Time started, std::string_view name, const base::Uuid& id) {
  const Civil c = civil_of(started);
  const std::string text = id.text();
  return fmt::format("{:04}-{:02}-{:02}T{:02}-{:02}-{:02}Z_{}_{}", c.year, c.month, c.day, c.hour, c.minute, c.second,
                     slug(name), text.substr(text.size() - 6));
}

bool is_folder_name(std::string_view name) {
  constexpr std::string_view k_form = "0000-00-00T00-00-00Z_";
  if (name.size() < k_form.size() + 8 || name[name.size() - 7] != '_') return false;
  for (std::size_t i = 0; i < k_form.size(); ++i) {
    const bool is_digit = name[i] >= '0' && name[i] <= '9';
    if (k_form[i] == '0' ? !is_digit : name[i] != k_form[i]) return false;
  }
  return true;
}

std::string rfc3339(Time time) {
  const Civil c = civil_of(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", c.year, c.month, c.day, c.hour, c.minute, c.second,
                     c.nanosecond);
}

std::optional<Time> time_from(std::string_view text) {
  if (text.size() != 30 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[19] != '.' || text[29] != 'Z')
    return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size) {
    std::int64_t value = 0;
    std::from_chars(text.data() + at, text.data() + at + size, value);
    return value;
  };
  using namespace std::chrono;
  const year_month_day date{year(static_cast<int>(number(0, 4))), month(static_cast<unsigned>(number(5, 2))),
                            day(static_cast<unsigned>(number(8, 2)))};
  if (!date.ok()) return std::nullopt;
  const nanoseconds clock =
      hours(number(11, 2)) + minutes(number(14, 2)) + seconds(number(17, 2)) + nanoseconds(number(20, 9));
  return Time{(sys_days(date) + clock).time_since_epoch().count()};
}

RunRecord read_record(io::FileSystem& files, const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / k_run_file;
  // A folder that may not be searched is found by opening, not by exists().
  if (files.open(path, io::OpenMode::read) == nullptr) {
    const bool never_began = files.exists(folder / k_events_file) && list_rows(files, folder).empty();
    throw StorageError("'" + folder.string() + "' is no run: it holds no run.json" +
                       (never_began ? "; its process ended before the first point, so that nothing is lost by throwing "
                                      "it away (wheatstone runs rm)"
                                    : ""));
  }
  RunRecord record;
  record.text = io::read_text(files, path);
  try {
    record.document = io::Document::parse(record.text);
  } catch (const DataError& error) {
    throw StorageError("the run's description '" + path.string() + "' is damaged: " + error.what());
  }
  const auto* format = record.document.find("format");
  const auto* version = format != nullptr ? format->get_if<std::int64_t>() : nullptr;
  if (version == nullptr) throw StorageError("'" + path.string() + "' is no run's description: it has no format");
  if (*version > k_format_version) {
    throw StorageError("the run '" + folder.string() + "' has format " + std::to_string(*version) +
                       " and this version reads up to " + std::to_string(k_format_version) +
                       "; install a newer Wheatstone");
  }
  const std::optional<base::Uuid> id = base::Uuid::parse(record.document.text({"id"}));
  if (!id) throw StorageError("the run's description '" + path.string() + "' is damaged: its id is none");
  record.id = *id;
  record.name = record.document.text({"name"});
  record.started = time_from(record.document.text({"started"})).value_or(Time{});
  if (const auto* rows = record.document.find("rows")) {
    if (const auto* count = rows->get_if<std::int64_t>()) record.rows = static_cast<std::uint64_t>(*count);
  }
  return record;
}

bool writer_lives(io::FileSystem& files, const std::filesystem::path& folder) {
  return run_lock_is_held(files, folder);
}

std::optional<Time> time_of_last_write(io::FileSystem& files, const std::filesystem::path& folder) {
  std::optional<Time> last;
  for (const io::FolderEntry& entry : files.list(folder)) {
    if (!rows_file(entry.name) && entry.name != k_events_file) continue;
    const std::optional<io::Stamp> stamp = files.stamp(folder / entry.name);
    if (stamp && (!last || last->nanoseconds < stamp->modified_ns)) last = Time{stamp->modified_ns};
  }
  return last;
}

RunState state_of(const RunRecord& record, bool writer_lives) {
  const std::string text = record.document.text({"state"});
  const auto found = std::find(k_states.begin(), k_states.end(), text);
  const auto state = found == k_states.end() ? RunState::killed : static_cast<RunState>(found - k_states.begin());
  return state < RunState::finished && !writer_lives ? RunState::killed : state;
}

std::vector<Segment> gather_rows(io::FileSystem& files, const std::filesystem::path& folder, const base::Uuid& run,
                                 bool live, std::optional<std::uint64_t> ended_with) {
  constexpr int k_looks = 20;
  PartCache cache;
  for (int attempt = 1;; ++attempt) {
    Look look = look_at(files, folder, run, live, cache);
    const bool short_of_end = ended_with && look.rows < *ended_with;
    const bool calm = !look.went_stale && !short_of_end && !(live && look.beyond) && !look.part_beyond;
    if (calm) return std::move(look.segments);
    if (attempt < k_looks && (live || look.went_stale)) continue;
    if (look.part_beyond || short_of_end) name_gap(folder, look, ended_with);
    return std::move(look.segments);
  }
}

}  // namespace wheatstone::storage

namespace wheatstone {
inline namespace v1 {

std::string_view name_of(RunState state) { return storage::k_states[static_cast<std::size_t>(state)]; }

}  // namespace v1
}  // namespace wheatstone
