#pragma once
// All that a listing says of a run, read from its folder.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>
#include <wheatstone/run_summary.hpp>

#include "io/document.hpp"
#include "io/file.hpp"

namespace wheatstone::catalogue {

/// A run as its folder has it now.
struct ReadRun {
  RunSummary summary = {};
  io::Document record = {};               ///< run.json; null where it cannot be read
  std::vector<std::string> columns = {};  ///< names
  bool has_ended = false;                 ///< run.json says how
};

/// True for what a run left, readable or not; a run that is just being made has its lock and no description yet.
[[nodiscard]] bool is_run(io::FileSystem& files, const std::filesystem::path& store, const io::FolderEntry& entry);

/// Reads a run's description, annotations and the ends of its rows; what is wrong with it stands in the summary. None
/// where the folder is gone.
[[nodiscard]] std::optional<ReadRun> read_run(io::FileSystem& files, const std::filesystem::path& folder);

/// Marks the copies among the runs of a store.
void mark_copies(std::vector<RunSummary>& runs);

/// Oldest first; those that cannot be read stand first, by folder.
void sort_by_start(std::vector<RunSummary>& runs);

}  // namespace wheatstone::catalogue
