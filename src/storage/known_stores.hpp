#pragma once
// The stores that this account has written to, so that old runs are found from anywhere.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/file.hpp"

namespace wheatstone::storage {

/// $XDG_STATE_HOME/wheatstone/stores, else ~/.local/state/wheatstone/stores; none without a home.
[[nodiscard]] std::optional<std::filesystem::path> known_stores_file();

/// How the name of a store's folder begins that is not worth remembering: made for a while, by a dry run.
inline constexpr std::string_view k_passing_store = ".wheatstone-passing-";

/// Puts a store on the list; what went wrong, where something did: a run needs the list not.
[[nodiscard]] std::optional<std::string> remember_store(io::FileSystem& files, const std::filesystem::path& store);

/// Those on the list that still exist, latest first.
[[nodiscard]] std::vector<std::filesystem::path> known_stores(io::FileSystem& files);

}  // namespace wheatstone::storage
