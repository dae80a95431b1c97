// wheatstone runs status, pause, resume, step, stop, abort

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <optional>
#include <ostream>
#include <thread>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "cell_text.hpp"
#include "lines.hpp"
#include "progress_line.hpp"
#include "run_text.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct RunsStatusOptions {
  std::string run = "last";
  std::filesystem::path store = {};
  bool json = false;
};

using namespace std::chrono_literals;

constexpr auto k_patience = 2s;  // for what was asked to have happened, before the answer says that it will
constexpr auto k_between_looks = 20ms;

std::string parameters_in_words(const Row& parameters) {
  std::string text;
  for (const Row::Entry& entry : parameters) {
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", entry.key, brief_cell_text(entry.value));
  }
  return text;
}

/// How far it is once `happened`, or when patience is over; none where the run has ended meanwhile.
std::optional<Progress> look_until(RemoteRun& run, const std::function<bool(const Progress&)>& happened) {
  const auto give_up = std::chrono::steady_clock::now() + k_patience;
  try {
    while (true) {
      Progress progress = run.progress();
      if (happened(progress) || std::chrono::steady_clock::now() > give_up) return progress;
      std::this_thread::sleep_for(k_between_looks);
    }
  } catch (const ConnectionError&) {
    return std::nullopt;
  }
}

/// A run that listens no more is sealed next.
Experiment at_its_end(const std::filesystem::path& folder) {
  const auto give_up = std::chrono::steady_clock::now() + k_patience;
  while (true) {
    Experiment ended = Experiment::open(folder);
    if (ended.state() != RunState::running || std::chrono::steady_clock::now() > give_up) return ended;
    std::this_thread::sleep_for(k_between_looks);
  }
}

bool has_happened(Action action, const Progress& before, const Progress& now) {
  switch (action) {
    case Action::pause:
      return now.state == RunState::paused && now.reason.empty();
    case Action::resume:
      return now.state == RunState::running || !now.reason.empty();
    case Action::step:
      return now.state == RunState::paused && now.done > before.done;
    case Action::stop:
    case Action::abort:
      return false;  // the end shows itself by the run's being gone
  }
  return true;
}

std::string_view promise(Action action) {
  switch (action) {
    case Action::pause:
      return "will pause after the point in hand";
    case Action::resume:
      return "will go on";
    case Action::step:
      return "is taking one point";
    case Action::stop:
      return "will stop after the point in hand";
    case Action::abort:
      return "is aborting";
  }
  return "";
}

}  // namespace

int runs_control(const Terminal& terminal, const RunsControlOptions& options) {
  const std::filesystem::path folder = Store(options.store).find(options.run);
  const std::string name = printable(Experiment::open(folder).name());
  const Action action = action_named(options.action);
  RemoteRun run(folder);
  const Progress before = run.progress();
  run.request(action);
  const auto after = look_until(run, [&](const Progress& now) { return has_happened(action, before, now); });
  if (!after) {
    const Experiment ended = at_its_end(folder);
    *terminal.out << fmt::format("{}: {}, {}\n", name, name_of(ended.state()), counted(ended.row_count(), "row"));
  } else if (has_happened(action, before, *after)) {
    *terminal.out << fmt::format("{}: {}\n", name, progress_in_words(*after));
  } else {
    *terminal.out << fmt::format("{}: {}; {}\n", name, promise(action), progress_in_words(*after));
  }
  return k_done;
}

namespace {

Json progress_json(const Progress& progress) {
  Json parameters = Json::object();
  for (const Row::Entry& entry : progress.parameters) parameters.set(entry.key, entry.value);
  return Json::object({{"done", progress.done},
                       {"total", progress.total},
                       {"elapsed", progress.elapsed.seconds()},
                       {"rate", progress.rate > 0 ? Json(progress.rate) : Json()},
                       {"remaining", progress.remaining ? Json(progress.remaining->seconds()) : Json()},
                       {"parameters", parameters},
                       {"reason", progress.reason.empty() ? Json() : Json(progress.reason)}});
}

void print(const Terminal& terminal, const Experiment& experiment, const std::optional<Progress>& progress,
           const std::string& unheard) {
  print_line(terminal, "run", terminal.bold(printable(experiment.name())));
  print_line(terminal, "id", experiment.id());
  print_line(terminal, "control", printable(unheard));
  if (!progress) {
    print_line(terminal, "state", name_of(experiment.state()));
    print_line(terminal, "rows", std::to_string(experiment.row_count()));
    return;
  }
  print_line(terminal, "progress", printable(progress_in_words(*progress)));
  print_line(terminal, "point", parameters_in_words(progress->parameters));
  print_line(terminal, "elapsed", fmt::format("{:.1f} s", progress->elapsed.seconds()));
}

int runs_status(const Terminal& terminal, const RunsStatusOptions& options) {
  const Experiment experiment = Experiment::open(Store(options.store).find(options.run));
  std::optional<Progress> progress;
  std::string unheard;
  if (is_alive(experiment.state())) {
    try {
      progress = RemoteRun(experiment.folder()).progress();
    } catch (const ConnectionError& error) {
      unheard = error.what();
    }
  }
  if (!options.json) {
    print(terminal, experiment, progress, unheard);
    return k_done;
  }
  *terminal.out << Json::object({{"id", experiment.id()},
                                 {"name", experiment.name()},
                                 {"state", std::string(name_of(progress ? progress->state : experiment.state()))},
                                 {"rows", experiment.row_count()},
                                 {"folder", experiment.folder().string()},
                                 {"progress", progress ? progress_json(*progress) : Json()},
                                 {"trouble", unheard.empty() ? Json() : Json(unheard)}})
                       .text();
  return k_done;
}

}  // namespace

void add_runs_control(Verb& runs) {
  Verb& status = runs.verb("status", "How far a run is");
  RunsStatusOptions& of = status.does(&runs_status);
  take_run(status, of.run, of.store);
  status.flag("--json", of.json, k_json_help);
  status.example("wheatstone runs status last");
  const std::initializer_list<std::pair<const char*, const char*>> actions = {
      {"pause", "Hold a run before its next point"},
      {"step", "Let a paused run take one point"},
      {"stop", "End a run after the point in hand"},
      {"abort", "End a run now; the point in hand is dropped"},
  };
  for (const auto& [action, what] : actions) {
    Verb& verb = runs.verb(action, what);
    RunsControlOptions& options = verb.does(&runs_control, {.action = action});
    take_run(verb, options.run, options.store, true);
    verb.example(fmt::format("wheatstone runs {} last", action));
  }
}

}  // namespace wheatstone::cli
