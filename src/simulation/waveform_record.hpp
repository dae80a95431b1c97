#pragma once
// What an oscilloscope's converter keeps of a signal, and what it measures in it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace wheatstone::simulation {

/// The vertical axis of one channel: eight bits over eight divisions. Codes 1 and 255 are the ends of the converter:
/// what lies beyond is clipped to them (4000 X programming guide, p.1243). 0 means no sample.
struct VerticalAxis {
  double volts_per_division = 1;
  double offset = 0;  ///< volts at the centre of the screen, code 128

  static constexpr double k_divisions = 8;
  static constexpr double k_codes_per_division = 32;

  [[nodiscard]] double step() const { return volts_per_division / k_codes_per_division; }
  [[nodiscard]] std::uint8_t code_of(double volts) const;
  /// What rounding to that code lost, in 256ths of a step, to twelve bits in all.
  [[nodiscard]] std::int8_t residue_of(double volts, std::uint8_t code) const;
  [[nodiscard]] double volts_of(double code) const { return offset + (code - 128) * step(); }
};

/// Samples of one channel at equal distances.
struct WaveformRecord {
  VerticalAxis axis;
  std::int64_t trigger = 0;  ///< bench time of the trigger
  double start = 0;          ///< seconds from the trigger to the first sample
  double interval = 0;       ///< seconds between samples
  std::vector<std::uint8_t> codes;
  std::vector<std::int8_t> residues;  ///< of averaged samples, in 256ths of a step; empty where eight bits are all

  /// The i-th sample in steps.
  [[nodiscard]] double sample(std::size_t i) const { return codes[i] + (residues.empty() ? 0 : residues[i] / 256.0); }

  [[nodiscard]] bool clipped() const;
};

/// Measurements over a whole record, as the front panel makes them. Absent where the record does not allow it: no
/// samples, clipping, or (frequency, period) fewer than two rises through the middle.
namespace measure {
using Result = std::optional<double>;

[[nodiscard]] Result maximum(const WaveformRecord& record);
[[nodiscard]] Result minimum(const WaveformRecord& record);
[[nodiscard]] Result peak_to_peak(const WaveformRecord& record);
[[nodiscard]] Result mean(const WaveformRecord& record);
[[nodiscard]] Result rms(const WaveformRecord& record);
/// The flat top and base: the fullest codes of the upper and lower 40 %, else maximum and minimum.
[[nodiscard]] Result top(const WaveformRecord& record);
[[nodiscard]] Result base(const WaveformRecord& record);
[[nodiscard]] Result amplitude(const WaveformRecord& record);
/// Standard deviation: the rms of what is not constant.
[[nodiscard]] Result deviation(const WaveformRecord& record);
/// How far the extremes stand beyond top and base, in percent of the amplitude.
[[nodiscard]] Result overshoot(const WaveformRecord& record);
[[nodiscard]] Result preshoot(const WaveformRecord& record);
/// Seconds from the trigger.
[[nodiscard]] Result time_of_maximum(const WaveformRecord& record);
[[nodiscard]] Result time_of_minimum(const WaveformRecord& record);
/// Mean time above and below the middle, in seconds, and the part above, in percent.
[[nodiscard]] Result positive_width(const WaveformRecord& record);
[[nodiscard]] Result negative_width(const WaveformRecord& record);
[[nodiscard]] Result duty_cycle(const WaveformRecord& record);
/// The samples from the first rise through the middle to the last.
[[nodiscard]] std::optional<WaveformRecord> whole_cycles(const WaveformRecord& record);
[[nodiscard]] Result period(const WaveformRecord& record);
[[nodiscard]] Result frequency(const WaveformRecord& record);
}  // namespace measure

}  // namespace wheatstone::simulation
