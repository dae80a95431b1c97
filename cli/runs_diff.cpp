// wheatstone runs diff

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <wheatstone/store.hpp>

#include "run_text.hpp"
#include "text.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct Options {
  std::string first = {};
  std::string second = {};
  std::filesystem::path store = {};
  bool json = false;
};

Json comparison_json(const RunComparison& comparison) {
  Json differences = Json::array();
  for (const Difference& each : comparison.differences) {
    differences.add(
        Json::object({{"part", each.part}, {"what", each.what}, {"first", each.first}, {"second", each.second}}));
  }
  Json columns = Json::array();
  for (const ColumnDifference& each : comparison.columns) {
    columns.add(Json::object({{"name", each.name},
                              {"unit", std::string(each.unit.label())},
                              {"trouble", each.trouble.empty() ? Json() : Json(each.trouble)},
                              {"compared", each.compared},
                              {"different", each.different},
                              {"largest", each.largest},
                              {"largest_row", each.largest ? Json(each.largest_row) : Json()}}));
  }
  return Json::object({{"same", comparison.same()},
                       {"first", json_of(comparison.first)},
                       {"second", json_of(comparison.second)},
                       {"differences", differences},
                       {"columns", columns}});
}

std::string column_in_words(const ColumnDifference& column) {
  if (!column.trouble.empty()) return printable(column.trouble);
  std::string text = fmt::format("{} of {} differ", column.different, counted(column.compared, "row"));
  if (column.largest) {
    text += fmt::format(", by {:.4g}{}{} at most, in row {}", *column.largest, column.unit.empty() ? "" : " ",
                        column.unit.label(), column.largest_row);
  }
  return text;
}

// Of an instrument that only one of them has, each setting differs: one line says so of all.
struct OneSided {
  std::string of = {};  // "before, psu"
  std::size_t first = 0;
  std::size_t second = 0;
};

std::vector<Difference> in_brief(const std::vector<Difference>& all) {
  std::vector<Difference> brief;
  std::vector<OneSided> sides;
  for (const Difference& each : all) {
    const bool only_second = each.first == "none";
    if (each.part != "settings" || only_second == (each.second == "none")) {
      brief.push_back(each);
      continue;
    }
    const std::size_t comma = each.what.find(',', each.what.find(',') + 1);
    const std::string of = each.what.substr(0, comma);
    if (sides.empty() || sides.back().of != of) sides.push_back({.of = of});
    ++(only_second ? sides.back().second : sides.back().first);
  }
  for (const OneSided& side : sides) {
    const auto count = [](std::size_t n) { return n == 0 ? std::string("none") : counted(n, "setting"); };
    const Difference line{
        .part = "settings", .what = side.of, .first = count(side.first), .second = count(side.second)};
    const auto after = std::ranges::find_if(brief, [](const Difference& each) {
      return each.part == "versions" || each.part == "script" || each.part == "host" || each.part == "outcome";
    });
    brief.insert(after, line);
  }
  return brief;
}

void print(const Terminal& terminal, const RunComparison& comparison) {
  Table table({{.title = "", .least = 20},
               {.title = handle_of(comparison.first), .least = 8},
               {.title = handle_of(comparison.second), .least = 8}});
  table.add({"name", title_of(comparison.first), title_of(comparison.second)});
  table.add({"started (UTC)", utc(comparison.first.started), utc(comparison.second.started)});
  table.add({"rows", std::to_string(comparison.first.row_count), std::to_string(comparison.second.row_count)});
  std::string part;
  for (const Difference& each : in_brief(comparison.differences)) {
    if (each.part != part) table.add({Cell(each.part, Style::faint), "", ""});
    part = each.part;
    table.add({"  " + printable(each.what), Cell(printable(each.first), Style::bad),
               Cell(printable(each.second), Style::good)});
  }
  *terminal.out << table.text(terminal);
  if (comparison.columns.empty()) return;
  Table columns({{.title = "column", .least = 10}, {.title = "rows", .least = 20}});
  for (const ColumnDifference& each : comparison.columns) columns.add({printable(each.name), column_in_words(each)});
  *terminal.out << '\n' << columns.text(terminal);
}

int runs_diff(const Terminal& terminal, const Options& options) {
  Store store(options.store);
  const RunComparison comparison = store.compare(options.first, options.second);
  tell_notices(terminal, store);
  if (options.json) {
    *terminal.out << comparison_json(comparison).text();
  } else if (comparison.same()) {
    *terminal.out << fmt::format("the same: plan, instruments, settings, versions and {}\n",
                                 counted(comparison.first.row_count, "row"));
  } else {
    print(terminal, comparison);
  }
  return comparison.same() ? k_done : k_failed;
}

}  // namespace

void add_runs_diff(Verb& runs) {
  Verb& verb = runs.verb("diff", "Compare two runs: plan, instruments, settings, versions, rows");
  Options& options = verb.does(&runs_diff);
  verb.argument("first", options.first, "A run: 'last', its name, its folder, or the beginning of its id",
                {.required = true, .offers = Offer::run});
  verb.argument("second", options.second, "Another", {.required = true, .offers = Offer::run});
  take_store(verb, options.store);
  verb.flag("--json", options.json, k_json_help);
  verb.note("Runs that differ are status 1. When and where they were made is no difference.");
  verb.example("wheatstone runs diff 01a9c4 last");
}

}  // namespace wheatstone::cli
