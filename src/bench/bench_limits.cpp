#include "bench/bench_limits.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "instrument/conversation.hpp"

namespace wheatstone::bench {
namespace {

using profile::YamlEntry;

constexpr double k_infinity = std::numeric_limits<double>::infinity();

std::optional<double> bound_from(const YamlEntry& entry, const char* key) {
  if (!entry.has(key)) return std::nullopt;
  const double bound = entry.at(key).number();
  if (!std::isfinite(bound)) entry.at(key).fail("a limit is a finite number; leave it out where there is none");
  return bound;
}

BenchLimit limit_from(int channel, const std::string& quantity, const YamlEntry& entry) {
  entry.allow({"min", "max"});
  BenchLimit limit{.channel = channel,
                   .quantity = quantity,
                   .minimum = bound_from(entry, "min"),
                   .maximum = bound_from(entry, "max"),
                   .source = entry.place()};
  if (!limit.minimum && !limit.maximum) entry.fail("a limit has a 'min', a 'max' or both");
  if (limit.minimum && limit.maximum && *limit.minimum > *limit.maximum)
    entry.fail(
        fmt::format("this limit allows nothing: its min {} is above its max {}", *limit.minimum, *limit.maximum));
  return limit;
}

int channel_from(const std::string& key, const YamlEntry& entry) {
  int channel = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), channel);
  if (error != std::errc{} || end != key.data() + key.size() || channel < 1)
    entry.fail(fmt::format("'{}' is no channel; limits stand under its number", key));
  return channel;
}

void narrow(instrument::SetPointGate& gate, const std::vector<BenchLimit>& limits) {
  for (const BenchLimit& limit : limits) {
    Unit unit;
    for (const safety::Limit& own : gate.limits().all()) {
      if (own.quantity == limit.quantity && own.channel == limit.channel) unit = own.unit;
    }
    gate.narrow({.channel = limit.channel,
                 .quantity = limit.quantity,
                 .range = {limit.minimum.value_or(-k_infinity), limit.maximum.value_or(k_infinity)},
                 .unit = unit,
                 .source = limit.source});
  }
}

}  // namespace

std::vector<BenchLimit> read_limits(const YamlEntry& entry) {
  entry.allow({"channels"});
  std::vector<BenchLimit> limits;
  for (const auto& [key, of_channel] : entry.at("channels").members()) {
    const int channel = channel_from(key, of_channel);
    for (const auto& [quantity, limit] : of_channel.members()) limits.push_back(limit_from(channel, quantity, limit));
  }
  return limits;
}

void check_limits(const profile::ProfilePointer& profile, const std::vector<BenchLimit>& limits) {
  instrument::SetPointGate gate(profile, {.model = profile->name});
  narrow(gate, limits);
}

void set_limits(Instrument& instrument, const std::vector<BenchLimit>& limits) {
  narrow(instrument.conversation().gate(), limits);
}

}  // namespace wheatstone::bench
