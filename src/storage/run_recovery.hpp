#pragma once
// A run that its writer left, made ready to be gone on with.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "io/file.hpp"
#include "storage/chunk_reader.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone::storage {

/// What a run holds once everything of it is sealed.
struct RecoveredRows {
  std::shared_ptr<const std::vector<Segment>> segments;  ///< all from parts
  std::uint64_t row_count = 0;
  std::vector<ColumnInfo> columns;     ///< as the next chunk has to have them
  std::vector<std::string> set_aside;  ///< files kept under another name: they hold rows that lie after a lost one
};

/// Keeps the longest prefix of whole rows as parts and takes every other file of rows out of the way, so that rows may
/// be appended. May be cut short anywhere and begun anew. Throws StorageError where rows are lost other than at the end
/// by a crash, or the medium refuses; then no row is lost by it. REQUIRES: the run's lock.
[[nodiscard]] RecoveredRows recover_rows(io::FileSystem& files, const std::filesystem::path& folder,
                                         const RunRecord& record);

/// Takes lines that a crash cut or blotted out of events.jsonl. REQUIRES: the run's lock.
void mend_events(io::FileSystem& files, const std::filesystem::path& folder);

}  // namespace wheatstone::storage
