#pragma once
// Runs that nobody writes any more, put in order.

#include <filesystem>
#include <wheatstone/verification.hpp>

#include "io/file.hpp"

namespace wheatstone::storage {

/// As Store::compact() and Store::recover() of the run in `folder`.
Compaction compact_run(io::FileSystem& files, const std::filesystem::path& folder);
Recovery recover_run(io::FileSystem& files, const std::filesystem::path& folder);

}  // namespace wheatstone::storage
