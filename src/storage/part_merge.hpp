#pragma once
// Small parts become large ones when a run ends: readers want ten thousand rows a batch.

#include <filesystem>

#include "base/uuid.hpp"
#include "io/file.hpp"

namespace wheatstone::storage {

/// Unites parts that stand side by side, where one of them has few rows. A reader sees the old parts or the new one,
/// after a loss of power too. Throws StorageError where the medium refuses or a part is damaged; every row is kept
/// then. REQUIRES: the run's lock; nobody writes its rows.
void merge_small_parts(io::FileSystem& files, const std::filesystem::path& folder, const base::Uuid& run);

}  // namespace wheatstone::storage
