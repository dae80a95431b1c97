// wheatstone runs export

#include <fmt/format.h>

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <map>
#include <ostream>
#include <sstream>
#include <system_error>
#include <vector>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "python.hpp"
#include "text.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct RunsExportOptions {
  std::string run = "last";
  std::filesystem::path store = {};
  std::string format = {};
  std::filesystem::path output = {};      // empty: named after the run, in the present folder
  std::vector<std::string> columns = {};  // each a name, or several with commas between them
  bool metadata = false;                  // beside the file
  bool force = false;                     // overwrite
};

// What is Python's trade: Parquet is Polars's, NetCDF xarray's, spreadsheets XlsxWriter's.
const std::map<std::string, std::string> k_of_python = {
    {"netcdf", "NetCDF files"}, {"parquet", "Parquet files"}, {"xlsx", "spreadsheets"}};

bool carries_metadata(const std::string& format) { return format != "csv" && format != "jsonl"; }

// The names that were typed; one that has a comma itself stands alone.
std::vector<std::string> names_of(const std::vector<std::string>& typed, const Experiment& experiment) {
  std::vector<std::string> names;
  for (const std::string& words : typed) {
    const auto is_it = [&](const Column& column) { return column.name == words; };
    if (std::ranges::any_of(experiment.columns(), is_it)) {
      names.push_back(words);
      continue;
    }
    std::istringstream rest(words);
    for (std::string name; std::getline(rest, name, ',');) names.push_back(name);
  }
  return names;
}

int export_to(const std::filesystem::path& folder, const RunsExportOptions& options,
              const std::filesystem::path& file) {
  Experiment experiment = Experiment::open(folder);
  const std::vector<std::string> names = names_of(options.columns, experiment);
  if (!names.empty()) experiment = experiment.select(names);
  if (const auto found = k_of_python.find(options.format); found != k_of_python.end()) {
    std::vector<std::string> words = {folder.string(), file.string(), "--to", options.format, "--force"};
    for (const std::string& name : names) words.push_back("--column=" + name);
    return run_python_module("wheatstone.export", words, found->second);
  }
  if (options.format == "csv") experiment.write_csv(file);
  if (options.format == "jsonl") experiment.write_jsonl(file);
  if (options.format == "arrow") experiment.write_arrow(file);
  if (options.metadata) experiment.write_description(file);
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
int export_to_output(const Terminal& terminal, const std::filesystem::path& run, const RunsExportOptions& options) {
  const ScratchFile scratch;
  if (const int status = export_to(run, options, scratch.path()); status != k_done) return status;
  *terminal.out << std::ifstream(scratch.path(), std::ios::binary).rdbuf();
  return k_done;
}

int runs_export(const Terminal& terminal, const RunsExportOptions& options) {
  if (options.metadata && (carries_metadata(options.format) || options.output == "-")) {
    *terminal.err << (options.output == "-"
                          ? "wheatstone: --metadata is written beside a file; name one with --output\n"
                          : "wheatstone: --metadata is for csv and jsonl; the others carry it\n");
    return k_usage;
  }
  const std::filesystem::path folder = Store(options.store).find(options.run);
  if (options.output == "-") return export_to_output(terminal, folder, options);
  std::filesystem::path file = options.output;
  if (file.empty()) file = folder.filename().string() + "." + (options.format == "netcdf" ? "nc" : options.format);
  if (const std::filesystem::path parent = file.parent_path();
      !parent.empty() && !std::filesystem::is_directory(parent)) {
    throw StorageError(
        fmt::format("there is no folder {0} for {1}: make it (mkdir -p {0}), or name another file with "
                    "--output",
                    shell_word(parent.string()), file.string()));
  }
  if (!options.force && std::filesystem::exists(file)) {
    throw StorageError(fmt::format("{} is there already: name another file with --output, or overwrite it with --force",
                                   file.string()));
  }
  if (const int status = export_to(folder, options, file); status != k_done) return status;
  *terminal.out << file.string() << '\n';
  if (options.metadata) *terminal.out << file.string() << "-metadata.json\n";
  return k_done;
}

}  // namespace

void add_runs_export(Verb& runs) {
  Verb& verb = runs.verb("export", "Write a run's table to a file");
  RunsExportOptions& options = verb.does(&runs_export);
  take_run(verb, options.run, options.store);
  verb.option("--to", options.format, "The format",
              {.required = true, .value = "FORMAT", .choices = {"arrow", "csv", "jsonl", "netcdf", "parquet", "xlsx"}});
  verb.option("-o,--output", options.output,
              "The file, or - for standard output (named after the run, in the present folder)",
              {.offers = Offer::file});
  verb.option("--columns", options.columns,
              "The columns to write, all if not given; a netcdf file has the parameters too", {.value = "NAME,NAME"});
  verb.flag("--metadata", options.metadata, "Units and run.json beside a csv or jsonl file; the others carry them");
  verb.flag("--force", options.force, "Overwrite the file");
  verb.example("wheatstone runs export last --to csv -o iv.csv");
  verb.example("wheatstone runs export last --to netcdf --columns v_measured");
}

}  // namespace wheatstone::cli
