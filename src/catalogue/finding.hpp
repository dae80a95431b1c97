#pragma once
// Which run a person means.

#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>
#include <wheatstone/run_summary.hpp>

#include "io/file.hpp"

namespace wheatstone::catalogue {

/// The runs of a store as they are looked for: id, name, start, folder, trouble, codenames among the tags,
/// copies marked.
using Heads = std::function<std::vector<RunSummary>(const std::filesystem::path& store)>;

/// What `which` means in a store (Store::find) and, where it is not there, in the known ones; for "last" in those only
/// where the store was not `named` and does not exist. Throws StorageError.
[[nodiscard]] std::filesystem::path find_run(io::FileSystem& files, const Heads& heads,
                                             const std::filesystem::path& store, bool named, std::string_view which);

/// The same in one folder alone.
[[nodiscard]] std::filesystem::path find_run_in(const Heads& heads, const std::filesystem::path& store,
                                                std::string_view which);

}  // namespace wheatstone::catalogue
