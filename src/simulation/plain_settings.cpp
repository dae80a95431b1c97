#include "simulation/plain_settings.hpp"

#include <cmath>

#include "base/text.hpp"
#include "scpi/message.hpp"
#include "scpi/number.hpp"

namespace wheatstone::simulation {
namespace {

using profile::ArgumentKind;
using profile::ResponseKind;

/// The header's suffix that does not name the channel.
int other_suffix(const profile::Match& match) {
  const std::size_t place = match.command->channels == profile::Channels::suffix ? 1 : 0;
  return place < match.suffixes.count ? match.suffixes[place] : 1;
}

}  // namespace

void append_response(std::string& out, const profile::Command& command, double value) {
  if (command.response == ResponseKind::integer || command.response == ResponseKind::boolean) {
    scpi::append_number(out, static_cast<long long>(std::llround(value)));
  } else {
    scpi::append_nr3(out, value, command.response_digits);
  }
}

std::optional<double> effective_number(const profile::CommandTable& table, const profile::Parameter& parameter,
                                       const profile::Argument& argument, int channel) {
  if (parameter.kind == profile::ParameterKind::keyword && parameter.bounds.empty())
    return std::nullopt;  // a mere word
  const auto number = table.resolve(parameter, argument, channel);
  if (!number) return number;
  for (const double value : parameter.values) {
    if (*number <= value * (1 + 1e-9)) return value;
  }
  if (!parameter.values.empty()) return parameter.values.back();
  return parameter.kind == profile::ParameterKind::integer ? std::round(*number) : *number;
}

std::uint64_t PlainSettings::key(const profile::Command& command, int channel, int suffix) {
  return (static_cast<std::uint64_t>(command.index) << 32U) | (static_cast<std::uint64_t>(channel & 0xffff) << 16U) |
         static_cast<std::uint64_t>(suffix & 0xffff);
}

void PlainSettings::set(const profile::Match& match, int channel) {
  const profile::Command& command = *match.command;
  Stored stored;
  for (std::size_t i = 0; i < match.argument_count; ++i) {
    const profile::Argument& argument = match.arguments[i];
    const profile::Parameter& parameter = command.parameters[i];
    if (i > 0) stored.answer += ',';
    if (const auto number = effective_number(*table_, parameter, argument, channel)) {
      append_response(stored.answer, command, *number);
      if (i == 0) stored.number = *number;
    } else if (argument.kind == ArgumentKind::keyword) {
      const auto place = static_cast<std::size_t>(argument.keyword);
      stored.answer += parameter.keywords[place].short_form();
      if (i == 0) stored.number = argument.keyword;
      if (i == 0) stored.text = parameter.keywords[place].short_form();
    } else if (argument.kind == ArgumentKind::string) {
      const std::string inside = scpi::unquoted(argument.text);
      scpi::append_quoted(stored.answer, inside);
      if (i == 0) stored.number = argument.keyword;
      if (i == 0) stored.text = inside;
    } else {
      stored.answer += argument.text;
      if (i == 0) stored.text = argument.text;
    }
  }
  values_[key(command, channel, other_suffix(match))] = std::move(stored);
}

void PlainSettings::set(const profile::Command& command, int channel, double number) {
  Stored stored;
  stored.number = number;
  append_response(stored.answer, command, number);
  values_[key(command, channel, 1)] = std::move(stored);
}

PlainSettings::Stored PlainSettings::initial(const profile::Command& command, int channel) const {
  Stored stored;
  const profile::Parameter* parameter = command.parameters.empty() ? nullptr : command.parameters.data();
  const profile::Bounds* bounds = parameter != nullptr ? table_->bounds(*parameter, channel) : nullptr;
  if (command.reset) {
    stored.answer = *command.reset;
    stored.text = std::string(base::trimmed(stored.answer));
    if (stored.text.size() >= 2 && stored.text.front() == '"')
      stored.text = stored.text.substr(1, stored.text.size() - 2);
    stored.number = scpi::parse_response_number(stored.answer).value_or(0);
    if (parameter == nullptr) return stored;
    for (std::size_t i = 0; i < parameter->keywords.size(); ++i) {
      if (parameter->keywords[i].matches(stored.text)) stored.number = static_cast<double>(i);
    }
  } else if (bounds != nullptr && bounds->reset) {
    stored.number = *bounds->reset;
    append_response(stored.answer, command, stored.number);
  }
  return stored;
}

const PlainSettings::Stored* PlainSettings::find(const profile::Command& command, int channel, int suffix) const {
  const auto found = values_.find(key(command, channel, suffix));
  return found == values_.end() ? nullptr : &found->second;
}

std::string PlainSettings::answer(const profile::Match& match, int channel) const {
  return answer(*match.command, channel, other_suffix(match));
}

std::string PlainSettings::answer(const profile::Command& command, int channel, int suffix) const {
  const Stored* stored = find(command, channel, suffix);
  return stored != nullptr ? stored->answer : initial(command, channel).answer;
}

double PlainSettings::number(const profile::Command& command, int channel, int suffix) const {
  read_[static_cast<std::size_t>(command.index)] = 1;
  const Stored* stored = find(command, channel, suffix);
  return stored != nullptr ? stored->number : initial(command, channel).number;
}

std::string PlainSettings::text(const profile::Command& command, int channel, int suffix) const {
  read_[static_cast<std::size_t>(command.index)] = 1;
  const Stored* stored = find(command, channel, suffix);
  return stored != nullptr ? stored->text : initial(command, channel).text;
}

}  // namespace wheatstone::simulation
