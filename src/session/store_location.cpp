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
  const fs::path extension = path.extension();
  if (fs::is_regular_file(path)) {
    throw ConfigurationError(fmt::format(
        "experiment.database_path of {} is the existing file {}; a store is a folder. Name another path (runs of "
        "that database can be imported once `wheatstone runs import` comes)",
        bench.file().string(), path.string()));
  }
  if (extension == ".db" || extension == ".sqlite" || extension == ".sqlite3") path.replace_extension(".wheatstone");
  return path;
}

}  // namespace

fs::path store_location(const fs::path& given, const Bench* bench) {
  if (!given.empty()) return given;
  const bool bench_says = bench != nullptr && !bench->experiment().database_path.empty();
  if (bench_says && !Store::folder_in_environment()) return of_bench(*bench);
  return Store::default_folder();
}

}  // namespace wheatstone::session
