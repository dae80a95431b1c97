// wheatstone demo: the first thing that a new user runs.

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <sstream>
#include <vector>
#include <wheatstone/wheatstone.hpp>

#include "plot.hpp"
#include "progress_bar.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct DemoOptions {
  std::filesystem::path store = {};  // empty: the default place
  std::string pace = "fast";         // of the simulated bench
  std::uint64_t points = 31;
  std::uint64_t seed = 1;
  bool python_only = false;  // print the Python program and nothing else
};

constexpr double k_highest_voltage = 6.0;  // V, all that output 1 of the supply gives
constexpr double k_resistance = 8.0;       // Ohm; reaches the current limit at 4 V
constexpr double k_current_limit = 0.5;    // A

// The same sweep for who would rather write Python. tests/cli runs it and compares the tables.
std::string python_program(const DemoOptions& options) {
  std::string session = "\"IV curve\"";
  if (options.seed != 1) session += fmt::format(", seed={}", options.seed);
  if (options.pace != "fast") session += fmt::format(", pace=\"{}\"", options.pace);
  return fmt::format(
      R"(from wheatstone import MeasurementSession, linspace

with MeasurementSession({3}) as session:
    psu = session.instrument("psu", "keysight/EDU36311A", simulate=True)
    load = session.instrument("load", "keysight/EL33133A", simulate=True)
    dmm = session.instrument("dmm", "keysight/34470A", simulate=True)
    load.set_mode("CR"); load.set_range({0:g}); load.set_load({0:g}); load.enable_input(True)
    session.parameter("voltage", linspace(0, {1:g}, {2}), unit="V")

    @session.acquire
    def measure(psu, dmm, voltage):
        psu.channel(1).set(voltage=voltage, current_limit={4:g}).on()
        return {{"v": dmm.measure_voltage_dc(), "i": psu.channel(1).measure_current()}}

    print(session.run().data)
)",
      k_resistance, k_highest_voltage, options.points, session, k_current_limit);
}

bool is_on_path(const std::string& name) {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(std::filesystem::path(folder) / name, ignored)) return true;
  }
  return false;
}

// How this program can be called from the present folder.
std::string what_to_type(const std::string& called) {
  if (is_on_path("wheatstone")) return "wheatstone";
  return called.ends_with("/wheatstone/bin/wheatstone") ? "python -m wheatstone" : called;
}

Experiment sweep(const Terminal& terminal, const DemoOptions& options) {
  MeasurementSession session("IV curve", {.description = "A resistive load on a supply that limits its current",
                                          .store = options.store,
                                          .seed = options.seed,
                                          .pace = options.pace});
  auto& psu = session.instrument<PowerSupply>("psu", "keysight/EDU36311A", {.simulate = true});
  auto& load = session.instrument<ElectronicLoad>("load", "keysight/EL33133A", {.simulate = true});
  auto& dmm = session.instrument<Multimeter>("dmm", "keysight/34470A", {.simulate = true});
  load.set_mode(LoadMode::constant_resistance);
  load.set_range(k_resistance);
  load.set_load(k_resistance);
  load.enable_input(true);
  const auto voltage = session.parameter("voltage", linspace(0, k_highest_voltage, options.points), "V");
  session.acquire("measure", [&](const Point& point) -> Row {
    psu.channel(1).set(point[voltage], k_current_limit).on();
    return {{"v", dmm.measure_voltage_dc()}, {"i", psu.channel(1).measure_current()}};
  });
  const ProgressBar bar(terminal, session);
  try {
    return session.run({.handle_interrupt = true});
  } catch (Interrupted& error) {
    if (const auto kept = session.data()) {
      error.attach(fmt::format("'{} runs resume {}' says how to go on with it", what_to_type(terminal.program),
                               kept->id().substr(0, 13)));
    }
    throw;
  }
}

std::string label_of(const Experiment& experiment, std::string_view column) {
  const Unit unit = experiment.unit(column);
  return unit.empty() ? std::string(column) : fmt::format("{} [{}]", column, unit.label());
}

std::string curve(const Terminal& terminal, const Experiment& experiment) {
  const std::vector<double> voltage = experiment.column<double>("voltage");
  const std::vector<double> current = experiment.column<double>("i");
  return plot(voltage, current,
              {.x_label = label_of(experiment, "voltage"),
               .y_label = label_of(experiment, "i"),
               .width = std::min<std::size_t>(terminal.width, 72),
               .height = 14,
               .unicode = terminal.unicode});
}

std::string indented(const std::string& text) {
  std::istringstream lines(text);
  std::string result;
  for (std::string line; std::getline(lines, line);) result += line.empty() ? "\n" : "    " + line + "\n";
  return result;
}

int demo(const Terminal& terminal, const DemoOptions& options) {
  if (options.python_only) {
    *terminal.out << python_program(options);
    return k_done;
  }
  const Experiment experiment = sweep(terminal, options);
  const std::string program = what_to_type(terminal.program);
  std::ostream& out = *terminal.out;
  out << '\n' << terminal.fit(experiment.table(10)) << '\n' << curve(terminal, experiment) << '\n';
  out << fmt::format("A load of {:g} Ohm draws what the supply gives, up to its limit of {:g} A at {:g} V.\n",
                     k_resistance, k_current_limit, k_resistance * k_current_limit);
  out << fmt::format("The run is kept in {}\n\n", experiment.folder().string());
  out << terminal.bold("The same in Python") << fmt::format(" ({} demo --python > iv.py)\n\n", program);
  out << indented(python_program(options)) << '\n';
  out << terminal.bold("What to type next") << "\n\n";
  out << indented(
      fmt::format("{0} runs ls\n{0} runs show last --rows 40\n{0} runs export last --to csv\n"
                  "{0} demo --pace real\n{0} profile list\n",
                  program));
  return k_done;
}

}  // namespace

void add_demo(Verb& program) {
  Verb& verb = program.verb("demo", "Sweep the voltage of a simulated supply and plot what a meter reads");
  DemoOptions& options = verb.does(&demo);
  verb.option("--points", options.points, "Points of the sweep", {.least = 2, .most = 100000});
  verb.option("--pace", options.pace,
              "fast skips the time that instruments take, real waits it, virtual is deterministic",
              {.value = "PACE", .choices = {"fast", "real", "virtual"}});
  verb.option("--seed", options.seed, "Of the simulated instruments' errors and noise");
  take_store(verb, options.store);
  verb.flag("--python", options.python_only, "Print the same sweep as a Python program, and do nothing else");
  verb.example("wheatstone demo --pace real");
}

}  // namespace wheatstone::cli
