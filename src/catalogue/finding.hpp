#pragma once
// Which run a person means.

#include <filesystem>
#include <string_view>
#include <vector>
#include <wheatstone/run_summary.hpp>

#include "io/file.hpp"

namespace wheatstone::catalogue {

/// A run as it is looked for: without its rows.
struct Candidate {
  std::filesystem::path folder;
  std::string id = {};
  std::string name = {};
  Time started = {};
  std::string trouble = {};
  bool is_copy = false;
};

/// The runs of a store as candidates: those that cannot be read first, then by start. Reads every description.
[[nodiscard]] std::vector<Candidate> candidates_in(io::FileSystem& files, const std::filesystem::path& store);

/// What `which` means in a store (Store::find) and, where it is not there, in the known ones; for "last" in those only
/// where the store was not `named` and does not exist. Throws StorageError.
[[nodiscard]] std::filesystem::path find_run(io::FileSystem& files, const std::filesystem::path& store, bool named,
                                             std::string_view which);

/// The same in one folder alone.
[[nodiscard]] std::filesystem::path find_run_in(io::FileSystem& files, const std::filesystem::path& store,
                                                std::string_view which);

}  // namespace wheatstone::catalogue
