// wheatstone runs tail

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ostream>
#include <thread>
#include <wheatstone/error.hpp>
#include <wheatstone/experiment.hpp>
#include <wheatstone/store.hpp>

#include "row_printer.hpp"
#include "run_text.hpp"
#include "standard_output.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto k_between_looks = 50ms;

struct Options {
  std::string run = "last";
  std::filesystem::path store = {};
  std::uint64_t rows = 10;
  bool follow = false;
  std::string format = "table";
  std::vector<std::string> columns = {};
};

// Prints the rows that come until the run has ended. False where nobody reads them any more.
bool follow(const Terminal& terminal, const std::filesystem::path& folder, std::size_t printed, RowPrinter& printer) {
  while (true) {
    // The state is looked at before the rows are: a run that has ended brings no more.
    const Experiment now = Experiment::open(folder);
    printer.print(now, printed, now.row_count());
    printed = std::max(printed, now.row_count());
    if (!is_read(terminal)) return false;
    if (!is_alive(now.state())) {
      *terminal.err << fmt::format("{}: {}, {}\n", printable(now.name()), name_of(now.state()),
                                   counted(now.row_count(), "row"));
      return true;
    }
    std::this_thread::sleep_for(k_between_looks);
  }
}

int runs_tail(const Terminal& terminal, const Options& options) {
  const std::filesystem::path folder = Store(options.store).find(options.run);
  const Experiment run = Experiment::open(folder);
  RowPrinter printer(terminal, row_format_named(options.format), options.columns);
  const std::size_t all = run.row_count();
  printer.begin(run);
  printer.print(run, all - std::min<std::size_t>(all, options.rows), all);
  if (options.follow) follow(terminal, folder, all, printer);
  return k_done;
}

}  // namespace

void add_runs_tail(Verb& runs) {
  Verb& verb = runs.verb("tail", "Print the last rows of a run, and those to come");
  Options& options = verb.does(&runs_tail);
  take_run(verb, options.run, options.store);
  verb.option("-n,--rows", options.rows, "How many of the last rows");
  verb.flag("-f,--follow", options.follow, "Go on printing rows as they are taken, until the run ends");
  verb.option("--format", options.format, "How rows are printed",
              {.value = "FORMAT", .choices = {"table", "csv", "jsonl"}});
  verb.option("--column", options.columns, "Only this column", {.value = "NAME"});
  verb.note(
      "Arrays, waveforms and tables in a cell are shown by their size; 'wheatstone runs export' has them in full.");
  verb.example("wheatstone runs tail last -f");
  verb.example("wheatstone runs tail last -n 1000 --format csv --column voltage --column v");
}

}  // namespace wheatstone::cli
