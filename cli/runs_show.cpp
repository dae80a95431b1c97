// wheatstone runs show

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ostream>
#include <vector>
#include <wheatstone/control.hpp>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "lines.hpp"
#include "progress_line.hpp"
#include "row_columns.hpp"
#include "run_text.hpp"
#include "text.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct Options {
  std::string run = "last";
  std::filesystem::path store = {};
  std::uint64_t rows = 10;
  bool json = false;
  bool events = false;  // events.jsonl too
  bool timing = false;  // the timing columns instead of the table
};

std::string columns_in_words(const Experiment& experiment) {
  std::string text;
  for (const Column& column : experiment.columns()) text += (text.empty() ? "" : ", ") + title_of(column);
  return text;
}

// When the first and the last row were taken.
std::string span_of(const Experiment& experiment) {
  const std::size_t rows = experiment.row_count();
  if (rows == 0) return "0";
  const auto is_timestamp = [](const Column& column) { return column.name == "timestamp"; };
  if (std::ranges::none_of(experiment.columns(), is_timestamp)) return fmt::format("{}", rows);  // made by hand
  const Value first = experiment.at(0, "timestamp");
  const Value last = experiment.at(rows - 1, "timestamp");
  const Time* const from = first.get_if<Time>();
  const Time* const to = last.get_if<Time>();
  if (from == nullptr || to == nullptr) return fmt::format("{}", rows);
  return fmt::format("{}, from {} to {} UTC", rows, utc(*from, true), utc(*to, true).substr(11));
}

// As the run itself tells it; nothing where it does not.
std::string progress_of(const Experiment& experiment) {
  try {
    return progress_in_words(RemoteRun(experiment.folder()).progress());
  } catch (const Error&) {
    return {};
  }
}

std::string instruments_in_words(const RunSummary& run) {
  std::string text;
  for (const RunInstrument& each : run.instruments) {
    const std::string& model = each.model.empty() ? each.profile : each.model;
    text += fmt::format("{}{} ({}{}{})", text.empty() ? "" : ", ", each.alias, model, each.serial.empty() ? "" : " ",
                        each.serial);
  }
  return printable(text);
}

// What run.json says, which can be read where rows cannot.
void print_about(const Terminal& terminal, const RunSummary& run) {
  print_line(terminal, "run", terminal.bold(title_of(run)));
  print_line(terminal, "id", run.id);
  const Cell state = state_of(run);
  print_line(terminal, "state", terminal.styled(state.text, state.style));
  print_line(terminal, "error", printable(run.error));
  print_line(terminal, "trouble", printable(run.trouble));
  print_line(terminal, "description", printable(run.description));
  print_line(terminal, "tags", printable(fmt::format("{}", fmt::join(run.tags, ", "))));
  for (const RunNote& note : run.notes) {
    print_line(terminal, "note",
               fmt::format("{} ({}, {} UTC)", printable(note.text), printable(note.by), utc(note.at)));
  }
}

void print_rows(const Terminal& terminal, const RunSummary& run, const Experiment& experiment) {
  print_line(terminal, "notes", printable(experiment.notes()));
  if (is_alive(experiment.state())) print_line(terminal, "progress", progress_of(experiment));
  print_line(terminal, "rows", span_of(experiment));
  print_line(terminal, "columns", columns_in_words(experiment));
  print_line(terminal, "instruments", instruments_in_words(run));
  print_line(terminal, "script", printable(run.script));
  print_line(terminal, "size", size_in_words(run.size_bytes));
  print_line(terminal, "folder", printable(run.folder.string()));
}

Json columns_json(const Experiment& experiment) {
  Json columns = Json::array();
  for (const Column& column : experiment.columns()) {
    columns.add(Json::object({{"name", column.name},
                              {"type", column.type},
                              {"unit", std::string(column.unit.label())},
                              {"role", column.role},
                              {"notes", column.notes}}));
  }
  return columns;
}

Json rows_json(const Experiment& experiment, std::size_t count) {
  Json rows = Json::array();
  const std::size_t all = experiment.row_count();
  for (std::size_t row = all - std::min(all, count); row < all; ++row) {
    Json cells = Json::object();
    for (const Column& column : experiment.columns()) cells.set(column.name, experiment.at(row, column.name));
    rows.add(cells);
  }
  return rows;
}

int print_json(const Terminal& terminal, const Options& options, const RunSummary& run) {
  const Experiment experiment = Experiment::open(run.folder);
  Json shown = json_of(run);
  shown.set("columns", columns_json(experiment));
  shown.set("last_rows", rows_json(options.timing ? experiment.timing() : experiment, options.rows));
  if (options.events) {
    Json events = Json::array();
    for (const std::string& event : experiment.events()) events.add(Json::parsed(event));
    shown.set("events", events);
  }
  shown.set("run_json", Json::parsed(experiment.metadata()));
  *terminal.out << shown.text();
  return k_done;
}

int runs_show(const Terminal& terminal, const Options& options) {
  Store store(options.store);
  const RunSummary run = store.summary(options.run);
  tell_notices(terminal, store);
  if (options.json) return print_json(terminal, options, run);
  print_about(terminal, run);
  const Experiment experiment = Experiment::open(run.folder);
  print_rows(terminal, run, experiment);
  const Experiment& table = options.timing ? experiment.timing() : experiment;
  *terminal.out << '\n' << rows_text(terminal, table, options.rows);
  if (options.events) {
    for (const std::string& event : experiment.events()) *terminal.out << event << '\n';
  }
  return k_done;
}

}  // namespace

void add_runs_show(Verb& runs) {
  Verb& verb = runs.verb("show", "Show what a run is and its first and last rows");
  Options& options = verb.does(&runs_show);
  take_run(verb, options.run, options.store);
  verb.option("--rows", options.rows, "How many rows; with --json, of the last ones");
  verb.flag("--timing", options.timing, "When each row was due and taken, instead of the table");
  verb.flag("--events", options.events, "The run's events too");
  verb.flag("--json", options.json, k_json_help);
  verb.example("wheatstone runs show last --rows 40");
}

}  // namespace wheatstone::cli
