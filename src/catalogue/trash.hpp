#pragma once
// Runs that were thrown away, kept in the store's folder `trash` until it is emptied.

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "io/file.hpp"

namespace wheatstone::catalogue {

constexpr std::string_view k_trash_folder = "trash";

/// Moves a run's folder to the trash of its store, under its lock; where it is afterwards. Throws StorageError where it
/// is being written.
std::filesystem::path move_to_trash(io::FileSystem& files, const std::filesystem::path& folder);

/// Moves a run's folder from the trash back to the store; where it is afterwards.
std::filesystem::path move_back(io::FileSystem& files, const std::filesystem::path& folder);

/// Deletes everything in a store's trash; how many folders that were. One that another process deletes too is no error.
std::size_t empty_trash(io::FileSystem& files, const std::filesystem::path& store);

}  // namespace wheatstone::catalogue
