// From text to arguments: what the simulation executes and limits look through.

#include <algorithm>
#include <cmath>

#include "profile/command_table.hpp"
#include "scpi/message.hpp"
#include "scpi/number.hpp"

namespace wheatstone::profile {
namespace {

using scpi::Datum;
using scpi::DatumKind;

int read_number(const Parameter& parameter, std::string_view text, Argument& argument) {
  const scpi::Decimal decimal = scpi::parse_decimal(text);
  if (decimal.error != 0) return decimal.error;
  argument.number = decimal.value;
  if (!decimal.suffix.empty()) {
    if (parameter.unit.empty()) return scpi::k_suffix_not_allowed;
    const auto factor = scpi::suffix_multiplier(decimal.suffix, parameter.unit.label());
    if (!factor) return scpi::k_invalid_suffix;
    argument.number *= *factor;
  }
  argument.kind = ArgumentKind::number;
  return 0;
}

int read_word(const Parameter& parameter, std::string_view text, Argument& argument) {
  argument.text = text;
  if (text.size() > scpi::Mnemonic::k_longest) return scpi::k_illegal_parameter_value;
  const scpi::Mnemonic typed = scpi::Mnemonic::pack(text);
  for (std::size_t i = 0; i < parameter.keywords.size(); ++i) {
    if (!parameter.keywords[i].matches(typed)) continue;
    argument.kind = ArgumentKind::keyword;
    argument.keyword = static_cast<std::int32_t>(i);
    return 0;
  }
  if (parameter.kind == ParameterKind::boolean) {
    const bool on = typed == scpi::Mnemonic::pack("ON");
    if (on || typed == scpi::Mnemonic::pack("OFF")) {
      argument.kind = ArgumentKind::boolean;
      argument.number = on ? 1.0 : 0.0;
      return 0;
    }
  }
  const bool takes_words = parameter.kind == ParameterKind::keyword || parameter.kind == ParameterKind::boolean ||
                           !parameter.keywords.empty();
  return takes_words ? scpi::k_illegal_parameter_value : scpi::k_character_data_not_allowed;
}

int read_string(const Parameter& parameter, std::string_view text, Argument& argument) {
  argument.text = text;
  argument.kind = ArgumentKind::string;
  if (parameter.patterns.empty()) return 0;
  for (std::size_t i = 0; i < parameter.patterns.size(); ++i) {
    if (!parameter.patterns[i].matches(text)) continue;
    argument.keyword = static_cast<std::int32_t>(i);
    return 0;
  }
  return scpi::k_illegal_parameter_value;
}

int read_numeric(const Parameter& parameter, std::string_view text, Argument& argument) {
  argument.text = text;
  switch (parameter.kind) {
    case ParameterKind::number:
      return read_number(parameter, text, argument);
    case ParameterKind::integer: {
      const int error = read_number(parameter, text, argument);
      argument.number = std::round(argument.number);
      return error;
    }
    case ParameterKind::boolean: {
      const int error = read_number(parameter, text, argument);
      argument.kind = ArgumentKind::boolean;
      argument.number = std::round(argument.number) != 0.0 ? 1.0 : 0.0;
      return error;
    }
    case ParameterKind::keyword:  // 1 and 2 may be printed as keywords: {1|2}
      return read_word(parameter, text, argument) == 0 ? 0 : scpi::k_data_type_error;
    default:
      return scpi::k_data_type_error;
  }
}

int read_argument(const Parameter& parameter, const Datum& datum, Argument& argument) {
  if (parameter.kind == ParameterKind::raw) {
    argument = {ArgumentKind::raw, -1, 0, datum.text};
    return 0;
  }
  switch (datum.kind) {
    case DatumKind::number:
      return read_numeric(parameter, datum.text, argument);
    case DatumKind::character:
      if (parameter.kind == ParameterKind::string) return scpi::k_character_data_not_allowed;
      return read_word(parameter, datum.text, argument);
    case DatumKind::string:
      return parameter.kind == ParameterKind::string ? read_string(parameter, datum.text, argument)
                                                     : scpi::k_string_not_allowed;
    case DatumKind::block:
      if (parameter.kind != ParameterKind::block) return scpi::k_block_not_allowed;
      argument = {ArgumentKind::block, -1, 0, datum.text};
      return 0;
    case DatumKind::expression:
      return scpi::k_expression_not_allowed;
  }
  return scpi::k_syntax_error;
}

}  // namespace

int CommandTable::read_arguments(Match& match, const MatchContext& context) const {
  const auto& parameters = match.parameters();
  scpi::ArgumentReader reader(match.rest);
  Datum datum;
  std::size_t place = 0;
  bool listed = false;
  while (reader.next(datum)) {
    if (listed) return scpi::k_parameter_not_allowed;
    if (datum.kind == DatumKind::expression && match.command->channels == Channels::list) {
      if (const int error = scpi::parse_channel_list(datum.text, match.channels); error != 0) return error;
      listed = true;
      continue;
    }
    if (place == parameters.size()) return scpi::k_parameter_not_allowed;
    if (const int error = read_argument(parameters[place], datum, match.arguments[place]); error != 0) return error;
    match.argument_count = static_cast<std::uint8_t>(++place);
  }
  if (reader.error() != 0) return reader.error();
  if (place < parameters.size() && !parameters[place].optional) return scpi::k_missing_parameter;
  return check_bounds(match, context.selected_channel);
}

int CommandTable::read_channels(Match& match) const {
  if (match.command->channels != Channels::suffix) return 0;
  match.channels.values[0] = match.suffixes[0];
  match.channels.count = 1;
  return channel_place(match.suffixes[0]) < 0 ? scpi::k_suffix_out_of_range : 0;
}

int CommandTable::check_bounds(const Match& match, int selected_channel) const {
  for (const std::int32_t channel : match.channels) {
    if (channel_place(channel) < 0) return scpi::k_data_out_of_range;
  }
  const auto& parameters = match.parameters();
  for (std::size_t i = 0; i < match.argument_count; ++i) {
    const Argument& argument = match.arguments[i];
    if (argument.kind != ArgumentKind::number || parameters[i].bounds.empty()) continue;
    const auto beyond = [&](int channel) {
      const Bounds* allowed = bounds(parameters[i], channel);
      return allowed != nullptr && !(argument.number >= allowed->minimum && argument.number <= allowed->maximum);
    };
    if (match.channels.empty()) {
      if (beyond(channel_named(match).value_or(selected_channel))) return scpi::k_data_out_of_range;
    } else if (std::any_of(match.channels.begin(), match.channels.end(), beyond)) {
      return scpi::k_data_out_of_range;
    }
  }
  return 0;
}

Match CommandTable::match(std::string_view unit, MatchContext& context) const {
  Match match;
  const scpi::HeaderHit hit = tree_.find(unit, context.path);
  match.error = hit.error;
  match.is_query = hit.is_query;
  match.header = hit.header;
  if (hit.error != 0) return match;
  match.command = &commands_[static_cast<std::size_t>(hit.value)];
  match.suffixes = hit.suffixes;
  match.rest = hit.rest;
  match.error = read_channels(match);
  if (match.error == 0) match.error = read_arguments(match, context);
  return match;
}

std::optional<int> CommandTable::channel_named(const Match& match) const {
  const auto& parameters = match.parameters();
  for (std::size_t i = 0; i < match.argument_count; ++i) {
    if (parameters[i].role != ParameterRole::channel) continue;
    const Argument& argument = match.arguments[i];
    if (argument.kind == ArgumentKind::number) return static_cast<int>(argument.number);
    if (argument.kind == ArgumentKind::keyword) {
      const auto place = static_cast<std::size_t>(argument.keyword);
      if (place < parameters[i].keyword_channels.size()) return parameters[i].keyword_channels[place];
    }
  }
  return std::nullopt;
}

std::optional<int> CommandTable::channel_selected(const Match& match) const {
  if (match.is_query || match.command == nullptr || !match.command->selects_channel) return std::nullopt;
  return channel_named(match);
}

std::optional<double> CommandTable::resolve(const Parameter& parameter, const Argument& argument, int channel) const {
  if (argument.kind == ArgumentKind::number || argument.kind == ArgumentKind::boolean) return argument.number;
  if (argument.kind != ArgumentKind::keyword) return std::nullopt;
  if (parameter.kind == ParameterKind::keyword && parameter.bounds.empty()) return argument.keyword;
  const Bounds* allowed = bounds(parameter, channel);
  if (allowed == nullptr) return std::nullopt;
  const std::string& word = parameter.keywords[static_cast<std::size_t>(argument.keyword)].short_form();
  if (word == "MIN" && std::isfinite(allowed->minimum)) return allowed->minimum;
  if (word == "MAX" && std::isfinite(allowed->maximum)) return allowed->maximum;
  if (word == "DEF") return allowed->reset;
  return std::nullopt;
}

void CommandTable::set_points(const Match& match, int selected_channel, std::vector<SetPoint>& out) const {
  if (match.is_query || match.command == nullptr) return;
  const auto& parameters = match.command->parameters;
  const auto add = [&](std::size_t place, int channel) {
    const auto value = resolve(parameters[place], match.arguments[place], channel);
    out.push_back({parameters[place].quantity, channel, value.value_or(std::nan("")), match.command});
  };
  for (std::size_t i = 0; i < match.argument_count; ++i) {
    if (parameters[i].role != ParameterRole::set_point) continue;
    if (match.channels.empty()) {
      add(i, channel_named(match).value_or(selected_channel));
    } else {
      for (const std::int32_t channel : match.channels) add(i, channel);
    }
  }
}

}  // namespace wheatstone::profile
