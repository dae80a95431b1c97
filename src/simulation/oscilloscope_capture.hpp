#pragma once
// One acquisition of an oscilloscope: what stood at its inputs, sampled when somebody asks.

#include <cstdint>
#include <optional>
#include <vector>

#include "simulation/node_trace.hpp"
#include "simulation/noise.hpp"
#include "simulation/waveform_record.hpp"

namespace wheatstone::simulation {

/// How one input turns volts into codes.
struct CaptureInput {
  VerticalAxis axis;
  SystematicError error;      ///< gain about the screen's centre; offset in volts
  double noise = 0;           ///< rms of the front end, in volts
  bool removes_mean = false;  ///< AC coupling
  bool inverts = false;
};

/// The screen in time: when it was triggered, and what lies left and right of that instant.
struct CaptureWindow {
  std::int64_t trigger = 0;  ///< bench time
  double start = 0;          ///< seconds from the trigger to the left edge; negative before it
  double length = 0;         ///< seconds

  [[nodiscard]] std::int64_t begin() const { return trigger + static_cast<std::int64_t>(start * 1e9); }
  [[nodiscard]] std::int64_t end() const { return trigger + static_cast<std::int64_t>((start + length) * 1e9); }
};

/// Immutable. Any number of points can be asked for: the same number gives the same samples each time.
class Capture {
 public:
  /// `serial` counts the acquisitions of the instrument: noise differs from one to the next.
  Capture(CaptureWindow window, std::vector<NodeTrace> traces, std::vector<CaptureInput> inputs,
          std::vector<NoiseStream> noise, std::uint64_t serial);

  [[nodiscard]] const CaptureWindow& window() const { return window_; }
  [[nodiscard]] WaveformRecord record(std::size_t input, std::size_t points) const;

 private:
  CaptureWindow window_;
  std::vector<NodeTrace> traces_;
  std::vector<CaptureInput> inputs_;
  std::vector<NoiseStream> noise_;
  std::uint64_t serial_;
};

}  // namespace wheatstone::simulation
