// wheatstone bench show, wheatstone bench validate

#include <fmt/format.h>

#include <ostream>
#include <wheatstone/bench.hpp>

#include "bench_text.hpp"
#include "faults.hpp"
#include "lines.hpp"
#include "table.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct Options {
  std::filesystem::path file = {};
  bool json = false;
};

void print(const Terminal& terminal, const BenchDescription& bench) {
  print_line(terminal, "bench", terminal.bold(bench.name));
  print_line(terminal, "description", bench.description);
  print_line(terminal, "version", bench.version);
  if (bench.simulate) print_line(terminal, "simulated", fmt::format("seed {}, pace {}", bench.seed, bench.pace));
  print_line(terminal, "experiment", bench.experiment.title);
  print_line(terminal, "operator", bench.experiment.operator_name);
  print_line(terminal, "notes", bench.experiment.notes);
  print_line(terminal, "runs go to", bench.experiment.database_path);
  Table table({{.title = "instrument"},
               {.title = "profile", .least = 12},
               {.title = "address", .least = 12},
               {.title = "serial", .rank = 2},
               {.title = "time-out", .is_number = true, .rank = 1},
               {.title = "", .rank = 3}});
  for (const BenchEntry& entry : bench.entries) {
    table.add({entry.alias, entry.profile, place_of(entry), entry.options.serial_number,
               fmt::format("{:g} s", entry.options.timeout.seconds()), entry.options.shared ? "shared" : ""});
  }
  *terminal.out << '\n' << table.text(terminal);
}

int bench_show(const Terminal& terminal, const Options& options) {
  const BenchDescription bench = describe_bench(options.file);
  if (options.json) {
    *terminal.out << json_of(bench).text();
  } else {
    print(terminal, bench);
  }
  return k_done;
}

int bench_validate(const Terminal& terminal, const ValidateOptions& options) {
  return validate(terminal, options, [](const std::string& file) {
    const BenchDescription bench = describe_bench(file);
    return fmt::format("{}, {} instrument{}", bench.name, bench.entries.size(), bench.entries.size() == 1 ? "" : "s");
  });
}

}  // namespace

void add_bench_show(Verb& bench) {
  Verb& verb = bench.verb("show", "Show what a bench file says; connects nothing");
  Options& options = verb.does(&bench_show);
  verb.argument("file", options.file, "The bench file", {.required = true, .offers = Offer::bench});
  verb.flag("--json", options.json, k_json_help);
  verb.example("wheatstone bench show bench.yaml");
}

void add_bench_validate(Verb& bench) {
  Verb& verb = bench.verb("validate", "Read bench files and say whether they are sound; connects nothing");
  ValidateOptions& options = verb.does(&bench_validate);
  take_files(verb, options);
  verb.example("wheatstone bench validate bench.yaml");
}

}  // namespace wheatstone::cli
