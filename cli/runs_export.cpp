// wheatstone runs export

#include <fmt/format.h>

#include <ostream>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "python.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {

int runs_export(const Terminal& terminal, const RunsExportOptions& options) {
  const std::filesystem::path folder = Store(options.store).find(options.run);
  std::filesystem::path file = options.output;
  if (file.empty()) file = folder.filename().string() + "." + options.format;
  if (!options.force && std::filesystem::exists(file)) {
    throw StorageError(fmt::format("{} is there already: name another file with --output, or overwrite it with --force",
                                   file.string()));
  }
  if (options.format == "parquet") {
    // Parquet is Polars's trade, so the Python package does it.
    const int status = run_python_module("wheatstone.parquet", {folder.string(), file.string()}, "Parquet files");
    if (status != 0) return status;
  } else {
    const Experiment experiment = Experiment::open(folder);
    options.format == "csv" ? experiment.write_csv(file) : experiment.write_arrow(file);
  }
  *terminal.out << file.string() << '\n';
  return k_done;
}

}  // namespace wheatstone::cli
