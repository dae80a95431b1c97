#pragma once
// A run's files gone through, whatever their state.

#include <filesystem>
#include <wheatstone/verification.hpp>

#include "io/file.hpp"

namespace wheatstone::storage {

/// Reads and checks every file of a run. Throws StorageError where it is no run, or its folder cannot be read at all.
[[nodiscard]] Verification verify_run(io::FileSystem& files, const std::filesystem::path& folder);

}  // namespace wheatstone::storage
