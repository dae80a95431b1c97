// wheatstone runs verify, compact, recover: a run's files.

#include <fmt/format.h>

#include <ostream>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "run_text.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct Options {
  std::vector<std::string> runs = {};
  std::filesystem::path store = {};
  bool all = false;
  bool json = false;
};

struct RecoverOptions {
  std::string run = {};
  std::filesystem::path store = {};
};

// The folders of the runs that are meant; with --all those of the whole store that are there to be read.
std::vector<std::string> folders_of(const Terminal& terminal, const Store& store, const Options& options,
                                    bool to_change) {
  const auto find = [&](const std::string& run) {
    return (to_change ? store.find_to_change(run) : store.find(run)).string();
  };
  if (options.all && !options.runs.empty()) {
    throw ConfigurationError("--all means every run of the store; name runs, or say --all");
  }
  std::vector<std::string> folders;
  if (options.all) {
    require_store(store.folder());
    for (const RunSummary& run : store.runs()) folders.push_back(run.folder.string());
    if (folders.empty()) *terminal.err << fmt::format("no runs in {}\n", printable(store.folder().string()));
  } else if (options.runs.empty()) {
    folders.push_back(find("last"));
  }
  for (const std::string& run : options.runs) folders.push_back(find(run));
  return folders;
}

Json verification_json(const RunSummary& run, const Verification& found) {
  Json troubles = Json::array();
  for (const FileTrouble& each : found.troubles) {
    troubles.add(Json::object(
        {{"file", each.file}, {"trouble", each.trouble}, {"first_row", each.rows.first}, {"rows", each.rows.count}}));
  }
  return Json::object({{"handle", handle_of(run)},
                       {"name", run.name},
                       {"folder", found.folder.string()},
                       {"whole", found.whole()},
                       {"rows", found.row_count},
                       {"readable", found.readable_count()},
                       {"files", found.file_count},
                       {"bytes", found.byte_count},
                       {"troubles", troubles}});
}

void print(const Terminal& terminal, const RunSummary& run, const Verification& found) {
  if (found.whole()) {
    *terminal.out << fmt::format("{}: {}, {}, {} in {}\n", called(terminal, run), terminal.styled("whole", Style::good),
                                 counted(found.row_count, "row"), size_in_words(found.byte_count),
                                 counted(found.file_count, "file"));
    return;
  }
  *terminal.out << fmt::format("{}: {}; {} of {} can be read\n", called(terminal, run),
                               terminal.styled("damaged", Style::bad), found.readable_count(),
                               counted(found.row_count, "row"));
  for (const FileTrouble& each : found.troubles) {
    *terminal.out << fmt::format("  {}: {}", printable(each.file), printable(each.trouble));
    if (each.rows.count > 0) {
      *terminal.out << fmt::format(" (rows {} to {})", each.rows.first, each.rows.first + each.rows.count - 1);
    }
    *terminal.out << '\n';
  }
}

void say(const Terminal& terminal, const StorageError& error) {
  terminal.out->flush();
  *terminal.err << "wheatstone: " << printable_lines(error.what()) << '\n';
}

// Of a run whose description cannot be read, that file is what is wrong.
Json unreadable_json(const RunSummary& run, const StorageError& error) {
  Verification found;
  found.folder = run.folder;
  found.troubles.push_back({.file = "run.json", .trouble = error.what(), .rows = {}});
  return verification_json(run, found);
}

int runs_verify(const Terminal& terminal, const Options& options) {
  Store store(options.store);
  const std::vector<std::string> folders = folders_of(terminal, store, options, false);
  Json all = Json::array();
  int status = k_done;
  for (const std::string& folder : folders) {
    const RunSummary run = store.summary(folder);
    try {
      const Verification found = store.verify(folder);
      if (!found.whole()) status = k_failed;
      if (options.json) {
        all.add(verification_json(run, found));
      } else {
        print(terminal, run, found);
      }
    } catch (const StorageError& error) {
      if (folders.size() == 1) throw;
      if (options.json) {
        all.add(unreadable_json(run, error));
      } else {
        say(terminal, error);
      }
      status = k_failed;
    }
  }
  tell_notices(terminal, store);
  if (options.json) *terminal.out << all.text();
  return status;
}

int runs_compact(const Terminal& terminal, const Options& options) {
  Store store(options.store);
  int status = k_done;
  for (const std::string& folder : folders_of(terminal, store, options, true)) {
    const RunSummary run = store.summary(folder);
    if (options.all && is_alive(run.state)) continue;
    try {
      const Compaction done = store.compact(folder);
      *terminal.out << fmt::format("{}: {} of rows, {}; before: {}, {}\n", called(terminal, run),
                                   counted(done.files_after, "file"), size_in_words(done.bytes_after),
                                   counted(done.files_before, "file"), size_in_words(done.bytes_before));
    } catch (const StorageError& error) {
      if (!options.all) throw;
      say(terminal, error);
      status = k_failed;
    }
  }
  return status;
}

int runs_recover(const Terminal& terminal, const RecoverOptions& options) {
  Store store(options.store);
  const std::string folder = store.find_to_change(options.run).string();
  const Recovery done = store.recover(folder);
  const RunSummary run = store.summary(folder);
  *terminal.out << fmt::format("{}: {} kept, sealed as a run that was killed\n", called(terminal, run),
                               counted(done.row_count, "row"));
  for (const std::string& file : done.set_aside) {
    *terminal.out << fmt::format("  {} is set aside: its rows lie behind one that was lost\n", printable(file));
  }
  *terminal.out << fmt::format("'wheatstone runs resume {}' says how to go on with it\n", handle_of(run));
  return k_done;
}

void take_runs(Verb& verb, Options& options, const char* all) {
  verb.argument("run", options.runs, "The runs; without any, the last", {.offers = Offer::run});
  take_store(verb, options.store);
  verb.flag("--all", options.all, all);
}

}  // namespace

void add_runs_upkeep(Verb& runs) {
  Verb& verify = runs.verb("verify", "Read every byte of runs that has a check, and name the files that are damaged");
  Options& verified = verify.does(&runs_verify);
  take_runs(verify, verified, "Every run of the store");
  verify.flag("--json", verified.json, k_json_help);
  verify.note("A run that is damaged is status 1.");
  verify.example("wheatstone runs verify --all");
  Verb& recover = runs.verb("recover", "Make of a killed run one that has ended, with every row that it kept");
  RecoverOptions& recovered = recover.does(&runs_recover);
  take_run(recover, recovered.run, recovered.store, true);
  recover.example("wheatstone runs recover last");
  Verb& compact = runs.verb("compact", "Seal what runs left unsealed and unite their small parts");
  Options& compacted = compact.does(&runs_compact);
  take_runs(compact, compacted, "Every run of the store that has ended");
  compact.example("wheatstone runs compact last");
}

}  // namespace wheatstone::cli
