// A model in words, for people who decide whether it does what they need.

#include <fmt/format.h>

#include <cmath>
#include <wheatstone/profile.hpp>

#include "profile/profile.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

std::string with_unit(double value, Unit unit) {
  return unit.empty() ? fmt::format("{:.6g}", value) : fmt::format("{:.6g} {}", value, unit.label());
}

// "±(0.05 % + 10 mV)" as data sheets print it; empty where the profile knows none.
std::string in_words(const profile::Accuracy& accuracy, Unit unit) {
  std::string terms;
  const auto add = [&terms](const std::string& term) { terms += (terms.empty() ? "" : " + ") + term; };
  if (accuracy.of_reading != 0) add(fmt::format("{:.4g} % of reading", accuracy.of_reading * 100));
  if (accuracy.of_range != 0) add(fmt::format("{:.4g} % of range", accuracy.of_range * 100));
  if (accuracy.offset != 0) add(with_unit(accuracy.offset, unit));
  return terms.empty() ? terms : "±(" + terms + ")";
}

void add_ranges(std::string& text, const std::string& owner, const profile::Quantity& quantity) {
  for (const profile::Range& range : quantity.ranges) {
    text +=
        fmt::format("| {} | {} | {} to {} | {} | {} | {} |\n", owner, quantity.name,
                    with_unit(range.minimum, quantity.unit), with_unit(range.maximum, quantity.unit),
                    in_words(range.programming, quantity.unit), in_words(range.readback, quantity.unit), range.source);
  }
}

void add_quantities(std::string& text, const profile::Profile& profile) {
  if (profile.channels.empty() && profile.functions.empty()) return;
  text += "## Ranges\n\n| of | quantity | range | accuracy of what is set | accuracy of what is read | source |\n";
  text += "|---|---|---|---|---|---|\n";
  for (const profile::Channel& channel : profile.channels) {
    const std::string owner = fmt::format("channel {}", channel.number);
    for (const profile::Quantity& quantity : channel.quantities) add_ranges(text, owner, quantity);
  }
  for (const profile::Function& function : profile.functions) add_ranges(text, function.name, function.quantity);
  text += '\n';
}

// A bar would end the cell of a table.
std::string in_a_cell(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c;
  }
  return cell;
}

std::string_view uses_of(const profile::Command& command) {
  if (command.can_set && command.can_query) return "set, query";
  return command.can_query ? "query" : "set";
}

void add_commands(std::string& text, const profile::Profile& profile) {
  text += "## Commands\n\n| name | SCPI | |\n|---|---|---|\n";
  for (const profile::Command& command : profile.commands->commands()) {
    text += fmt::format("| {} | `{}` | {} |\n", command.id, in_a_cell(command.patterns.front().printed()),
                        uses_of(command));
  }
  text += '\n';
}

void add_documents(std::string& text, const profile::Profile& profile) {
  if (profile.documents.empty()) return;
  text += "## Sources\n\n";
  for (const profile::Document& document : profile.documents) {
    text += fmt::format("- {}: {}{}\n", document.id, document.title,
                        document.number.empty() ? "" : fmt::format(" ({})", document.number));
  }
}

}  // namespace

std::string describe_model(std::string_view name) {
  const profile::ProfilePointer profile = profile::load_profile(name);
  const Model model = find_model(name);
  std::string text = fmt::format("# {}\n\n{} ({}), {} commands. Profile: {}.\n\n", model.name, model.description,
                                 model.kind, model.command_count, model.origin);
  add_quantities(text, *profile);
  add_commands(text, *profile);
  add_documents(text, *profile);
  return text;
}

}  // namespace v1
}  // namespace wheatstone
