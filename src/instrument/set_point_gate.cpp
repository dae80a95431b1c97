#include "instrument/set_point_gate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "instrument/made_on.hpp"
#include "scpi/error_list.hpp"
#include "scpi/message.hpp"

namespace wheatstone::instrument {
namespace {

using profile::Bounds;
using profile::Command;
using profile::Match;
using profile::Parameter;
using profile::ParameterRole;

constexpr std::string_view k_rest = "; nothing was sent";

bool sets_something(const Command& command) {
  return std::any_of(command.parameters.begin(), command.parameters.end(),
                     [](const Parameter& p) { return p.role == ParameterRole::set_point; });
}

/// What a bench can limit.
std::vector<std::string> limited_quantities(const profile::Profile& profile) {
  std::vector<std::string> names;
  for (const Command& command : profile.commands->commands()) {
    for (const Parameter& parameter : command.parameters) {
      if (parameter.role != ParameterRole::set_point || MadeOn::is_switch(parameter.quantity)) continue;
      if (parameter.bounds.empty()) continue;
      if (std::find(names.begin(), names.end(), parameter.quantity) == names.end()) names.push_back(parameter.quantity);
    }
  }
  return names;
}

/// Limits of all set-points that channels state as quantities or commands state as bounds, each once.
void add_profile_limits(const profile::Profile& profile, safety::Limits& limits) {
  const std::string source = "profile " + profile.name;
  for (const Command& command : profile.commands->commands()) {
    for (const Parameter& parameter : command.parameters) {
      if (parameter.role != ParameterRole::set_point || parameter.bounds.empty()) continue;
      for (const int channel : profile.commands->channels()) {
        const Bounds* const bounds = profile.commands->bounds(parameter, channel);
        if (bounds == nullptr || limits.range(channel, parameter.quantity)) continue;
        limits.add({.channel = channel,
                    .quantity = parameter.quantity,
                    .range = {bounds->minimum, bounds->maximum},
                    .unit = parameter.unit,
                    .source = source});
      }
    }
  }
}

}  // namespace

SetPointGate::SetPointGate(profile::ProfilePointer profile, ErrorContext instrument)
    : profile_(std::move(profile)), instrument_(instrument), limits_(std::move(instrument)) {
  add_profile_limits(*profile_, limits_);
}

void SetPointGate::narrow(safety::Limit limit) {
  const auto& commands = profile_->commands->commands();
  const auto sets = [&](const Parameter& parameter) {
    return parameter.role == ParameterRole::set_point && parameter.quantity == limit.quantity;
  };
  const bool is_known = std::any_of(commands.begin(), commands.end(), [&](const Command& command) {
    return std::any_of(command.parameters.begin(), command.parameters.end(), sets);
  });
  if (!is_known || MadeOn::is_switch(limit.quantity)) {
    throw ConfigurationError(fmt::format("{}: {} has no set-point '{}' to limit; {}", limit.source, profile_->name,
                                         limit.quantity, base::listed(limited_quantities(*profile_), "and")),
                             instrument_);
  }
  const auto channels = profile_->commands->channels();
  if (std::find(channels.begin(), channels.end(), limit.channel) == channels.end()) {
    throw ConfigurationError(fmt::format("{}: {} has no channel {}; its channels are {}", limit.source, profile_->name,
                                         limit.channel, fmt::join(channels, ", ")),
                             instrument_);
  }
  if (const std::optional<safety::Range> own = limits_.range(limit.channel, limit.quantity)) {
    limit.range = {std::max(limit.range.minimum, own->minimum), std::min(limit.range.maximum, own->maximum)};
  }
  const SetQuantity narrowed{limit.quantity, limit.channel};
  limits_.add(std::move(limit));
  narrowed_.push_back(narrowed);
}

void SetPointGate::check(const Step& step, int selected_channel) const {
  if (!narrowed_.empty()) require_readable(step.command->header(), step.command, step.is_query);
  for (const int channel : step.channels) require_channel(channel, {});
  const auto& parameters = step.is_query ? step.command->query_parameters : step.command->parameters;
  const std::size_t count = std::min(step.terms.size(), parameters.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (step.terms[i].kind() != profile::Term::Kind::number) continue;
    if (step.channels.empty()) check_term(step, parameters[i], step.terms[i].number(), selected_channel);
    for (const int channel : step.channels) check_term(step, parameters[i], step.terms[i].number(), channel);
  }
}

void SetPointGate::require_channel(int channel, std::string_view unit) const {
  const auto known = profile_->commands->channels();
  if (std::find(known.begin(), known.end(), channel) != known.end()) [[likely]]
    return;
  ErrorContext context = instrument_;
  context.command = unit;
  throw ConfigurationError(
      fmt::format("{}: {} has no channel {}{}; its channels are {}{}", instrument_.alias, profile_->name, channel,
                  unit.empty() ? "" : fmt::format(", which '{}' would set", base::excerpt(unit)),
                  fmt::join(known, ", "), k_rest),
      std::move(context));
}

void SetPointGate::check_term(const Step& step, const Parameter& parameter, double value, int channel) const {
  if (parameter.role == ParameterRole::set_point) {
    limits_.check(channel, parameter.quantity, value, {});
  }
  const Bounds* const bounds = profile_->commands->bounds(parameter, channel);
  const bool inside =
      std::isfinite(value) && (bounds == nullptr || (value >= bounds->minimum && value <= bounds->maximum));
  if (inside) [[likely]]
    return;
  safety::Limits own(instrument_);
  if (bounds != nullptr) {
    own.add({.quantity = parameter.name,
             .range = {bounds->minimum, bounds->maximum},
             .unit = parameter.unit,
             .source = "profile " + profile_->name});
  }
  own.check(step.channels.empty() ? 0 : channel, parameter.name, value, step.command->header());
}

RawEffects SetPointGate::check(std::string_view text, int selected_channel) const {
  RawEffects effects;
  effects.selected_channel = selected_channel;
  require_one_message(text);
  profile::MatchContext context;
  context.selected_channel = selected_channel;
  scpi::MessageReader units(text);
  for (std::string_view unit; units.next(unit);) {
    const Match match = profile_->commands->match(unit, context);
    check_unit(unit, match, effects);
    context.selected_channel = effects.selected_channel;
  }
  return effects;
}

void SetPointGate::require_readable(std::string_view unit, const Command* command, bool is_query) const {
  const bool recalls = command != nullptr && command->recalls && !is_query;
  if (command != nullptr && !recalls) return;
  ErrorContext context = instrument_;
  context.command = unit;
  throw LimitError(fmt::format("{}: '{}' {}, and the bench has limits for this instrument, which it could pass by{}",
                               instrument_.alias, base::excerpt(unit),
                               recalls ? "recalls settings that its text does not tell"
                                       : "is no command that " + profile_->name + " knows",
                               k_rest),
                   std::move(context));
}

void SetPointGate::check_unit(std::string_view unit, const Match& match, RawEffects& effects) const {
  if (!narrowed_.empty()) require_readable(unit, match.command, match.is_query);
  if (match.command == nullptr) {
    effects.is_block = effects.is_block || unit.find('#') != std::string_view::npos;
    return;  // not in the table: nothing that it could say about limits
  }
  if (!match.is_query && sets_something(*match.command)) check_set_points(unit, match, effects);
  if (match.error != 0) return;  // the instrument says what is wrong with it
  effects.is_block = effects.is_block || match.command->alone;
  effects.resets = effects.resets || match.command->id == "reset";
  effects.selected_channel = profile_->commands->channel_selected(match).value_or(effects.selected_channel);
}

void SetPointGate::check_set_points(std::string_view unit, const Match& match, RawEffects& effects) const {
  std::vector<profile::SetPoint> points;
  if (match.error == 0 || match.error == scpi::k_data_out_of_range) {
    profile_->commands->set_points(match, effects.selected_channel, points);
  }
  if (match.error != 0) {
    for (const std::int32_t channel : match.channels) require_channel(channel, unit);
    for (const profile::SetPoint& point : points) limits_.check(point.channel, point.quantity, point.value, unit);
    ErrorContext context = instrument_;
    context.command = unit;
    throw LimitError(
        fmt::format("{}: '{}' sets a limited quantity but is not valid ({}, {}), so it cannot be checked{}",
                    instrument_.alias, base::excerpt(unit), match.error, scpi::error_text(match.error), k_rest),
        std::move(context));
  }
  for (const profile::SetPoint& point : points) {
    if (MadeOn::is_switch(point.quantity)) {
      effects.switches.push_back({point.quantity, point.channel, point.value != 0});
      if (point.value == 0) continue;
    } else {
      effects.sets.push_back({std::string(point.quantity), point.channel});
    }
    limits_.check(point.channel, point.quantity, point.value, unit);
  }
}

void SetPointGate::require_one_message(std::string_view text) const {
  if (text.find('\n') == std::string_view::npos) return;
  scpi::MessageReader units(text);
  for (std::string_view unit; units.next(unit);) {
    const std::size_t space = unit.find(' ');
    bool whole = unit.substr(0, space).find('\n') == std::string_view::npos;
    scpi::ArgumentReader arguments(space == std::string_view::npos ? std::string_view{} : unit.substr(space + 1));
    for (scpi::Datum datum; whole && arguments.next(datum);) {
      whole = datum.kind == scpi::DatumKind::block || datum.text.find('\n') == std::string_view::npos;
    }
    if (whole && arguments.error() == 0) continue;
    throw ConfigurationError(
        fmt::format("{}: the text to send holds a line's end, so it is more than one message; send them one by one",
                    instrument_.alias),
        instrument_);
  }
}

}  // namespace wheatstone::instrument
