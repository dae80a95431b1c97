#pragma once
// Where runs go.

#include <filesystem>
#include <wheatstone/bench.hpp>

namespace wheatstone::session {

/// `given`, else the environment's WHEATSTONE_STORE, else the bench's experiment.database_path (beside the bench file
/// where relative; `x.db` names the folder `x.wheatstone`), else ./wheatstone-runs. Throws ConfigurationError where the
/// bench names an existing database file, which a store must not replace.
[[nodiscard]] std::filesystem::path store_location(const std::filesystem::path& given, const Bench* bench);

}  // namespace wheatstone::session
