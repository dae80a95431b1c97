// wheatstone runs plot

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>
#include <vector>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "plot.hpp"
#include "python.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct RunsPlotOptions {
  std::string run = "last";
  std::filesystem::path store = {};
  std::string x = {};               // empty: the last parameter of numbers, else the time
  std::vector<std::string> y = {};  // empty: the results of numbers
  std::filesystem::path output = {};
  std::string kind = "auto";  // of a picture
  std::uint64_t height = 16;
  bool terminal = false;  // beside a picture
  bool force = false;
};

bool is_number(const Column& column) { return column.type == "float64" || column.type == "int64"; }

std::vector<const Column*> columns_of(const Experiment& experiment, std::string_view role) {
  std::vector<const Column*> found;
  for (const Column& column : experiment.columns()) {
    if (column.role == role && is_number(column)) found.push_back(&column);
  }
  return found;
}

std::string label_of(const Experiment& experiment, const std::string& column) {
  const Unit unit = experiment.unit(column);
  return unit.empty() ? column : fmt::format("{} [{}]", column, unit.label());
}

std::string chosen_x(const Experiment& experiment, const std::string& typed) {
  if (!typed.empty()) {
    (void)experiment.unit(typed);  // names the nearest where there is none
    return typed;
  }
  const std::vector<const Column*> parameters = columns_of(experiment, "parameter");
  return parameters.empty() ? "timestamp" : parameters.back()->name;
}

std::vector<std::string> chosen_y(const Experiment& experiment, const std::vector<std::string>& typed,
                                  const std::string& x) {
  for (const std::string& name : typed) (void)experiment.unit(name);
  if (!typed.empty()) return typed;
  std::vector<std::string> names;
  for (const Column* const column : columns_of(experiment, "result")) {
    if (column->name != x) names.push_back(column->name);
  }
  if (names.empty()) {
    throw DataError(
        fmt::format("the run '{}' has no column of numbers to draw in a terminal; a picture (-o FILE.png) "
                    "may show its waveforms",
                    experiment.name()));
  }
  return names;
}

// Seconds since the first row, of an instant; the column's numbers, of any other.
std::vector<double> places_across(const Experiment& experiment, const std::string& x) {
  if (x != "timestamp") return experiment.column<double>(x);
  const std::vector<Time> times = experiment.column<Time>(x);
  std::vector<double> seconds;
  for (const Time time : times) {
    seconds.push_back(static_cast<double>(time.nanoseconds - times.front().nanoseconds) * 1e-9);
  }
  return seconds;
}

template <class T>
void mark_changes(const std::vector<T>& values, std::vector<bool>& changes) {
  for (std::size_t row = 1; row < values.size(); ++row) {
    if (values[row] != values[row - 1]) changes[row] = true;
  }
}

// The parameters that tell curves apart: but for the one across, or, where a result is, the last.
std::vector<Column> outer_parameters(const Experiment& experiment, const std::string& x) {
  if (x == "timestamp") return {};
  std::vector<Column> outer;
  bool is_parameter = false;
  for (const Column& column : experiment.columns()) {
    if (column.role != "parameter") continue;
    is_parameter = is_parameter || column.name == x;
    if (column.name != x) outer.push_back(column);
  }
  if (!is_parameter && !outer.empty()) outer.pop_back();
  return outer;
}

// Whether a row begins another curve: one of these has changed.
std::vector<bool> beginnings(const Experiment& experiment, const std::string& x) {
  std::vector<bool> begins(experiment.row_count(), false);
  for (const Column& column : outer_parameters(experiment, x)) {
    if (is_number(column) || column.type == "bool") mark_changes(experiment.column<double>(column.name), begins);
    if (column.type == "text") mark_changes(experiment.column<std::string>(column.name), begins);
    if (column.type == "time") mark_changes(experiment.column<Time>(column.name), begins);
  }
  return begins;
}

// Lines tell nothing in a random order: without outer parameters a curve then goes to and fro and is far longer than it
// is wide; with some, curves break off before they have crossed the field. Up and down once is two widths.
bool are_lines_of_use(const std::vector<double>& x, const std::vector<bool>& begins) {
  constexpr double k_least_widths = 0.45;
  constexpr double k_most_widths = 3;
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  double length = 0;
  std::size_t curve_count = 1;
  for (std::size_t row = 0; row < x.size(); ++row) {
    if (!std::isfinite(x[row])) continue;
    low = std::min(low, x[row]);
    high = std::max(high, x[row]);
    if (begins[row]) ++curve_count;
    if (row > 0 && !begins[row] && std::isfinite(x[row - 1])) length += std::abs(x[row] - x[row - 1]);
  }
  const double width = static_cast<double>(curve_count) * (high - low);
  return length > 0 && length >= k_least_widths * width && length <= k_most_widths * width;
}

struct Curves {
  std::vector<double> x;
  std::vector<double> y;
};

// A row without a place parts two curves.
Curves parted(const std::vector<double>& x, const std::vector<double>& y, const std::vector<bool>& begins) {
  constexpr double k_nowhere = std::numeric_limits<double>::quiet_NaN();
  Curves curves;
  for (std::size_t row = 0; row < x.size(); ++row) {
    if (begins[row]) {
      curves.x.push_back(k_nowhere);
      curves.y.push_back(k_nowhere);
    }
    curves.x.push_back(x[row]);
    curves.y.push_back(y[row]);
  }
  return curves;
}

void draw(const Terminal& terminal, const Experiment& experiment, const RunsPlotOptions& options) {
  const std::string x = chosen_x(experiment, options.x);
  const std::vector<double> across = places_across(experiment, x);
  const std::vector<bool> begins = beginnings(experiment, x);
  *terminal.out << terminal.bold(experiment.name()) << '\n';
  for (const std::string& name : chosen_y(experiment, options.y, x)) {
    const Curves curves = parted(across, experiment.column<double>(name), begins);
    const std::string text = plot(curves.x, curves.y,
                                  {.x_label = x == "timestamp" ? "time [s]" : label_of(experiment, x),
                                   .y_label = label_of(experiment, name),
                                   .width = std::min<std::size_t>(terminal.width, 100),
                                   .height = static_cast<std::size_t>(options.height),
                                   .unicode = terminal.unicode,
                                   .joined = are_lines_of_use(across, begins)});
    *terminal.out << (text.empty() ? fmt::format("{}: no finite number to draw\n", name) : text);
  }
}

int draw_picture(const std::filesystem::path& folder, const Experiment& experiment, const RunsPlotOptions& options) {
  if (!options.x.empty()) (void)experiment.unit(options.x);
  std::vector<std::string> words = {folder.string(), options.output.string(), "--kind=" + options.kind};
  if (!options.x.empty()) words.push_back("-x=" + options.x);
  for (const std::string& name : options.y) {
    (void)experiment.unit(name);
    words.push_back("-y=" + name);
  }
  if (options.force) words.push_back("--force");
  return run_python_module("wheatstone.plotting", words, "Pictures");
}

int runs_plot(const Terminal& terminal, const RunsPlotOptions& options) {
  if (options.output.empty() && options.kind != "auto") {
    *terminal.err << "wheatstone: --kind is of a picture; name one with --output\n";
    return k_usage;
  }
  const std::filesystem::path folder = Store(options.store).find(options.run);
  const Experiment experiment = Experiment::open(folder);
  if (experiment.row_count() == 0) {
    throw DataError(fmt::format("the run '{}' has no rows; there is nothing to draw yet", experiment.name()));
  }
  if (options.output.empty() || options.terminal) draw(terminal, experiment, options);
  if (options.output.empty()) return k_done;
  if (!options.force && std::filesystem::exists(options.output)) {
    throw StorageError(fmt::format("{} is there already: name another file with --output, or overwrite it with --force",
                                   options.output.string()));
  }
  if (const int status = draw_picture(folder, experiment, options); status != k_done) return status;
  *terminal.out << options.output.string() << '\n';
  return k_done;
}

}  // namespace

void add_runs_plot(Verb& runs) {
  Verb& verb = runs.verb("plot", "Draw a run's results in the terminal, or as a picture");
  RunsPlotOptions& options = verb.does(&runs_plot);
  take_run(verb, options.run, options.store);
  verb.option("-x", options.x, "The column across (the last parameter of numbers, else the time)", {.value = "NAME"});
  verb.option("-y", options.y, "A column to draw, may be given again (the results of numbers)", {.value = "NAME"});
  verb.option("-o,--output", options.output, "A picture, .png, .svg or .pdf; drawn by Python with Matplotlib",
              {.offers = Offer::file});
  verb.option("--kind", options.kind, "Of the picture",
              {.value = "KIND", .choices = {"auto", "line", "scatter", "heatmap", "waveform"}});
  verb.option("--height", options.height, "Lines of a drawing in the terminal", {.least = 2, .most = 200});
  verb.flag("--terminal", options.terminal, "Draw in the terminal beside a picture");
  verb.flag("--force", options.force, "Overwrite the picture");
  verb.example("wheatstone runs plot last -x voltage -y v_measured");
  verb.example("wheatstone runs plot last -y v_measured -o iv.png");
}

}  // namespace wheatstone::cli
