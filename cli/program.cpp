#include "program.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <functional>
#include <iostream>
#include <vector>
#include <wheatstone/error.hpp>
#include <wheatstone/version.hpp>

#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

// What was typed, before the verb runs. CLI11 writes into it.
struct Typed {
  DemoOptions demo;
  RunsListOptions list;
  RunsShowOptions show;
  RunsStatusOptions status;
  RunsControlOptions control;
  RunsResumeOptions resume;
  RunsExportOptions export_run;
  ProfileShowOptions profile;
  std::function<int(const Terminal&)> verb;
};

constexpr const char* k_run_help = "The run: 'last', its name, its folder, or the beginning of its id";
constexpr const char* k_store_help = "The folder of runs (WHEATSTONE_STORE, else ./wheatstone-runs)";

void add_demo(CLI::App& app, Typed& typed) {
  CLI::App* const verb =
      app.add_subcommand("demo", "Sweep the voltage of a simulated supply and plot what a meter reads");
  verb->add_option("--points", typed.demo.points, "Points of the sweep")
      ->capture_default_str()
      ->check(CLI::Range(2, 100000));
  verb->add_option("--pace", typed.demo.pace,
                   "fast skips the time that instruments take, real waits it, virtual is deterministic")
      ->capture_default_str()
      ->check(CLI::IsMember({"fast", "real", "virtual"}));
  verb->add_option("--seed", typed.demo.seed, "Of the simulated instruments' errors and noise")->capture_default_str();
  verb->add_option("--store", typed.demo.store, k_store_help);
  verb->add_flag("--python", typed.demo.python_only, "Print the same sweep as a Python program, and do nothing else");
  verb->footer("Example: wheatstone demo --pace real");
  verb->callback([&typed] { typed.verb = [&typed](const Terminal& terminal) { return demo(terminal, typed.demo); }; });
}

void add_control(CLI::App& runs, Typed& typed) {
  CLI::App* const status = runs.add_subcommand("status", "How far a run is");
  status->add_option("run", typed.status.run, k_run_help)->capture_default_str();
  status->add_option("--store", typed.status.store, k_store_help);
  status->callback(
      [&typed] { typed.verb = [&typed](const Terminal& terminal) { return runs_status(terminal, typed.status); }; });
  const std::initializer_list<std::pair<const char*, const char*>> actions = {
      {"pause", "Hold a run before its next point"},
      {"step", "Let a paused run take one point"},
      {"stop", "End a run after the point in hand"},
      {"abort", "End a run now; the point in hand is dropped"},
  };
  for (const auto& [action, what] : actions) {
    CLI::App* const verb = runs.add_subcommand(action, what);
    verb->add_option("run", typed.control.run, k_run_help)->required();
    verb->add_option("--store", typed.control.store, k_store_help);
    verb->footer(fmt::format("Example: wheatstone runs {} last", action));
    verb->callback([&typed, action = std::string(action)] {
      typed.control.action = action;
      typed.verb = [&typed](const Terminal& terminal) { return runs_control(terminal, typed.control); };
    });
  }
}

void add_resume(CLI::App& runs, Typed& typed) {
  CLI::App* const verb = runs.add_subcommand("resume", "Let a paused run go on, or go on with one that ended early");
  verb->add_option("run", typed.resume.run, k_run_help)->required();
  verb->add_option("--store", typed.resume.store, k_store_help);
  verb->add_flag("--run", typed.resume.run_script, "Of a run that ended early: run the script that is stored with it");
  verb->footer("Example: wheatstone runs resume last --run");
  verb->callback(
      [&typed] { typed.verb = [&typed](const Terminal& terminal) { return runs_resume(terminal, typed.resume); }; });
}

void add_runs(CLI::App& app, Typed& typed) {
  CLI::App* const runs = app.add_subcommand("runs", "Finished, killed and running runs: list, show, export, control");
  runs->require_subcommand(1);
  add_control(*runs, typed);
  add_resume(*runs, typed);

  CLI::App* const list = runs->add_subcommand("ls", "List the runs of a store, the oldest first");
  list->add_option("--store", typed.list.store, k_store_help);
  list->add_flag("--all", typed.list.all, "Those of every store that this account has written to");
  list->footer("Example: wheatstone runs ls --all");
  list->callback(
      [&typed] { typed.verb = [&typed](const Terminal& terminal) { return runs_list(terminal, typed.list); }; });

  CLI::App* const show = runs->add_subcommand("show", "Show what a run is and its first and last rows");
  show->add_option("run", typed.show.run, k_run_help)->capture_default_str();
  show->add_option("--rows", typed.show.rows, "How many rows")->capture_default_str()->check(CLI::NonNegativeNumber);
  show->add_option("--store", typed.show.store, k_store_help);
  show->add_flag("--timing", typed.show.timing, "When each row was due and taken, instead of the table");
  show->add_flag("--events", typed.show.events, "The run's events too");
  show->add_flag("--json", typed.show.json, "run.json as it stands, for programs");
  show->footer("Example: wheatstone runs show last --rows 40");
  show->callback(
      [&typed] { typed.verb = [&typed](const Terminal& terminal) { return runs_show(terminal, typed.show); }; });

  CLI::App* const export_run = runs->add_subcommand("export", "Write a run's table to a file");
  export_run->add_option("run", typed.export_run.run, k_run_help)->capture_default_str();
  export_run->add_option("--to", typed.export_run.format, "The format")
      ->required()
      ->check(CLI::IsMember({"arrow", "csv", "parquet"}));
  export_run->add_option("-o,--output", typed.export_run.output,
                         "The file, or - for standard output (named after the run, in the present folder)");
  export_run->add_option("--store", typed.export_run.store, k_store_help);
  export_run->add_flag("--force", typed.export_run.force, "Overwrite the file");
  export_run->footer("Example: wheatstone runs export last --to csv -o iv.csv");
  export_run->callback([&typed] {
    typed.verb = [&typed](const Terminal& terminal) { return runs_export(terminal, typed.export_run); };
  });
}

void add_profile(CLI::App& app, Typed& typed) {
  CLI::App* const profile =
      app.add_subcommand("profile", "Models of instruments that Wheatstone knows: list, show, validate");
  profile->require_subcommand(1);
  CLI::App* const list = profile->add_subcommand("list", "List the models")->alias("ls");
  list->callback([&typed] { typed.verb = [](const Terminal& terminal) { return profile_list(terminal); }; });
  CLI::App* const show = profile->add_subcommand("show", "What a model can do, as Markdown");
  show->add_option("model", typed.profile.model, "maker/MODEL, any case, or a file")->required();
  show->footer("Example: wheatstone profile show keysight/34470A");
  show->callback(
      [&typed] { typed.verb = [&typed](const Terminal& terminal) { return profile_show(terminal, typed.profile); }; });
  CLI::App* const validate = profile->add_subcommand("validate", "Read a profile and say whether it is sound");
  validate->add_option("file", typed.profile.model, "A YAML file")->required();
  validate->footer("Example: wheatstone profile validate my_supply.yaml");
  validate->callback([&typed] {
    typed.verb = [&typed](const Terminal& terminal) { return profile_validate(terminal, typed.profile); };
  });
}

// One sentence to standard error, then what else went wrong meanwhile.
int report(const Terminal& terminal, const Error& error) {
  terminal.out->flush();
  *terminal.err << "wheatstone: " << error.what() << '\n';
  for (const std::string& other : error.attached()) *terminal.err << "  also: " << other << '\n';
  return k_failed;
}

int run_verb(const Terminal& terminal, const Typed& typed) {
  try {
    const int status = typed.verb(terminal);
    terminal.out->flush();
    return status;
  } catch (const Interrupted& error) {
    report(terminal, error);
    return k_interrupted;
  } catch (const Error& error) {
    return report(terminal, error);
  } catch (const std::exception& error) {
    terminal.out->flush();
    *terminal.err << "wheatstone: " << error.what() << '\n';
    return k_failed;
  }
}

// What CLI11 would say of these is less than a person needs.
bool is_understood(const Terminal& terminal, const CLI::App& app, std::span<const std::string> words) {
  if (words.size() < 2) {
    *terminal.err << app.help();
    return false;
  }
  if (words[1].starts_with('-')) return true;
  std::string verbs;
  for (const CLI::App* const verb : app.get_subcommands(nullptr)) {
    if (verb->get_name() == words[1]) return true;
    verbs += (verbs.empty() ? "" : ", ") + verb->get_name();
  }
  *terminal.err << fmt::format("wheatstone: there is no verb '{}'; there are {}\n", words[1], verbs);
  return false;
}

}  // namespace

int main(std::span<const std::string> words) {
  const Terminal terminal = Terminal::of_process();
  Typed typed;
  if (!words.empty()) typed.demo.program = words.front();
  CLI::App app("Runs measurements, keeps every row, shows what was kept.", "wheatstone");
  app.set_version_flag("--version", fmt::format("wheatstone {}", version()));
  app.require_subcommand(1);
  app.footer("'wheatstone demo' is a good beginning; 'wheatstone VERB --help' says more of a verb.");
  add_demo(app, typed);
  add_runs(app, typed);
  add_profile(app, typed);
  if (!is_understood(terminal, app, words)) return k_usage;
  try {
    // CLI11 takes the words in reverse.
    app.parse(std::vector<std::string>(words.rbegin(), words.rend() - 1));
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error, *terminal.out, *terminal.err);
    return status == 0 ? k_done : k_usage;
  }
  return run_verb(terminal, typed);
}

}  // namespace wheatstone::cli
