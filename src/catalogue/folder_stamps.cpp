#include "catalogue/folder_stamps.hpp"

#include <algorithm>

#include "storage/annotations.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone::catalogue {
namespace {

/// File systems count time in steps of up to two seconds (FAT, of modification).
constexpr std::int64_t k_coarsest_step_ns = 2'000'000'000;

class Mixer {
 public:
  void add(const std::optional<io::Stamp>& stamp) {
    add(stamp ? std::uint64_t{1} : 0);
    if (!stamp) return;
    add(static_cast<std::uint64_t>(stamp->modified_ns));
    add(static_cast<std::uint64_t>(stamp->changed_ns));
    add(stamp->is_folder ? 0 : stamp->size);
    add(stamp->number);
    latest_ = std::max({latest_, stamp->modified_ns, stamp->changed_ns});
  }
  [[nodiscard]] bool is_older_than(std::int64_t instant) const { return latest_ < instant; }
  [[nodiscard]] std::int64_t mixed() const {
    const auto mixed = static_cast<std::int64_t>(state_);
    return mixed == 0 ? 1 : mixed;
  }

 private:
  /// The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014, figure 16).
  void add(std::uint64_t value) {
    state_ += 0x9E3779B97F4A7C15ULL + value;
    state_ = (state_ ^ (state_ >> 30)) * 0xBF58476D1CE4E5B9ULL;
    state_ = (state_ ^ (state_ >> 27)) * 0x94D049BB133111EBULL;
    state_ ^= state_ >> 31;
  }

  std::uint64_t state_ = 0;
  std::int64_t latest_ = 0;
};

}  // namespace

FolderStamps::FolderStamps(io::FileSystem& files, const std::filesystem::path& store, Time now)
    : files_(files), store_(store), folder_(files.open_folder(store)), now_(now) {}

bool FolderStamps::has_annotations(const std::string& run) {
  return folder_->stamp(run + "/" + std::string(storage::k_annotations_file)).has_value();
}

std::int64_t FolderStamps::stamp(const std::string& run, Looked looked) {
  SeenFolder seen{.name = run, .is_folder = true};
  seen.description = folder_->stamp(run + "/" + std::string(storage::k_run_file));
  seen.folder = folder_->stamp(run);
  return stamp(seen, looked);
}

std::int64_t FolderStamps::stamp(const SeenFolder& seen, Looked looked) {
  const auto within = [&](std::string_view name) { return folder_->stamp(seen.name + "/" + std::string(name)); };
  if (!seen.description) return 0;
  Mixer mixer;
  mixer.add(seen.description);
  mixer.add(seen.folder);
  if (looked.has_annotations) mixer.add(within(storage::k_annotations_file));
  if (!looked.has_ended) {
    mixer.add(within(storage::k_lock_file));
    const std::vector<storage::RowsFile> rows = storage::list_rows(files_, store_ / seen.name);
    if (!rows.empty()) mixer.add(within(rows.back().name));
  }
  return mixer.is_older_than(now_.nanoseconds - k_coarsest_step_ns) ? mixer.mixed() : 0;
}

}  // namespace wheatstone::catalogue
