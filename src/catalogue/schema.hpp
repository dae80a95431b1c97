#pragma once
// The tables of the catalogue, and a run as their rows.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>
#include <wheatstone/store.hpp>

#include "catalogue/database.hpp"
#include "catalogue/folder_stamps.hpp"
#include "catalogue/run_reading.hpp"

namespace wheatstone::catalogue {

/// Makes the tables in an empty database.
void make_tables(Database& database);

/// Runs as they are written. Lives shorter than its database.
class RunTable {
 public:
  explicit RunTable(Database& database);

  /// Writes a run, in the place of what there was of its folder.
  void put(const ReadRun& run, std::int64_t stamp, Looked looked);
  void forget(std::int64_t key);

 private:
  void put_parts(std::int64_t key, const RunSummary& run);
  void put_words(std::int64_t key, const ReadRun& run);

  Database& database_;
  Statement find_;
  Statement run_;
  Statement tag_;
  Statement note_;
  Statement parameter_;
  Statement instrument_;
  Statement words_;
  std::vector<Statement> forget_ = {};
};

/// All runs of a store, in no order. `store` is the folder that they lie in.
[[nodiscard]] std::vector<RunSummary> get_runs(const Database& database, const std::filesystem::path& store);

/// What a tag begins with that gives its run a codename.
constexpr std::string_view k_codename_tag = "codename=";

/// The same with nothing but folder, id, name, start, trouble and, of the tags, codenames.
[[nodiscard]] std::vector<RunSummary> get_heads(const Database& database, const std::filesystem::path& store);

/// The runs with an id that one of the hits has and another run too.
[[nodiscard]] std::vector<RunSummary> get_doubles(const Database& database, const std::filesystem::path& store,
                                                  const std::vector<SearchHit>& hits);

/// Whether a run is among those that are asked for.
using Fits = std::function<bool(const RunSummary&)>;

/// The best `limit` of the runs that match a query (query_for()) and fit, and how many do; without `fits` all do. Only
/// the first fifty have excerpts, which cost more than finding them.
[[nodiscard]] SearchPage search_runs(const Database& database, const std::filesystem::path& store,
                                     const std::string& query, std::size_t limit, const Fits& fits);

}  // namespace wheatstone::catalogue
