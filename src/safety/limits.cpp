#include "safety/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace wheatstone::safety {
namespace {

bool applies(const Limit& limit, int channel, std::string_view quantity) {
  return (limit.channel == channel || limit.channel == 0) && limit.quantity == quantity;
}

std::string with_unit(double value, Unit unit) {
  return unit.empty() ? base::shortest(value) : base::shortest(value) + " " + std::string(unit.label());
}

/// A limit may have one end only.
std::string outside(const Limit& limit) {
  if (!std::isfinite(limit.range.minimum)) return "above " + with_unit(limit.range.maximum, limit.unit);
  if (!std::isfinite(limit.range.maximum)) return "below " + with_unit(limit.range.minimum, limit.unit);
  return "outside " + base::shortest(limit.range.minimum) + " to " + with_unit(limit.range.maximum, limit.unit);
}

}  // namespace

void Limits::add(Limit limit) {
  if (!(limit.range.minimum <= limit.range.maximum)) {
    throw ConfigurationError(
        fmt::format("The limit of '{}' from {} allows nothing: its minimum {} is above its maximum {}", limit.quantity,
                    limit.source, limit.range.minimum, limit.range.maximum),
        instrument_);
  }
  limits_.push_back(std::move(limit));
}

void Limits::check(int channel, std::string_view quantity, double value, std::string_view command) const {
  if (!std::isfinite(value)) refuse(channel, quantity, value, nullptr, command);
  for (const Limit& limit : limits_) {
    if (!applies(limit, channel, quantity)) continue;
    if (value < limit.range.minimum || value > limit.range.maximum) refuse(channel, quantity, value, &limit, command);
  }
}

std::optional<Range> Limits::range(int channel, std::string_view quantity) const {
  std::optional<Range> left;
  for (const Limit& limit : limits_) {
    if (!applies(limit, channel, quantity)) continue;
    if (!left) left = limit.range;
    left->minimum = std::max(left->minimum, limit.range.minimum);
    left->maximum = std::min(left->maximum, limit.range.maximum);
  }
  return left;
}

void Limits::refuse(int channel, std::string_view quantity, double value, const Limit* limit,
                    std::string_view command) const {
  ErrorContext context = instrument_;
  context.command = command;
  const std::string who = context.alias.empty() ? std::string{} : context.alias + ": ";
  const std::string where = channel > 0 ? fmt::format(" on channel {}", channel) : std::string{};
  std::string spoken(quantity);
  std::replace(spoken.begin(), spoken.end(), '_', ' ');
  if (limit == nullptr) {
    throw LimitError(
        fmt::format("{}{} of {}{} is not a finite number and is never sent", who, spoken, base::shortest(value), where),
        std::move(context));
  }
  throw LimitError(fmt::format("{}{} of {}{} is {} ({}); nothing was sent", who, spoken, with_unit(value, limit->unit),
                               where, outside(*limit), limit->source),
                   std::move(context));
}

}  // namespace wheatstone::safety
