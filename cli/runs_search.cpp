// wheatstone runs search

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ostream>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "run_text.hpp"
#include "runs_filter.hpp"
#include "text.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct Options {
  std::vector<std::string> words = {};
  std::filesystem::path store = {};
  bool all = false;
  TypedFilter filter = {};
  std::uint64_t limit = 50;
  bool json = false;
};

// Where there is little room, what was found stands near the beginning.
std::string excerpt_of(const Terminal& terminal, const SearchHit& hit) {
  std::string text = printable(hit.excerpt);
  const std::size_t mark = text.find("«");
  if (!terminal.limit() || mark == std::string::npos || columns_of(text.substr(0, mark)) < 12) return text;
  std::size_t from = text.rfind(' ', mark);
  if (from == std::string::npos || from + 12 < mark) from = mark;
  return (terminal.unicode ? "…" : "...") + text.substr(from);
}

Table table_of(const Terminal& terminal, const std::vector<SearchHit>& hits) {
  Table table({{.title = "run"},
               {.title = "started (UTC)", .rank = 2},
               {.title = "state", .rank = 1},
               {.title = "name", .least = 12},
               {.title = "where", .least = 12}});
  for (const SearchHit& hit : hits) {
    table.add({handle_of(hit.run), utc(hit.run.started), state_of(hit.run), title_of(hit.run),
               Cell(excerpt_of(terminal, hit), Style::faint)});
  }
  return table;
}

int runs_search(const Terminal& terminal, const Options& options) {
  std::vector<std::filesystem::path> stores;
  if (options.all) {
    stores = Store::known();
  } else {
    stores.push_back(Store(options.store).folder());
    require_store(stores.front());
  }
  const std::string words = fmt::format("{}", fmt::join(options.words, " "));
  const RunFilter filter = filter_of(options.filter);
  std::vector<SearchHit> hits;
  std::size_t found = 0;
  for (const std::filesystem::path& folder : stores) {
    Store store(folder);
    SearchPage page = store.search_page(words, options.limit, filter);
    found += page.found;
    for (SearchHit& hit : page.hits) hits.push_back(std::move(hit));
    tell_notices(terminal, store);
  }
  if (hits.size() > options.limit) hits.resize(options.limit);
  if (options.json) {
    Json all = Json::array();
    for (const SearchHit& hit : hits) all.add(json_of(hit.run).set("excerpt", hit.excerpt));
    *terminal.out << all.text();
  } else if (hits.empty()) {
    *terminal.err << fmt::format("no run has '{}'{}\n", printable(words),
                                 options.all ? "" : "; --all looks in every store");
  } else {
    *terminal.out << table_of(terminal, hits).text(terminal);
    if (found > hits.size()) {
      terminal.out->flush();
      *terminal.err << fmt::format("{} more; --limit shows them\n", found - hits.size());
    }
  }
  return k_done;
}

}  // namespace

void add_runs_search(Verb& runs) {
  Verb& verb = runs.verb("search", "Find runs by words, best first");
  Options& options = verb.does(&runs_search);
  verb.argument("words", options.words, "A run has them all; each fits words that begin with it", {.required = true});
  take_store(verb, options.store);
  verb.flag("--all", options.all, "In every store that this account has written to");
  take_filter(verb, options.filter);
  verb.option("--limit", options.limit, "Show so many", {.least = 1});
  verb.flag("--json", options.json, k_json_help);
  verb.note(
      "Words are looked for in names, descriptions, tags, notes, parameters, columns, instruments, scripts and errors. "
      "Words between quotes must follow one another.");
  verb.example("wheatstone runs search diode 34470A");
}

}  // namespace wheatstone::cli
