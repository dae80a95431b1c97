#pragma once
// What a scope's driver knows: the model's commands, and the vertical scales that were last seen.

#include <array>
#include <string>
#include <vector>
#include <wheatstone/oscilloscope.hpp>

#include "instrument/conversation.hpp"
#include "instrument/measuring.hpp"

namespace wheatstone {
inline namespace v1 {

struct Oscilloscope::State {
  explicit State(instrument::Conversation& conversation);

  /// Throws ConfigurationError for a channel that is not there.
  void require_channel(int channel) const;
  /// The command of that id. Throws ConfigurationError: this model cannot do `what`.
  [[nodiscard]] const profile::Command& need(const char* id, std::string_view what) const;
  /// "CHAN1", as keywords name a channel.
  [[nodiscard]] std::string_view word(int channel) const;

  /// Both REQUIRE the lock. The vertical scale and the probe's factor, asked for where they are not known from here.
  struct Vertical {
    bool known = false;
    double scale = 0;
    double probe = 1;
  };
  [[nodiscard]] const Vertical& vertical(int channel);
  void forget() { verticals.fill({}); }

  /// The standard uncertainty of a voltage on the screen: a part of full scale (eight divisions).
  [[nodiscard]] double voltage_uncertainty(int channel);

  /// Asks for one of the scope's own measurements of a channel.
  [[nodiscard]] Reading measure(const char* id, std::span<const profile::Term> arguments, int channel,
                                std::string_view quantity, Unit unit);

  /// One channel's record of the last acquisition. REQUIRES: the lock is held.
  [[nodiscard]] Waveform read_waveform(int channel, const ReadChannelsOptions& options, std::size_t& clipped);

  static constexpr std::size_t k_most_channels = 8;

  instrument::Conversation& talk;
  std::vector<int> channels;
  // Protected by the instrument's lock.
  std::array<Vertical, k_most_channels> verticals{};  ///< by channel number - 1
  std::uint64_t seen_raw = 0;
  bool points_limited = false;  ///< an earlier record was asked for with fewer points than the screen has
};

}  // namespace v1
}  // namespace wheatstone
