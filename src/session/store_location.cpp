#include "session/store_location.hpp"

#include <fmt/core.h>

#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

namespace wheatstone::session {
namespace fs = std::filesystem;

namespace {

fs::path of_bench(const Bench& bench) {
  fs::path path = bench.experiment().database_path;
  if (path.is_relative()) path = bench.file().parent_path() / path;
  fs::path store = path;
  const fs::path extension = path.extension();
  if (extension == ".db" || extension == ".sqlite" || extension == ".sqlite3") store.replace_extension(".wheatstone");
  if (!fs::is_regular_file(path) || (store != path && fs::exists(store))) return store;
  throw ConfigurationError(
      fmt::format("experiment.database_path of {} is the existing file {}; a store is a folder. If it is a database of "
                  "another system, 'wheatstone runs import {}' brings what it holds into {}; else name another path",
                  bench.file().string(), path.string(), path.string(), store.string()));
}

}  // namespace

fs::path store_location(const fs::path& given, const Bench* bench) {
  if (!given.empty()) return given;
  const bool bench_says = bench != nullptr && !bench->experiment().database_path.empty();
  if (bench_says && !Store::folder_in_environment()) return of_bench(*bench);
  return Store::default_folder();
}

}  // namespace wheatstone::session
