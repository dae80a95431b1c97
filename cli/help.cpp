#include "help.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "text.hpp"

namespace wheatstone::cli {
namespace {

using Entry = std::pair<std::string, std::string>;  // what is typed, what it means

constexpr std::size_t k_least_width = 40;
constexpr std::size_t k_widest_left = 26;

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), ::toupper);
  return text;
}

struct TypeName {
  std::string operator()(const bool* /*flag*/) const { return {}; }
  std::string operator()(const std::filesystem::path* /*path*/) const { return "FILE"; }
  std::string operator()(const std::uint64_t* /*number*/) const { return "N"; }
  std::string operator()(const std::optional<std::uint64_t>* /*number*/) const { return "N"; }
  std::string operator()(const std::optional<double>* /*number*/) const { return "X"; }
  template <class Text>
  std::string operator()(const Text* /*text*/) const {
    return "TEXT";
  }
};

struct Default {
  std::string operator()(const std::string* text) const { return *text; }
  std::string operator()(const std::uint64_t* number) const { return fmt::format("{}", *number); }
  template <class Other>
  std::string operator()(const Other* /*other*/) const {
    return {};
  }
};

std::string value_of(const Option& option) {
  return option.rules.value.empty() ? std::visit(TypeName{}, option.target) : option.rules.value;
}

Entry entry_of(const Option& option) {
  std::string left = option.is_argument() ? upper(option.names) : fmt::format("{}", fmt::join(names_of(option), ", "));
  if (!option.is_argument() && !option.is_flag()) left += " " + value_of(option);
  std::string right = option.what;
  if (!option.rules.choices.empty()) right += fmt::format(": {}", fmt::join(option.rules.choices, ", "));
  if (option.is_list() && !option.is_argument()) right += "; may be given several times";
  const std::string fallback = std::visit(Default{}, option.target);
  if (!fallback.empty() && !option.rules.required) right += fmt::format(" [{}]", fallback);
  if (option.rules.required && !option.is_argument()) right += " (required)";
  return {left, right};
}

std::string entries(std::string_view title, const std::vector<Entry>& all, std::size_t width) {
  if (all.empty()) return {};
  std::size_t left = 0;
  for (const Entry& each : all) left = std::max(left, std::min(each.first.size(), k_widest_left));
  const bool is_narrow = width < left + 34;
  const std::size_t indent = is_narrow ? 6 : left + 4;
  std::string text = fmt::format("\n{}:\n", title);
  for (const auto& [typed, meaning] : all) {
    const std::string right = wrapped(meaning, width - indent, std::string(indent, ' '));
    text += "  " + typed;
    if (is_narrow || typed.size() > left) {
      text += "\n" + std::string(indent, ' ');
    } else {
      text += std::string(left - typed.size() + 2, ' ');
    }
    text += right + "\n";
  }
  return text;
}

std::string usage(const Chosen& chosen) {
  const Verb& verb = chosen.verb();
  std::string text = "Usage: " + chosen.name();
  if (!verb.verbs().empty()) return text + " VERB ...";
  std::string arguments;
  bool has_options = false;
  for (const Option& option : verb.options()) {
    if (!option.is_argument()) {
      has_options = true;
      if (option.rules.required) text += fmt::format(" {} {}", names_of(option).back(), value_of(option));
      continue;
    }
    std::string word = upper(option.names) + (option.is_list() ? " ..." : "");
    arguments += option.rules.required ? " " + word : " [" + word + "]";
  }
  return text + (has_options ? " [OPTIONS]" : "") + arguments;
}

}  // namespace

std::string help_of(const Chosen& chosen, std::size_t width) {
  const Verb& verb = chosen.verb();
  width = std::max(width, k_least_width);
  std::string text = wrapped(verb.what(), width) + "\n\n" + wrapped(usage(chosen), width, "    ") + "\n";
  std::vector<Entry> verbs;
  for (const auto& each : verb.verbs()) {
    verbs.emplace_back(fmt::format("{}{}{}", each->name(), each->other_names().empty() ? "" : ", ",
                                   fmt::join(each->other_names(), ", ")),
                       each->what());
  }
  text += entries("Verbs", verbs, width);
  std::vector<Entry> arguments;
  std::vector<Entry> options;
  for (const Option& option : verb.options()) {
    (option.is_argument() ? arguments : options).push_back(entry_of(option));
  }
  options.emplace_back("-h, --help", "This help");
  if (chosen.path.size() == 1) options.emplace_back("--version", "The version of Wheatstone");
  text += entries("Arguments", arguments, width) + entries("Options", options, width);
  for (const std::string& note : verb.notes()) text += "\n" + wrapped(note, width) + "\n";
  if (!verb.examples().empty()) {
    text += verb.examples().size() == 1 ? "\nExample:\n" : "\nExamples:\n";
    for (const std::string& example : verb.examples()) text += "  " + example + "\n";
  }
  return text;
}

}  // namespace wheatstone::cli
