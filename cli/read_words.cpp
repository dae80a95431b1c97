#include "read_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

namespace wheatstone::cli {
namespace {

struct Wrong {
  std::string why;
};

template <class T>
std::optional<T> whole_text_as(const std::string& text) {
  T number = {};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// How an option is called when something is said of it: by its longest name, an argument by its name in the help.
std::string called(const Option& option) {
  std::string longest;
  for (const std::string& name : names_of(option)) longest = name.size() > longest.size() ? name : longest;
  if (option.is_argument()) std::ranges::transform(longest, longest.begin(), ::toupper);
  return longest;
}

std::uint64_t whole_number(const Option& option, const std::string& text) {
  const auto number = whole_text_as<std::uint64_t>(text);
  const Rules& rules = option.rules;
  if (number && *number >= rules.least && *number <= rules.most) return *number;
  const std::string upto = rules.most == UINT64_MAX ? "" : fmt::format(" to {}", rules.most);
  throw Wrong{fmt::format("{} takes a whole number from {}{}, not '{}'", called(option), rules.least, upto, text)};
}

double number(const Option& option, const std::string& text) {
  const auto number = whole_text_as<double>(text);
  if (number && std::isfinite(*number)) return *number;
  throw Wrong{fmt::format("{} takes a number, not '{}'", called(option), text)};
}

void check_choice(const Option& option, const std::string& text) {
  const std::vector<std::string>& choices = option.rules.choices;
  if (choices.empty() || std::ranges::find(choices, text) != choices.end()) return;
  throw Wrong{fmt::format("{} takes {}, not '{}'", called(option), fmt::join(choices, ", "), text)};
}

struct Write {
  const Option& option;
  const std::vector<std::string>& texts;

  void operator()(bool* target) const { *target = true; }
  void operator()(std::string* target) const { *target = texts.back(); }
  void operator()(std::filesystem::path* target) const { *target = texts.back(); }
  void operator()(std::uint64_t* target) const { *target = whole_number(option, texts.back()); }
  void operator()(std::optional<std::uint64_t>* target) const { *target = whole_number(option, texts.back()); }
  void operator()(std::optional<double>* target) const { *target = number(option, texts.back()); }
  void operator()(std::vector<std::string>* target) const { *target = texts; }
};

void write(const Option& option, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) check_choice(option, text);
  std::visit(Write{option, texts}, option.target);
}

std::string unknown_word(const Verb& verb, const std::string& word) {
  if (!word.starts_with('-') || word == "-") return fmt::format("'{}' is one word too many", word);
  std::vector<std::string> known = {"--help"};
  for (const Option& option : verb.options()) {
    if (option.is_argument()) continue;
    for (const std::string& name : names_of(option)) known.push_back(name);
  }
  const std::string near = nearest(word, known);
  return fmt::format("there is no option '{}'{}", word, near.empty() ? "" : fmt::format("; did you mean {}?", near));
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, changed});
    }
  }
  return row.back();
}

}  // namespace

std::string Chosen::name() const {
  std::string text;
  for (const Verb* const verb : path) text += (text.empty() ? "" : " ") + verb->name();
  return text;
}

Chosen choose(const Verb& program, std::span<const std::string> words) {
  Chosen chosen{{&program}, words};
  while (!chosen.rest.empty()) {
    const Verb* const next = chosen.verb().find(chosen.rest.front());
    if (next == nullptr) break;
    chosen.path.push_back(next);
    chosen.rest = chosen.rest.subspan(1);
  }
  return chosen;
}

std::vector<std::string> names_of(const Option& option) { return CLI::detail::split(option.names, ','); }

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  std::string best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& each : known) {
    const bool begins = word.size() >= 2 && each.starts_with(word);
    const std::size_t away = begins ? 1 : distance(word, each);
    if (away >= least) continue;
    least = away;
    best = each;
  }
  return best;
}

std::optional<std::string> read_words(const Verb& verb, std::span<const std::string> words) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<std::vector<std::string>> typed(verb.options().size());
  std::vector<CLI::Option*> read;
  for (std::size_t i = 0; i < typed.size(); ++i) {
    const Option& option = verb.options()[i];
    if (option.is_flag()) {
      read.push_back(app.add_flag(option.names));
      continue;
    }
    read.push_back(app.add_option(option.names, typed[i]));
    read.back()->allow_extra_args(option.is_argument() && option.is_list());
    if (!option.is_list()) read.back()->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
  try {
    // CLI11 takes the words in reverse.
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    for (const std::string& left : app.remaining()) {
      if (left != "--") return unknown_word(verb, left);
    }
    for (std::size_t i = 0; i < typed.size(); ++i) {
      const Option& option = verb.options()[i];
      if (read[i]->count() > 0) {
        write(option, typed[i]);
      } else if (option.rules.required) {
        return fmt::format("{} is missing: {}", called(option), option.what);
      }
    }
  } catch (const Wrong& wrong) {
    return wrong.why;
  } catch (const CLI::ParseError& error) {
    return error.what();
  }
  return std::nullopt;
}

}  // namespace wheatstone::cli
