#include "program.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <exception>
#include <ostream>
#include <wheatstone/error.hpp>
#include <wheatstone/version.hpp>

#include "help.hpp"
#include "read_words.hpp"
#include "standard_output.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

// One sentence to standard error, then what else went wrong meanwhile.
int report(const Terminal& terminal, const std::exception& error) {
  terminal.out->flush();
  *terminal.err << "wheatstone: " << printable_lines(error.what()) << '\n';
  if (const auto* const ours = dynamic_cast<const Error*>(&error)) {
    for (const std::string& other : ours->attached()) *terminal.err << "  also: " << printable_lines(other) << '\n';
  }
  return k_failed;
}

int run_verb(const Terminal& terminal, const Verb& verb) {
  try {
    return verb.run(terminal);
  } catch (const Interrupted& error) {
    report(terminal, error);
    return k_interrupted;
  } catch (const std::exception& error) {
    return report(terminal, error);
  }
}

int refuse(const Terminal& terminal, const Chosen& chosen, const std::string& why) {
  *terminal.err << fmt::format("wheatstone: {}\n'{} --help' says what there is\n", printable(why), chosen.name());
  return k_usage;
}

int refuse_verb(const Terminal& terminal, const Chosen& chosen) {
  const std::string& word = chosen.rest.front();
  if (word.starts_with('-')) return refuse(terminal, chosen, fmt::format("there is no option '{}' here", word));
  std::vector<std::string> known;
  for (const auto& verb : chosen.verb().verbs()) known.push_back(verb->name());
  const std::string near = nearest(word, known);
  return refuse(terminal, chosen,
                fmt::format("there is no verb '{}'; {}", word,
                            near.empty() ? fmt::format("there are {}", fmt::join(known, ", "))
                                         : fmt::format("did you mean '{} {}'?", chosen.name(), near)));
}

bool asks_for(std::span<const std::string> words, std::initializer_list<std::string_view> names) {
  const auto end = std::ranges::find(words, "--");
  return std::any_of(words.begin(), end,
                     [&](const std::string& word) { return std::ranges::find(names, word) != names.end(); });
}

int follow(const Terminal& terminal, std::span<const std::string> words) {
  const Verb program = declared_program();
  const Chosen chosen = choose(program, words);
  if (asks_for(chosen.rest, {"-h", "--help"})) {
    *terminal.out << help_of(chosen, terminal.width);
    return k_done;
  }
  if (!chosen.verb().verbs().empty()) {
    if (chosen.path.size() == 1 && asks_for(chosen.rest, {"--version"})) {
      *terminal.out << fmt::format("wheatstone {}\n", version());
      return k_done;
    }
    if (!chosen.rest.empty()) return refuse_verb(terminal, chosen);
    *terminal.err << help_of(chosen, terminal.width);
    return k_usage;
  }
  if (const auto wrong = read_words(chosen.verb(), chosen.rest)) return refuse(terminal, chosen, *wrong);
  return run_verb(terminal, chosen.verb());
}

}  // namespace

int main(std::span<const std::string> words) {
  StandardOutput output;
  Terminal terminal = Terminal::of_process();
  terminal.out = &output.stream();
  if (!words.empty()) terminal.program = words.front();
  return output.end(*terminal.err, follow(terminal, words.empty() ? words : words.subspan(1)));
}

}  // namespace wheatstone::cli
