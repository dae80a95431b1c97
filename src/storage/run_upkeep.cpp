#include "storage/run_upkeep.hpp"

#include <fmt/format.h>
#include <wheatstone/error.hpp>

#include <algorithm>

#include "base/blocking.hpp"
#include "base/clock.hpp"
#include "storage/chunk_format.hpp"
#include "storage/part_merge.hpp"
#include "storage/run_folder.hpp"
#include "storage/run_lock.hpp"
#include "storage/run_recovery.hpp"

namespace wheatstone::storage {
namespace {

struct RowsOnMedium {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
};

RowsOnMedium rows_on_medium(io::FileSystem& files, const std::filesystem::path& folder) {
  RowsOnMedium found;
  for (const RowsFile& each : list_rows(files, folder)) {
    const std::unique_ptr<io::File> file = files.open(folder / each.name, io::OpenMode::read);
    if (!file) continue;
    ++found.files;
    found.bytes += file->size();
  }
  return found;
}

/// A run's folder and lock, and what it says of itself since nobody else writes it.
struct HeldRun {
  std::filesystem::path folder;
  RunLock lock;
  RunRecord record;
};

HeldRun hold(io::FileSystem& files, const std::filesystem::path& folder) {
  static_cast<void>(read_record(files, folder));  // before anything is touched: it may be no run at all
  RunLock lock = take_run_lock(files, folder);
  RunRecord record = read_record(files, folder);
  return {folder, std::move(lock), std::move(record)};
}

RecoveredRows put_in_order(io::FileSystem& files, const HeldRun& run) {
  RecoveredRows recovered = recover_rows(files, run.folder, run.record);
  merge_small_parts(files, run.folder, run.record.id);
  return recovered;
}

void note(io::FileSystem& files, const std::filesystem::path& folder, std::string_view event, io::Document details) {
  io::Document line = io::Document::object({{"event", event},
                                            {"wall", rfc3339(base::system_clock().wall())},
                                            {"boottime", base::system_clock().boottime()}});
  line.merge(details);
  const std::unique_ptr<io::File> log = files.open(folder / k_events_file, io::OpenMode::append);
  log->append(io::as_bytes(line.dump() + "\n"));
  log->sync();
}

}  // namespace

Compaction compact_run(io::FileSystem& files, const std::filesystem::path& folder) {
  const base::BlockingRegion region;
  const HeldRun run = hold(files, folder);
  const RowsOnMedium before = rows_on_medium(files, folder);
  static_cast<void>(put_in_order(files, run));
  const RowsOnMedium after = rows_on_medium(files, folder);
  return {before.files, after.files, before.bytes, after.bytes};
}

Recovery recover_run(io::FileSystem& files, const std::filesystem::path& folder) {
  const base::BlockingRegion region;
  HeldRun run = hold(files, folder);
  const std::string state = run.record.document.text({"state"});
  if (state_of(run.record, true) >= RunState::finished) {
    throw ConfigurationError(fmt::format(
        "the run '{}' has ended ('{}') and needs no recovery; 'verify' checks its files", folder.string(), state));
  }
  const std::optional<Time> last_written = time_of_last_write(files, folder);
  const RecoveredRows recovered = put_in_order(files, run);
  mend_events(files, folder);
  note(files, folder, "recovered", [&] {
    io::Document details = io::Document::object({{"state", state}, {"rows", recovered.row_count}});
    for (const std::string& name : recovered.set_aside) details["set_aside"].push_back(name);
    return details;
  }());
  run.record.document["format"] = k_format_version;  // that of the parts which were written now
  run.record.document["state"] = name_of(RunState::killed);
  if (last_written) run.record.document["ended"] = rfc3339(*last_written);
  run.record.document["rows"] = recovered.row_count;
  io::replace_text(files, folder / k_run_file, run.record.document.dump(true) + "\n");
  files.sync_folder(folder);
  return {recovered.row_count, recovered.set_aside};
}

}  // namespace wheatstone::storage
