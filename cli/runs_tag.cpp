// wheatstone runs tag, wheatstone runs note

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ostream>
#include <wheatstone/store.hpp>

#include "run_text.hpp"
#include "text.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct TagOptions {
  std::string run = {};
  std::vector<std::string> tags = {};
  std::filesystem::path store = {};
  bool remove = false;
  bool json = false;
};

struct NoteOptions {
  std::string run = {};
  std::vector<std::string> words = {};
  std::filesystem::path store = {};
  bool json = false;
};

int runs_tag(const Terminal& terminal, const TagOptions& options) {
  Store store(options.store);
  // Found once: while it is tagged, a later run may become the last.
  const std::string run = (options.tags.empty() ? store.find(options.run) : store.find_to_change(options.run)).string();
  if (!options.tags.empty()) options.remove ? store.untag(run, options.tags) : store.tag(run, options.tags);
  const RunSummary now = store.summary(run);
  tell_notices(terminal, store);
  if (options.json) {
    *terminal.out << json_of(now).text();
  } else if (now.tags.empty()) {
    *terminal.out << fmt::format("{}: no tags\n", called(terminal, now));
  } else {
    *terminal.out << fmt::format("{}: {}\n", called(terminal, now),
                                 printable(fmt::format("{}", fmt::join(now.tags, ", "))));
  }
  return k_done;
}

int runs_note(const Terminal& terminal, const NoteOptions& options) {
  Store store(options.store);
  const std::string run =
      (options.words.empty() ? store.find(options.run) : store.find_to_change(options.run)).string();
  if (!options.words.empty()) store.annotate(run, fmt::format("{}", fmt::join(options.words, " ")));
  const RunSummary now = store.summary(run);
  tell_notices(terminal, store);
  if (options.json) {
    *terminal.out << json_of(now).text();
    return k_done;
  }
  if (now.notes.empty()) *terminal.out << fmt::format("{}: no notes\n", called(terminal, now));
  for (const RunNote& note : now.notes) {
    *terminal.out << terminal.faint(fmt::format("{} UTC, {}", utc(note.at), printable(note.by))) << '\n'
                  << "  " << printable(note.text) << '\n';
  }
  return k_done;
}

}  // namespace

void add_runs_tag(Verb& runs) {
  Verb& verb = runs.verb("tag", "Give a run tags, take them away, or show them");
  TagOptions& options = verb.does(&runs_tag);
  verb.argument("run", options.run, k_run_help, {.required = true, .offers = Offer::run});
  verb.argument("tag", options.tags, "Tags to give; none: show those that it has", {.offers = Offer::tag});
  take_store(verb, options.store);
  verb.flag("--remove", options.remove, "Take these tags away");
  verb.flag("--json", options.json, k_json_help);
  verb.example("wheatstone runs tag last good 'sample 7'");
}

void add_runs_note(Verb& runs) {
  Verb& verb = runs.verb("note", "Note something of a run, or show what was noted");
  NoteOptions& options = verb.does(&runs_note);
  verb.argument("run", options.run, k_run_help, {.required = true, .offers = Offer::run});
  verb.argument("text", options.words, "The note; none: show the notes that it has");
  take_store(verb, options.store);
  verb.flag("--json", options.json, k_json_help);
  verb.example("wheatstone runs note last 'the fan was off'");
}

}  // namespace wheatstone::cli
