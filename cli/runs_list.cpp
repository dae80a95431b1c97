// wheatstone runs ls

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "run_text.hpp"
#include "runs_filter.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct Options {
  std::filesystem::path store = {};  // empty: the default place
  bool all = false;                  // those of every known store
  TypedFilter filter = {};
  std::optional<std::uint64_t> limit = {};
  bool reverse = false;
  bool json = false;

  [[nodiscard]] bool filters() const {
    return !(filter.name.empty() && filter.since.empty() && filter.until.empty() && filter.states.empty() &&
             filter.instrument.empty() && filter.parameters.empty() && filter.tags.empty());
  }
};

std::vector<RunSummary> listed(Store& store, const Options& options, const RunFilter& filter) {
  std::vector<RunSummary> runs = store.runs(filter);
  if (options.limit && *options.limit < runs.size())
    runs.erase(runs.begin(), runs.end() - static_cast<std::ptrdiff_t>(*options.limit));
  if (options.reverse) std::ranges::reverse(runs);
  return runs;
}

void say_that_there_is_none(const Terminal& terminal, const Store& store, const Options& options) {
  const std::string where = printable(store.folder().string());
  if (options.filters()) {
    const std::size_t count = store.runs().size();
    *terminal.err << fmt::format("no run in {} fits; {} there in all\n", where,
                                 count == 1 ? "1 is" : fmt::format("{} are", count));
  } else {
    *terminal.err << fmt::format("no runs in {} (wheatstone runs ls --all looks in every store)\n", where);
  }
}

int list_one(const Terminal& terminal, const Options& options, const RunFilter& filter) {
  Store store(options.store);
  require_store(store.folder());
  const std::vector<RunSummary> runs = listed(store, options, filter);
  tell_notices(terminal, store);
  if (options.json) {
    *terminal.out << json_of(runs).text();
  } else if (runs.empty()) {
    say_that_there_is_none(terminal, store, options);
  } else {
    *terminal.out << table_of(runs).text(terminal);
  }
  return k_done;
}

// A store that cannot be read is told, and the others are listed.
int list_all(const Terminal& terminal, const Options& options, const RunFilter& filter) {
  int status = k_done;
  std::vector<RunSummary> every;
  const std::vector<std::filesystem::path> stores = Store::known();
  if (stores.empty()) *terminal.err << "no store is known yet; the first run makes one\n";
  for (const std::filesystem::path& folder : stores) {
    try {
      Store store(folder);
      const std::vector<RunSummary> runs = listed(store, options, filter);
      tell_notices(terminal, store);
      every.insert(every.end(), runs.begin(), runs.end());
      if (options.json || runs.empty()) continue;
      *terminal.out << terminal.bold(printable(folder.string())) << '\n' << table_of(runs).text(terminal) << '\n';
    } catch (const StorageError& error) {
      terminal.out->flush();
      *terminal.err << "wheatstone: " << printable(error.what()) << '\n';
      status = k_failed;
    }
  }
  if (options.json) *terminal.out << json_of(every).text();
  if (!options.json && every.empty() && !stores.empty()) {
    *terminal.err << fmt::format("no run fits in {}\n", counted(stores.size(), "store"));
  }
  return status;
}

int runs_list(const Terminal& terminal, const Options& options) {
  const RunFilter filter = filter_of(options.filter);
  return options.all ? list_all(terminal, options, filter) : list_one(terminal, options, filter);
}

}  // namespace

void add_runs_list(Verb& runs) {
  Verb& verb = runs.verb("ls", "List the runs of a store, the oldest first");
  verb.also("list");
  Options& options = verb.does(&runs_list);
  take_store(verb, options.store);
  verb.flag("--all", options.all, "Those of every store that this account has written to");
  take_filter(verb, options.filter);
  verb.option("--limit", options.limit, "Only so many, the latest", {.least = 1});
  verb.flag("--reverse", options.reverse, "The latest first");
  verb.flag("--json", options.json, k_json_help);
  verb.example("wheatstone runs ls --since yesterday --state finished");
  verb.example("wheatstone runs ls --all --param voltage=1..2 --limit 20");
}

}  // namespace wheatstone::cli
