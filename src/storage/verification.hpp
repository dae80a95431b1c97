#pragma once
// A run's files gone through, whatever their state.

#include <filesystem>
#include <vector>
#include <wheatstone/verification.hpp>

#include "io/file.hpp"
#include "storage/chunk_reader.hpp"

namespace wheatstone::storage {

/// Reads and checks every file of a run. Throws StorageError where it is no run, or its folder cannot be read at all.
[[nodiscard]] Verification verify_run(io::FileSystem& files, const std::filesystem::path& folder);

/// The rows of a run that are readable, in order: whole files, and of chunks the rows whose checks hold. Throws
/// StorageError where it is no run.
[[nodiscard]] std::vector<Segment> readable_rows(io::FileSystem& files, const std::filesystem::path& folder);

}  // namespace wheatstone::storage
