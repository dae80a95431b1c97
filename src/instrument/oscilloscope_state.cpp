#include "instrument/oscilloscope_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace wheatstone {
inline namespace v1 {

using profile::Term;

Oscilloscope::State::State(instrument::Conversation& conversation)
    : talk(conversation),
      channels(talk.profile().commands->channels().begin(), talk.profile().commands->channels().end()) {
  for (const int channel : channels) {
    if (channel >= 1 && channel <= static_cast<int>(k_most_channels)) continue;
    throw ConfigurationError(fmt::format("{}: this driver knows channels 1 to {}, and {} has a channel {}",
                                         talk.alias(), k_most_channels, talk.profile().name, channel));
  }
}

void Oscilloscope::State::require_channel(int channel) const {
  if (std::find(channels.begin(), channels.end(), channel) == channels.end())
    instrument::throw_no_channel(talk, channel);
}

const profile::Command& Oscilloscope::State::need(const char* id, std::string_view what) const {
  return talk.need(talk.find(id), what);
}

std::string_view Oscilloscope::State::word(int channel) const {
  static constexpr std::array<std::string_view, k_most_channels> k_words{"CHAN1", "CHAN2", "CHAN3", "CHAN4",
                                                                         "CHAN5", "CHAN6", "CHAN7", "CHAN8"};
  require_channel(channel);
  return k_words[static_cast<std::size_t>(channel - 1)];
}

const Oscilloscope::State::Vertical& Oscilloscope::State::vertical(int channel) {
  if (seen_raw != talk.raw_count()) {
    seen_raw = talk.raw_count();
    forget();
  }
  Vertical& known = verticals[static_cast<std::size_t>(channel - 1)];
  if (known.known && !talk.is_shared()) return known;
  const std::span of(&channel, 1);
  known.scale = talk.ask_number(need("channel.scale", "tell a channel's scale"), {}, of);
  if (const profile::Command* const probe = talk.find("channel.probe")) known.probe = talk.ask_number(*probe, {}, of);
  known.known = true;
  return known;
}

double Oscilloscope::State::voltage_uncertainty(int channel) {
  const profile::Quantity* const scale = talk.profile().channel(channel).find("scale");
  if (scale == nullptr) return std::numeric_limits<double>::quiet_NaN();
  const Vertical& now = vertical(channel);
  const double divisions = talk.profile().find_figure("vertical_divisions").value_or(8);
  const profile::Range& range = scale->range_for(now.probe > 0 ? now.scale / now.probe : now.scale);
  if (range.readback.of_range <= 0) return std::numeric_limits<double>::quiet_NaN();
  return range.readback.standard_uncertainty(0, divisions * now.scale);
}

Reading Oscilloscope::State::measure(const char* id, std::span<const Term> arguments, int channel,
                                     std::string_view quantity, Unit unit) {
  const profile::Command& command = need(id, "measure that");
  return talk.transaction([&] {
    const Time at = talk.clock().wall();
    std::string answer = talk.ask({.command = &command, .terms = arguments, .is_query = true});
    Reading reading = talk.reading_of(std::move(answer), command, quantity, unit, at);
    const bool is_voltage = unit == Unit("V") && reading.status == ReadingStatus::ok;
    if (is_voltage) reading.uncertainty = voltage_uncertainty(channel);
    return reading;
  });
}

}  // namespace v1
}  // namespace wheatstone
