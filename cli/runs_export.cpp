// wheatstone runs export

#include <fmt/format.h>

#include <stdlib.h>

#include <cerrno>
#include <fstream>
#include <ostream>
#include <system_error>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "python.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct RunsExportOptions {
  std::string run = "last";
  std::filesystem::path store = {};
  std::string format = {};            // "arrow", "csv" or "parquet"
  std::filesystem::path output = {};  // empty: named after the run, in the present folder
  bool force = false;                 // overwrite
};

int export_to(const std::filesystem::path& run, const std::string& format, const std::filesystem::path& file) {
  if (format == "parquet") {
    // Parquet is Polars's trade, so the Python package does it.
    return run_python_module("wheatstone.parquet", {run.string(), file.string()}, "Parquet files");
  }
  const Experiment experiment = Experiment::open(run);
  format == "csv" ? experiment.write_csv(file) : experiment.write_arrow(file);
  return k_done;
}

/// A file of this process's own, gone with it.
class ScratchFile {
 public:
  ScratchFile() {
    std::string name = (std::filesystem::temp_directory_path() / "wheatstone-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw StorageError(fmt::format("no folder can be made in {}: {}; set TMPDIR to one that may be written",
                                     std::filesystem::temp_directory_path().string(),
                                     std::generic_category().message(errno)));
    }
    folder_ = name;
  }
  ~ScratchFile() {
    std::error_code ignored;  // a leftover in the folder for temporary files harms nobody
    std::filesystem::remove_all(folder_, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  [[nodiscard]] std::filesystem::path path() const { return folder_ / "table"; }

 private:
  std::filesystem::path folder_;
};

// A table is written whole to a file first, so that what arrives in a pipe is a table or nothing.
int export_to_output(const Terminal& terminal, const std::filesystem::path& run, const std::string& format) {
  const ScratchFile scratch;
  if (const int status = export_to(run, format, scratch.path()); status != k_done) return status;
  *terminal.out << std::ifstream(scratch.path(), std::ios::binary).rdbuf();
  return k_done;
}

int runs_export(const Terminal& terminal, const RunsExportOptions& options) {
  const std::filesystem::path folder = Store(options.store).find(options.run);
  if (options.output == "-") return export_to_output(terminal, folder, options.format);
  std::filesystem::path file = options.output;
  if (file.empty()) file = folder.filename().string() + "." + options.format;
  if (!options.force && std::filesystem::exists(file)) {
    throw StorageError(fmt::format("{} is there already: name another file with --output, or overwrite it with --force",
                                   file.string()));
  }
  if (const int status = export_to(folder, options.format, file); status != k_done) return status;
  *terminal.out << file.string() << '\n';
  return k_done;
}

}  // namespace

void add_runs_export(Verb& runs) {
  Verb& verb = runs.verb("export", "Write a run's table to a file");
  RunsExportOptions& options = verb.does(&runs_export);
  take_run(verb, options.run, options.store);
  verb.option("--to", options.format, "The format",
              {.required = true, .value = "FORMAT", .choices = {"arrow", "csv", "parquet"}});
  verb.option("-o,--output", options.output,
              "The file, or - for standard output (named after the run, in the present folder)",
              {.offers = Offer::file});
  verb.flag("--force", options.force, "Overwrite the file");
  verb.example("wheatstone runs export last --to csv -o iv.csv");
}

}  // namespace wheatstone::cli
