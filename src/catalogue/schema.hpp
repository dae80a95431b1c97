#pragma once
// The tables of the catalogue, and a run as their rows.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>
#include <wheatstone/store.hpp>

#include "catalogue/database.hpp"
#include "catalogue/run_reading.hpp"

namespace wheatstone::catalogue {

/// Makes the tables in an empty database.
void make_tables(Database& database);

/// Writes a run, in the place of what there was of its folder.
void put_run(Database& database, const ReadRun& run, std::int64_t stamp);
void forget_run(Database& database, std::int64_t key);

/// All runs of a store, in no order. `store` is the folder that they lie in.
[[nodiscard]] std::vector<RunSummary> get_runs(const Database& database, const std::filesystem::path& store);

/// The same with nothing but folder, id, name, start and trouble.
[[nodiscard]] std::vector<RunSummary> get_heads(const Database& database, const std::filesystem::path& store);

/// Of these the ones whose id another run has too.
[[nodiscard]] std::vector<RunSummary> get_doubles(const Database& database, const std::filesystem::path& store);

/// The runs that match a query (query_for()), best first. Only the first fifty have excerpts, which cost more than
/// finding them.
[[nodiscard]] std::vector<SearchHit> search_runs(const Database& database, const std::filesystem::path& store,
                                                 const std::string& query);

}  // namespace wheatstone::catalogue
