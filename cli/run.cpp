// wheatstone run FILE: a procedure (YAML) as it stands, or a Python script with a bench.

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <ostream>
#include <wheatstone/error.hpp>
#include <wheatstone/procedure.hpp>

#include "progress_bar.hpp"
#include "python.hpp"
#include "run_text.hpp"
#include "text.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

namespace fs = std::filesystem;

struct RunOptions {
  fs::path file = {};
  std::vector<std::string> words = {};  // of a script
  std::vector<std::string> set = {};
  fs::path bench = {};
  fs::path store = {};
  std::string name = {};
  std::string resume_run = {};
  bool resume = false;
  bool simulate = false;
  bool dry_run = false;
  bool allow_long = false;
  bool quiet = false;
};

bool is_script(const fs::path& file) { return file.extension() == ".py"; }

// What to type for going on with this very measurement.
std::string resume_command(const RunOptions& options) {
  std::string command = "wheatstone run " + shell_word(options.file.string());
  for (const std::string& set : options.set) command += " --set " + shell_word(set);
  if (!options.bench.empty()) command += " --bench " + shell_word(options.bench.string());
  if (!options.store.empty()) command += " --store " + shell_word(options.store.string());
  if (!options.name.empty()) command += " --name " + shell_word(options.name);
  if (options.simulate) command += " --simulate";
  if (options.allow_long) command += " --allow-long";
  return command + " --resume";
}

Experiment measure(const Terminal& terminal, PreparedProcedure& prepared, const RunOptions& options) {
  try {
    std::optional<ProgressBar> bar;
    if (!options.quiet) bar.emplace(terminal, prepared.session());
    return prepared.run();
  } catch (Error& error) {
    const std::optional<Experiment> kept = prepared.session().data();
    if (kept && kept->state() != RunState::finished && kept->row_count() > 0) {
      error.attach(fmt::format("to go on after {} in {}: {}", counted(kept->row_count(), "row"),
                               kept->folder().string(), resume_command(options)));
    }
    throw;
  }
}

// False where a --set names no parameter or says nothing, which is a word of the command line that makes no sense.
bool set_all(const Terminal& terminal, Procedure& procedure, const RunOptions& options) {
  for (const std::string& assignment : options.set) {
    try {
      procedure.set(assignment);
    } catch (const ConfigurationError& error) {
      *terminal.err << fmt::format("wheatstone: {}\n", printable_lines(error.what()));
      return false;
    }
  }
  return true;
}

int run_procedure(const Terminal& terminal, const RunOptions& options) {
  if (!options.words.empty()) {
    throw ConfigurationError(
        fmt::format("'{}' is one word too many: a procedure takes no words; values of its "
                    "parameters are given by --set",
                    options.words.front()));
  }
  Procedure procedure = Procedure::read(options.file);
  if (!set_all(terminal, procedure, options)) return k_usage;
  if (options.dry_run) {
    *terminal.out << terminal.fit(procedure.dry_run({.bench = options.bench, .allow_long = options.allow_long}).text())
                  << '\n';
    return k_done;
  }
  std::string resume = options.resume_run;
  if (resume.empty() && options.resume) resume = "last";
  PreparedProcedure prepared = procedure.prepare({.bench = options.bench,
                                                  .simulate = options.simulate,
                                                  .store = options.store,
                                                  .name = options.name,
                                                  .resume = resume,
                                                  .handle_interrupt = true,
                                                  .allow_long = options.allow_long});
  if (!options.quiet) *terminal.err << fmt::format("{}\n", prepared.preview().headline());
  const Experiment experiment = measure(terminal, prepared, options);
  prepared.close();
  if (options.quiet) {
    *terminal.out << experiment.folder().string() << '\n';
  } else {
    *terminal.out << terminal.fit(experiment.table(10))
                  << fmt::format("\nThe run is kept in {}\n", experiment.folder().string());
  }
  return k_done;
}

void refuse_for_script(bool given, const char* name, const char* instead) {
  if (given) throw ConfigurationError(fmt::format("{} is for procedures; {}", name, instead));
}

// A script finds its bench by Bench.open() and MeasurementSession() without an argument.
int run_script(const RunOptions& options) {
  refuse_for_script(!options.set.empty(), "--set", "a script is given words of its own, behind its name");
  refuse_for_script(options.dry_run, "--dry-run", "a script says what it does by session.preview()");
  refuse_for_script(!options.name.empty(), "--name", "a script names its sessions itself");
  refuse_for_script(options.allow_long, "--allow-long", "a script runs what it says");
  refuse_for_script(options.quiet, "--quiet", "a script says session.run(show_progress=False)");
  refuse_for_script(options.resume || !options.resume_run.empty(), "--resume",
                    "'wheatstone runs resume RUN --run' goes on with a script's run");
  if (!fs::is_regular_file(options.file)) {
    throw ConfigurationError(fmt::format("there is no script {}", options.file.string()));
  }
  if (!options.bench.empty()) {
    if (!fs::is_regular_file(options.bench)) {
      throw ConfigurationError(fmt::format("there is no bench file {}", options.bench.string()));
    }
    ::setenv("WHEATSTONE_BENCH", fs::absolute(options.bench).c_str(), 1);
  }
  if (!options.store.empty()) ::setenv("WHEATSTONE_STORE", fs::absolute(options.store).c_str(), 1);
  if (options.simulate) ::setenv("WHEATSTONE_SIMULATE", "all", 1);
  return run_python_script(options.file, options.words, "scripts of measurements");
}

int run(const Terminal& terminal, const RunOptions& options) {
  return is_script(options.file) ? run_script(options) : run_procedure(terminal, options);
}

}  // namespace

void add_run(Verb& program) {
  Verb& verb = program.verb("run", "Run a measurement that is written in a file, or a Python script with a bench");
  RunOptions& options = verb.does(&run);
  verb.argument("file", options.file, "A procedure (docs/formats/procedure.md), or a script that ends in .py",
                {.required = true, .offers = Offer::file});
  verb.argument("words", options.words, "For a script; those that begin with - after --", {.value = "WORDS"});
  verb.option("--set", options.set, "Values of a parameter, voltage=0:5:0.1 or current=0.1,0.5",
              {.value = "NAME=VALUES"});
  verb.option("--bench", options.bench, "A bench file in place of the procedure's own instruments; a script's bench",
              {.offers = Offer::bench});
  verb.flag("--simulate", options.simulate, "Every instrument is simulated, those with an address too");
  verb.flag("--dry-run", options.dry_run, "Print each point and every message that would be sent; send nothing");
  verb.flag("--allow-long", options.allow_long,
            "Run more than 10^9 points, or more than a year of them, if it says so");
  take_store(verb, options.store);
  verb.option("--name", options.name, "Of the run, in place of the procedure's", {.value = "NAME"});
  verb.flag("--resume", options.resume, "Go on with the latest run of this procedure that ended early");
  verb.option("--resume-run", options.resume_run, "Go on with that run", {.value = "RUN", .offers = Offer::run});
  verb.flag("--quiet", options.quiet, "Print the run's folder and nothing else");
  verb.note("A script finds the bench by Bench.open() or MeasurementSession() without an argument.");
  verb.example("wheatstone run iv.yaml --set voltage=0:3:0.5 --dry-run");
}

}  // namespace wheatstone::cli
