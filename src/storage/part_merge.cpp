#include "storage/part_merge.hpp"

#include <vector>

#include "storage/arrow_file.hpp"
#include "storage/run_folder.hpp"
#include "storage/united_segment.hpp"

namespace wheatstone::storage {
namespace {

/// A part with its rows, which is one batch in every part of ours.
struct OpenPart {
  RowsFile file;
  Segment rows;
};

/// Parts that become one. Owns their mappings.
class Group {
 public:
  [[nodiscard]] bool take(const OpenPart& part) {
    constexpr std::int64_t k_wanted_rows = 10'000;
    const bool is_small = part.rows.row_count < k_wanted_rows || neighbours_.rows() < k_wanted_rows;
    if (!is_small || !neighbours_.take(part.rows)) return false;
    segments_.push_back(part.rows);
    names_.push_back(part.file.name);
    return true;
  }

  void write(io::FileSystem& files, const std::filesystem::path& folder, const base::Uuid& run) const {
    if (segments_.size() < 2) return;
    // Takes the name of the first, whose rows it covers; the others are superseded once that is on the medium.
    write_part(files, folder / names_.front(), run, unite(segments_, run));
    files.sync_folder(folder);
    for (std::size_t i = 1; i < names_.size(); ++i) files.remove(folder / names_[i]);
  }

 private:
  Neighbours neighbours_;
  std::vector<Segment> segments_;
  std::vector<std::string> names_;
};

}  // namespace

void merge_small_parts(io::FileSystem& files, const std::filesystem::path& folder, const base::Uuid& run) {
  const std::vector<RowsFile> parts = list_rows(files, folder);
  if (parts.size() < 2) return;
  Group group;
  std::uint64_t next_row = 0;
  PartCache cache;
  for (const RowsFile& file : parts) {
    if (file.first_row < next_row) continue;  // superseded
    std::optional<std::vector<Segment>> rows;
    if (file.is_part) rows = open_part(files, folder / file.name, run, cache);
    const bool joins = rows && rows->size() == 1 && file.first_row == next_row;
    const OpenPart part{file, joins ? std::move(rows->front()) : Segment{}};
    if (joins) next_row += static_cast<std::uint64_t>(part.rows.row_count);
    if (joins && group.take(part)) continue;
    group.write(files, folder, run);
    group = Group();
    if (!joins) return;  // a chunk that could not be sealed: what lies behind it stays as it is
    static_cast<void>(group.take(part));
  }
  group.write(files, folder, run);
}

}  // namespace wheatstone::storage
