// wheatstone runs import

#include "python.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct RunsImportOptions {
  std::filesystem::path file = {};
  std::filesystem::path store = {};  // empty: beside the file
};

int runs_import(const Terminal&, const RunsImportOptions& options) {
  std::vector<std::string> words = {options.file.string()};
  if (!options.store.empty()) words.push_back(options.store.string());
  // DataFrames are Polars's trade, so the Python package does it.
  return run_python_module("wheatstone.importing", words, "Imported databases");
}

}  // namespace

void add_runs_import(Verb& runs) {
  Verb& verb = runs.verb("import", "Bring a database of another system into a store");
  RunsImportOptions& options = verb.does(&runs_import);
  verb.argument("file", options.file, "A database file of PyTestLab", {.required = true, .offers = Offer::file});
  verb.option("--store", options.store, "The folder of runs (beside the file: data.db into data.wheatstone)",
              {.offers = Offer::folder});
  verb.example("wheatstone runs import my_lab_data.db");
}

}  // namespace wheatstone::cli
