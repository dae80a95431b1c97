// wheatstone runs show

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <vector>
#include <wheatstone/control.hpp>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "progress_line.hpp"
#include "text.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct RunsShowOptions {
  std::string run = "last";
  std::filesystem::path store = {};
  std::uint64_t rows = 10;
  bool json = false;    // run.json as it stands
  bool events = false;  // events.jsonl too
  bool timing = false;  // the timing columns instead of the table
};

std::string name_with_unit(const Column& column) {
  return column.unit.empty() ? column.name : fmt::format("{} [{}]", column.name, column.unit.label());
}

std::string columns_in_words(const Experiment& experiment) {
  std::string text;
  for (const Column& column : experiment.columns()) text += (text.empty() ? "" : ", ") + name_with_unit(column);
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

void line(const Terminal& terminal, std::string_view what, std::string_view text) {
  if (!text.empty()) *terminal.out << terminal.faint(fmt::format("{:<12}", what)) << text << '\n';
}

// As the run itself tells it; nothing where it does not.
std::string progress_of(const Experiment& experiment) {
  try {
    return progress_in_words(RemoteRun(experiment.folder()).progress());
  } catch (const Error&) {
    return {};
  }
}

void head(const Terminal& terminal, const Experiment& experiment) {
  line(terminal, "run", terminal.bold(experiment.name()));
  line(terminal, "id", experiment.id());
  line(terminal, "state", name_of(experiment.state()));
  line(terminal, "description", experiment.description());
  line(terminal, "notes", experiment.notes());
  if (experiment.state() == RunState::running) line(terminal, "progress", progress_of(experiment));
  line(terminal, "rows", span_of(experiment));
  line(terminal, "columns", columns_in_words(experiment));
  line(terminal, "folder", experiment.folder().string());
  *terminal.out << '\n';
}

int runs_show(const Terminal& terminal, const RunsShowOptions& options) {
  const Experiment experiment = Experiment::open(Store(options.store).find(options.run));
  if (options.json) {
    *terminal.out << experiment.metadata() << '\n';
    return k_done;
  }
  head(terminal, experiment);
  const Experiment& table = options.timing ? experiment.timing() : experiment;
  *terminal.out << terminal.fit(table.table(options.rows));
  if (options.events) {
    for (const std::string& event : experiment.events()) *terminal.out << event << '\n';
  }
  return k_done;
}

}  // namespace

void add_runs_show(Verb& runs) {
  Verb& verb = runs.verb("show", "Show what a run is and its first and last rows");
  RunsShowOptions& options = verb.does(&runs_show);
  take_run(verb, options.run, options.store);
  verb.option("--rows", options.rows, "How many rows");
  verb.flag("--timing", options.timing, "When each row was due and taken, instead of the table");
  verb.flag("--events", options.events, "The run's events too");
  verb.flag("--json", options.json, "run.json as it stands, for programs");
  verb.example("wheatstone runs show last --rows 40");
}

}  // namespace wheatstone::cli
