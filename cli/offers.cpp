#include "offers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <wheatstone/error.hpp>
#include <wheatstone/profile.hpp>
#include <wheatstone/store.hpp>

#include "read_words.hpp"
#include "run_text.hpp"
#include "text.hpp"

namespace wheatstone::cli {
namespace {

constexpr std::size_t k_most_runs = 200;  // the latest; a person chooses among them

// Where the words that were typed so far have led to.
struct Place {
  const Verb* verb = nullptr;
  const Option* value_of = nullptr;  // the option whose value is due
  std::size_t arguments = 0;         // words without a name so far
  bool only_arguments = false;       // behind "--"
  std::filesystem::path store = {};
};

const Option* option_named(const Verb& verb, std::string_view name) {
  for (const Option& option : verb.options()) {
    if (option.is_argument()) continue;
    const std::vector<std::string> names = names_of(option);
    if (std::ranges::find(names, name) != names.end()) return &option;
  }
  return nullptr;
}

Place place_after(const Verb& verb, std::span<const std::string> words) {
  Place place{.verb = &verb};
  for (const std::string& word : words) {
    if (place.value_of != nullptr) {
      if (place.value_of->names == "--store") place.store = word;
      place.value_of = nullptr;
    } else if (place.only_arguments || !word.starts_with('-') || word == "-") {
      ++place.arguments;
    } else if (word == "--") {
      place.only_arguments = true;
    } else if (word.starts_with("--store=")) {
      place.store = word.substr(8);
    } else if (const Option* const option = option_named(verb, word); option != nullptr && !option->is_flag()) {
      place.value_of = option;
    }
  }
  return place;
}

// The argument that the next word would be; the last one where that takes several.
const Option* argument_at(const Verb& verb, std::size_t number) {
  const Option* last = nullptr;
  for (const Option& option : verb.options()) {
    if (!option.is_argument()) continue;
    if (number == 0) return &option;
    --number;
    last = &option;
  }
  return last != nullptr && last->is_list() ? last : nullptr;
}

std::string about(const RunSummary& run) {
  return fmt::format("{}, {}, {}", title_of(run), state_of(run).text, utc(run.started));
}

void offer_runs(const std::vector<RunSummary>& runs, std::string_view begun, std::vector<Suggestion>& words) {
  words.push_back({"last", "the latest run"});
  const std::size_t first = runs.size() - std::min(runs.size(), k_most_runs);
  std::set<std::string> names;
  for (std::size_t i = runs.size(); i > first; --i) {
    const RunSummary& run = runs[i - 1];
    words.push_back({handle_of(run), about(run)});
    // A name means the latest of that name; it is offered to who has begun to type one.
    if (!begun.empty() && printable(run.name) == run.name && names.insert(run.name).second) {
      words.push_back({run.name, about(run)});
    }
  }
}

void offer_names(const std::vector<RunSummary>& runs, std::vector<Suggestion>& words) {
  std::set<std::string> names;
  for (const RunSummary& run : runs) {
    if (printable(run.name) == run.name && names.insert(run.name).second) words.push_back({run.name, ""});
  }
}

void offer_tags(const std::vector<RunSummary>& runs, std::vector<Suggestion>& words) {
  std::set<std::string> tags;
  for (const RunSummary& run : runs) tags.insert(run.tags.begin(), run.tags.end());
  for (const std::string& tag : tags) words.push_back({tag, ""});
}

void offer(const Option& option, const Place& place, std::string_view begun, Suggestions& found) {
  for (const std::string& choice : option.rules.choices) found.words.push_back({choice, ""});
  const Store store(place.store);
  switch (option.rules.offers) {
    case Offer::nothing:
      return;
    case Offer::file:
    case Offer::bench:
      found.files = true;
      return;
    case Offer::folder:
      found.folders = true;
      return;
    case Offer::run:
      return offer_runs(store.runs(), begun, found.words);
    case Offer::trashed_run:
      return offer_runs(store.trashed(), begun, found.words);
    case Offer::run_name:
      return offer_names(store.runs(), found.words);
    case Offer::tag:
      return offer_tags(store.runs(), found.words);
    case Offer::profile:
      for (const Model& model : models()) found.words.push_back({model.name, model.description});
      found.files = true;
      return;
  }
}

void offer_options(const Verb& verb, std::vector<Suggestion>& words) {
  for (const Option& option : verb.options()) {
    if (option.is_argument()) continue;
    for (const std::string& name : names_of(option)) words.push_back({name, option.what});
  }
  words.push_back({"--help", "This help"});
}

}  // namespace

Suggestions suggestions(const Verb& program, std::span<const std::string> words) {
  Suggestions found;
  if (words.empty()) return found;
  const std::string& begun = words.back();
  const Chosen chosen = choose(program, words.first(words.size() - 1));
  const Verb& verb = chosen.verb();
  const Place place = place_after(verb, chosen.rest);
  try {
    if (place.value_of != nullptr) {
      offer(*place.value_of, place, begun, found);
    } else if (begun.starts_with('-') && !place.only_arguments) {
      offer_options(verb, found.words);
      if (chosen.path.size() == 1) found.words.push_back({"--version", "The version of Wheatstone"});
    } else if (!verb.verbs().empty()) {
      if (chosen.rest.empty()) {
        for (const auto& each : verb.verbs()) found.words.push_back({each->name(), each->what()});
      }
    } else if (const Option* const argument = argument_at(verb, place.arguments)) {
      offer(*argument, place, begun, found);
    }
  } catch (const Error&) {
    // A store that cannot be read has no runs to offer; the verb itself will say why.
  }
  std::erase_if(found.words, [&](const Suggestion& each) { return !each.word.starts_with(begun); });
  return found;
}

}  // namespace wheatstone::cli
