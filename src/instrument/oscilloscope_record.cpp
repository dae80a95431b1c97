// Acquiring, and the way from the converter's bytes to volts.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "instrument/oscilloscope_state.hpp"
#include "scpi/block.hpp"
#include "scpi/response.hpp"

namespace wheatstone {
inline namespace v1 {

using instrument::Step;
using profile::Term;

namespace {

// Bytes with a meaning of their own (4000X programmer's guide p.1243).
constexpr std::uint8_t k_hole = 0x00;
constexpr std::uint8_t k_clipped_low = 0x01;
constexpr std::uint8_t k_clipped_high = 0xFF;

/// The ten fields of WAVeform:PREamble? that a byte record needs.
struct Preamble {
  double x_increment = 0;
  double x_origin = 0;
  double x_reference = 0;
  double y_increment = 0;
  double y_origin = 0;
  double y_reference = 0;
};

std::optional<Preamble> parse_preamble(std::string_view answer) {
  const auto fields = scpi::parse_number_list(answer);
  if (!fields || fields->size() != 10) return std::nullopt;
  return Preamble{(*fields)[4], (*fields)[5], (*fields)[6], (*fields)[7], (*fields)[8], (*fields)[9]};
}

Waveform waveform_of(std::string_view bytes, const Preamble& p, std::size_t& clipped) {
  std::array<double, 256> volts{};
  for (std::size_t raw = 0; raw < volts.size(); ++raw) {
    volts[raw] = (static_cast<double>(raw) - p.y_reference) * p.y_increment + p.y_origin;
  }
  volts[k_hole] = std::numeric_limits<double>::quiet_NaN();
  Waveform waveform{
      .t0 = (0 - p.x_reference) * p.x_increment + p.x_origin, .dt = p.x_increment, .samples = {}, .unit = "V"};
  waveform.samples.resize(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto raw = static_cast<std::uint8_t>(bytes[i]);
    waveform.samples[i] = volts[raw];
    clipped += raw == k_clipped_low || raw == k_clipped_high ? 1 : 0;
  }
  return waveform;
}

}  // namespace

std::vector<double> ScopeRecord::times() const {
  std::vector<double> axis;
  if (waveforms.empty()) return axis;
  const Waveform& first = waveforms.front();
  axis.resize(first.samples.size());
  for (std::size_t i = 0; i < axis.size(); ++i) axis[i] = first.t0 + static_cast<double>(i) * first.dt;
  return axis;
}

Frame ScopeRecord::to_frame() const {
  Frame frame;
  const std::vector<double> axis = times();
  frame.columns.emplace_back("Time (s)", Array(std::span<const double>(axis)));
  for (std::size_t i = 0; i < channels.size(); ++i) {
    frame.columns.emplace_back(fmt::format("Channel {} (V)", channels[i]),
                               Array(std::span<const double>(waveforms[i].samples)));
  }
  return frame;
}

void Oscilloscope::digitize(std::span<const int> channels) {
  auto& talk = state_->talk;
  std::vector<Term> sources;
  for (const int channel : channels) sources.emplace_back(state_->word(channel));
  talk.transaction([&] {
    const double screen = talk.ask_number(state_->need("timebase.range", "tell its time base"));
    const Step step{.command = &state_->need("digitize", "acquire"), .terms = sources};
    const Duration within = talk.timeout().chrono() + Duration::from_seconds(screen).chrono();
    talk.tell_only(std::span(&step, 1));
    try {
      talk.wait_for_operation_complete(within);
    } catch (const TimeoutError& error) {
      throw TimeoutError(
          fmt::format("{}: no trigger came within {} s; the acquisition was ended. Check source and level of the "
                      "trigger, or set the automatic sweep. {}",
                      alias(), within.seconds(), error.what()),
          error.context());
    }
  });
}

ScopeRecord Oscilloscope::read_channels(std::span<const int> channels, const ReadChannelsOptions& options) {
  auto& talk = state_->talk;
  if (channels.empty()) {
    throw ConfigurationError(alias() + ": no channel was named to read", {.alias = alias(), .model = profile_name()});
  }
  for (const int channel : channels) state_->require_channel(channel);
  return talk.transaction([&] {
    ScopeRecord record;
    record.instrument = alias();
    record.at = talk.clock().wall();
    if (options.digitize) digitize(channels);
    for (const int channel : channels) {
      record.channels.push_back(channel);
      record.waveforms.push_back(state_->read_waveform(channel, options, record.clipped));
      if (record.waveforms.back().samples.size() == record.waveforms.front().samples.size()) continue;
      throw CommunicationError(
          fmt::format("{}: channel {} gave {} samples and channel {} gave {}; read them one by one", alias(),
                      channels.front(), record.waveforms.front().samples.size(), channel,
                      record.waveforms.back().samples.size()),
          {.alias = alias(), .model = profile_name(), .address = address()});
    }
    record.sampling_rate = 1.0 / record.waveforms.front().dt;
    if (options.run_after) run();
    return record;
  });
}

Waveform Oscilloscope::State::read_waveform(int channel, const ReadChannelsOptions& options, std::size_t& clipped) {
  // A limit would stay: a record without one goes back to the screen's points.
  const auto screen = talk.profile().find_figure("screen_points");
  const Term points = options.points ? Term(*options.points) : screen ? Term(*screen) : Term("NORM");
  const std::array terms{Term(word(channel)), Term("BYTE"), Term(true), Term(options.points ? "RAW" : "NORM"), points};
  const std::span all(terms);
  std::vector<Step> steps{
      {.command = &need("waveform.source", "send waveforms"), .terms = all.subspan(0, 1)},
      {.command = &need("waveform.format", "send waveforms"), .terms = all.subspan(1, 1)},
      {.command = &need("waveform.unsigned", "send waveforms"), .terms = all.subspan(2, 1)},
      {.command = &need("waveform.points_mode", "send waveforms"), .terms = all.subspan(3, 1)},
  };
  if (options.points || points_limited)
    steps.push_back({.command = &need("waveform.points", "send waveforms"), .terms = all.subspan(4, 1)});
  if (options.points) points_limited = true;
  talk.tell(steps);
  points_limited = options.points.has_value();
  const std::string preamble = talk.ask({.command = &need("waveform.preamble", "send waveforms"), .is_query = true});
  const auto parsed = parse_preamble(preamble);
  if (!parsed) talk.refuse_answer("WAV:PRE?", preamble, "a preamble of ten numbers");
  const std::string answer = talk.ask({.command = &need("waveform.data", "send waveforms"), .is_query = true});
  const auto bytes = scpi::parse_block(answer);
  if (!bytes) talk.refuse_answer("WAV:DATA?", answer, "a block of IEEE 488.2");
  return waveform_of(*bytes, *parsed, clipped);
}

Waveform Oscilloscope::read_waveform(int channel, const ReadChannelsOptions& options) {
  return std::move(read_channels(channel, options).waveforms.front());
}

}  // namespace v1
}  // namespace wheatstone
