// wheatstone bench ls

#include <ostream>
#include <wheatstone/bench.hpp>

#include "bench_text.hpp"
#include "table.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct Options {
  std::filesystem::path file = {};
  bool json = false;
};

int bench_list(const Terminal& terminal, const Options& options) {
  const BenchDescription bench = describe_bench(options.file);
  if (options.json) {
    Json instruments = Json::array();
    for (const BenchEntry& entry : bench.entries) instruments.add(json_of(entry));
    *terminal.out << instruments.text();
    return k_done;
  }
  Table table({{.title = "instrument"}, {.title = "profile", .least = 12}, {.title = "address", .least = 12}});
  for (const BenchEntry& entry : bench.entries) table.add({entry.alias, entry.profile, place_of(entry)});
  *terminal.out << table.text(terminal);
  return k_done;
}

}  // namespace

void add_bench_list(Verb& bench) {
  Verb& verb = bench.verb("ls", "List the instruments of a bench file; connects nothing");
  verb.also("list");
  Options& options = verb.does(&bench_list);
  verb.argument("file", options.file, "The bench file", {.required = true, .offers = Offer::bench});
  verb.flag("--json", options.json, k_json_help);
  verb.example("wheatstone bench ls bench.yaml");
}

}  // namespace wheatstone::cli
