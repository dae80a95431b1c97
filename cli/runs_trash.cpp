// wheatstone runs rm, wheatstone runs trash

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <ostream>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "run_text.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct RunsOptions {
  std::vector<std::string> runs = {};
  std::filesystem::path store = {};
};

struct ListOptions {
  std::filesystem::path store = {};
  bool json = false;
};

struct EmptyOptions {
  std::filesystem::path store = {};
  bool yes = false;
};

// Does `work` to each run; one that fails is told, and the others are done.
template <class Work>
int for_each_run(const Terminal& terminal, const std::vector<std::string>& runs, Work work) {
  if (runs.size() == 1) {
    work(runs.front());
    return k_done;
  }
  int status = k_done;
  for (const std::string& run : runs) {
    try {
      work(run);
    } catch (const Error& error) {
      terminal.out->flush();
      *terminal.err << "wheatstone: " << printable_lines(error.what()) << '\n';
      status = k_failed;
    }
  }
  return status;
}

// What brings a run back names its store, where that is not the one that is meant without a word.
std::string restoring(const RunSummary& run) {
  const std::filesystem::path store = run.folder.parent_path();
  std::string command = "wheatstone runs trash restore " + handle_of(run);
  if (std::filesystem::weakly_canonical(store) == std::filesystem::weakly_canonical(Store().folder())) return command;
  const bool is_plain = store.string().find_first_of(" '\"\\$`*?&|;<>(){}[]#~") == std::string::npos;
  return command + " --store " + (is_plain ? printable(store.string()) : '"' + printable(store.string()) + '"');
}

int runs_remove(const Terminal& terminal, const RunsOptions& options) {
  Store store(options.store);
  // All are found before one goes: "last" is not the same run twice.
  std::vector<std::string> folders;
  for (const std::string& run : options.runs) folders.push_back(store.find_to_change(run).string());
  const int status = for_each_run(terminal, folders, [&](const std::string& folder) {
    const RunSummary run = store.summary(folder);
    store.trash(folder);
    *terminal.out << fmt::format("{}, {}, is in the trash; '{}' brings it back\n", called(terminal, run),
                                 counted(run.row_count, "row"), restoring(run));
  });
  tell_notices(terminal, store);
  return status;
}

int trash_list(const Terminal& terminal, const ListOptions& options) {
  Store store(options.store);
  require_store(store.folder());
  const std::vector<RunSummary> runs = store.trashed();
  if (options.json) {
    *terminal.out << json_of(runs).text();
  } else if (runs.empty()) {
    *terminal.err << fmt::format("the trash of {} is empty\n", printable(store.folder().string()));
  } else {
    *terminal.out << table_of(runs).text(terminal);
  }
  return k_done;
}

int trash_restore(const Terminal& terminal, const RunsOptions& options) {
  Store store(options.store);
  return for_each_run(terminal, options.runs, [&](const std::string& run) {
    *terminal.out << fmt::format("{} is back\n", printable(store.restore(run).string()));
  });
}

bool is_meant(const Terminal& terminal, const std::string& question) {
  if (::isatty(STDIN_FILENO) != 1) {
    throw ConfigurationError(fmt::format("{} Nobody can be asked here; say --yes", question));
  }
  terminal.out->flush();
  *terminal.err << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

int trash_empty(const Terminal& terminal, const EmptyOptions& options) {
  Store store(options.store);
  require_store(store.folder());
  const std::vector<RunSummary> runs = store.trashed();
  if (runs.empty()) {
    *terminal.err << fmt::format("the trash of {} is empty\n", printable(store.folder().string()));
    return k_done;
  }
  std::uint64_t bytes = 0;
  for (const RunSummary& run : runs) bytes += run.size_bytes;
  const std::string question =
      fmt::format("Delete {} for good, {}?", counted(runs.size(), "run"), size_in_words(bytes));
  if (!options.yes && !is_meant(terminal, question)) {
    *terminal.err << "nothing was deleted\n";
    return k_failed;
  }
  *terminal.out << fmt::format("{} deleted\n", counted(store.empty_trash(), "run"));
  return k_done;
}

}  // namespace

void add_runs_remove(Verb& runs) {
  Verb& verb = runs.verb("rm", "Move runs to the trash of their store");
  RunsOptions& options = verb.does(&runs_remove);
  verb.argument("run", options.runs, "The runs: their names, folders, or the beginnings of their ids",
                {.required = true, .offers = Offer::run});
  take_store(verb, options.store);
  verb.example("wheatstone runs rm 01a9c4");
}

void add_runs_trash(Verb& runs) {
  Verb& trash = runs.verb("trash", "Runs in the trash: list, restore, delete for good");
  Verb& list = trash.verb("ls", "List the runs in the trash, the oldest first");
  list.also("list");
  ListOptions& listing = list.does(&trash_list);
  take_store(list, listing.store);
  list.flag("--json", listing.json, k_json_help);
  list.example("wheatstone runs trash ls");
  Verb& restore = trash.verb("restore", "Bring runs back into their store");
  RunsOptions& restored = restore.does(&trash_restore);
  restore.argument("run", restored.runs, "The runs; 'last' is the latest in the trash",
                   {.required = true, .offers = Offer::trashed_run});
  take_store(restore, restored.store);
  restore.example("wheatstone runs trash restore 01a9c4");
  Verb& empty = trash.verb("empty", "Delete the runs in the trash for good");
  EmptyOptions& emptied = empty.does(&trash_empty);
  take_store(empty, emptied.store);
  empty.flag("--yes", emptied.yes, "Do not ask");
  empty.example("wheatstone runs trash empty --yes");
  trash.example("wheatstone runs trash ls");
}

}  // namespace wheatstone::cli
