// wheatstone runs ls

#include <fmt/format.h>

#include <ostream>
#include <vector>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "text.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct RunsListOptions {
  std::filesystem::path store = {};  // empty: the default place
  bool all = false;                  // those of every known store
};

// What is typed to mean this run: the end of its folder's name, which is the end of its id.
std::string handle_of(const RunSummary& run) {
  const std::string folder = run.folder.filename().string();
  const std::size_t underscore = folder.rfind('_');
  return underscore == std::string::npos ? folder : folder.substr(underscore + 1);
}

// A missing store is one without runs yet; something else in its place is a slip of the hand.
void require_folder(const std::filesystem::path& store) {
  if (!std::filesystem::exists(store) || std::filesystem::is_directory(store)) return;
  throw StorageError(fmt::format("'{}' is no folder; a store of runs is one, name it with --store or WHEATSTONE_STORE",
                                 store.string()));
}

void list_store(const Terminal& terminal, const Store& store) {
  const std::vector<RunSummary> runs = store.runs();
  if (runs.empty()) {
    *terminal.err << fmt::format("no runs in {} (wheatstone runs ls --all looks in every store)\n",
                                 store.folder().string());
    return;
  }
  std::vector<std::vector<std::string>> rows;
  for (const RunSummary& run : runs) {
    if (run.trouble.empty()) {
      rows.push_back({handle_of(run), utc(run.started), std::string(name_of(run.state)),
                      fmt::format("{}", run.row_count), run.name});
    } else {
      rows.push_back({handle_of(run), "", "unreadable", "", run.folder.filename().string() + ": " + run.trouble});
    }
  }
  *terminal.out << terminal.fit(columns({"run", "started (UTC)", "state", "rows", "name"}, rows, {3}));
}

int runs_list(const Terminal& terminal, const RunsListOptions& options) {
  if (!options.all) {
    const Store store(options.store);
    require_folder(store.folder());
    list_store(terminal, store);
    return k_done;
  }
  const std::vector<std::filesystem::path> stores = Store::known();
  if (stores.empty()) *terminal.err << "no store is known yet; the first run makes one\n";
  for (const std::filesystem::path& folder : stores) {
    *terminal.out << terminal.bold(folder.string()) << '\n';
    list_store(terminal, Store(folder));
    *terminal.out << '\n';
  }
  return k_done;
}

}  // namespace

void add_runs_list(Verb& runs) {
  Verb& verb = runs.verb("ls", "List the runs of a store, the oldest first");
  verb.also("list");
  RunsListOptions& options = verb.does(&runs_list);
  take_store(verb, options.store);
  verb.flag("--all", options.all, "Those of every store that this account has written to");
  verb.example("wheatstone runs ls --all");
}

}  // namespace wheatstone::cli
