#include "instrument/measuring.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace wheatstone::instrument {

double uncertainty_of(double value, const profile::Range& range) {
  const profile::Accuracy& accuracy = range.readback;
  const bool known = accuracy.of_reading > 0 || accuracy.of_range > 0 || accuracy.offset > 0;
  if (!known || !std::isfinite(value)) return std::numeric_limits<double>::quiet_NaN();
  return accuracy.standard_uncertainty(value, range.nominal);
}

Reading measured(Conversation& talk, const profile::Command& command, std::span<const int> channels,
                 const profile::Quantity* quantity, std::string_view name, Unit unit) {
  return talk.transaction([&] {
    const Time at = talk.clock().wall();
    std::string answer = talk.ask({.command = &command, .channels = channels, .is_query = true});
    Reading reading = talk.reading_of(std::move(answer), command, name, unit, at);
    if (quantity != nullptr) reading.uncertainty = uncertainty_of(reading.value, quantity->range_for(reading.value));
    return reading;
  });
}

void throw_no_channel(const Conversation& talk, int channel) {
  std::vector<std::string> names;
  for (const int known : talk.profile().commands->channels()) names.push_back(std::to_string(known));
  std::string there_are;
  for (const std::string& name : names) there_are += (there_are.empty() ? "" : ", ") + name;
  throw ConfigurationError(fmt::format("{}: {} has no channel {}; its channels are {}", talk.alias(),
                                       talk.profile().name, channel, there_are),
                           {.alias = talk.alias(), .model = talk.profile().name, .address = talk.address()});
}

bool is_anything_on(Conversation& talk) {
  if (!talk.lock_until(talk.clock().monotonic() + 100'000'000)) return true;  // whoever holds it may just be switching
  const bool on = !talk.made_on().empty();
  talk.unlock();
  return on;
}

}  // namespace wheatstone::instrument
