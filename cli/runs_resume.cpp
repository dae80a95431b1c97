// wheatstone runs resume RUN: a paused run goes on; a run that ended early is told how to.

#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <ostream>
#include <wheatstone/error.hpp>
#include <wheatstone/experiment.hpp>
#include <wheatstone/store.hpp>

#include "json.hpp"
#include "python.hpp"
#include "run_text.hpp"
#include "text.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct RunsResumeOptions {
  std::string run = {};
  std::filesystem::path store = {};
  bool run_script = false;  // of a run that ended early: run the script that is stored with it
};

/// What to type for going on with a procedure's run; empty for a run that no procedure made.
std::string procedure_command(const Experiment& run) {
  const Json record = Json::parsed(run.metadata());
  const std::map<std::string, std::string> procedure = record.texts({"procedure"});
  const auto file = procedure.find("file");
  if (file == procedure.end()) return {};
  std::string command = "wheatstone run " + shell_word(file->second);
  for (const auto& [name, values] : record.texts({"procedure", "set"})) {
    command += " --set " + shell_word(name + "=" + values);
  }
  return command + " --resume-run " + shell_word(std::filesystem::absolute(run.folder()).string());
}

void tell_of_procedure(const Terminal& terminal, const std::string& command) {
  *terminal.out << "Run its procedure again, to go on at the first point that is not stored:\n"
                << fmt::format("  {}\n", command)
                << "with the same --bench, --simulate and --name, where it was begun with them.\n";
}

void tell(const Terminal& terminal, const Experiment& run) {
  const std::filesystem::path script = run.script();
  *terminal.out << fmt::format("{}: {} after {}, in {}\n\n", run.name(), name_of(run.state()),
                               counted(run.row_count(), "row"), run.folder().string());
  if (const std::string command = procedure_command(run); !command.empty()) return tell_of_procedure(terminal, command);
  if (script.empty()) {
    *terminal.out << "Start its program again, to go on at the first point that is not stored, with\n"
                  << fmt::format("  WHEATSTONE_RESUME={} PROGRAM\n", run.folder().string());
  } else {
    *terminal.out << "Run its script again, to go on at the first point that is not stored:\n"
                  << fmt::format("  wheatstone runs resume {} --run\n", run.id().substr(0, 13))
                  << "or, the same by hand,\n"
                  << fmt::format("  WHEATSTONE_RESUME={} python {}\n", run.folder().string(), script.string());
  }
  *terminal.out << "A program of your own says session.run(resume=True), or resume= this run's id.\n";
}

int runs_resume(const Terminal& terminal, const RunsResumeOptions& options) {
  const std::filesystem::path folder = Store(options.store).find(options.run);
  const Experiment run = Experiment::open(folder);
  switch (run.state()) {
    case RunState::preparing:
    case RunState::running:
    case RunState::paused:
    case RunState::stopping:
      if (options.run_script) {
        throw ConfigurationError(
            fmt::format("{} is {}; it needs no script to go on", run.name(), name_of(run.state())));
      }
      return runs_control(terminal, {.action = "resume", .run = options.run, .store = options.store});
    case RunState::finished:
      throw ConfigurationError(fmt::format("{} has finished with {}; there is nothing to resume", run.name(),
                                           counted(run.row_count(), "row")));
    case RunState::stopped:
    case RunState::failed:
    case RunState::aborted:
    case RunState::killed:
      break;
  }
  if (!options.run_script) {
    tell(terminal, run);
    return k_done;
  }
  if (const std::string command = procedure_command(run); !command.empty()) {
    throw ConfigurationError(
        fmt::format("{} was made by a procedure and not by a script; go on with: {}", run.name(), command));
  }
  if (run.script().empty()) {
    throw ConfigurationError(
        fmt::format("{} was made by a program that is no script; start that again with "
                    "WHEATSTONE_RESUME={}",
                    run.name(), folder.string()));
  }
  ::setenv("WHEATSTONE_RESUME", folder.c_str(), 1);
  return run_python_module("wheatstone.resume", {folder.string()}, "scripts of measurements");
}

}  // namespace

void add_runs_resume(Verb& runs) {
  Verb& verb = runs.verb("resume", "Let a paused run go on, or go on with one that ended early");
  RunsResumeOptions& options = verb.does(&runs_resume);
  take_run(verb, options.run, options.store, true);
  verb.flag("--run", options.run_script, "Of a run that ended early: run the script that is stored with it");
  verb.example("wheatstone runs resume last --run");
}

}  // namespace wheatstone::cli
