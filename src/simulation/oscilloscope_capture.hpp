#pragma once
// One acquisition of an oscilloscope: what stood at its inputs, sampled when somebody asks.

#include <cstdint>
#include <optional>
#include <vector>

#include "simulation/node_trace.hpp"
#include "simulation/noise.hpp"
#include "simulation/waveform_record.hpp"

namespace wheatstone::simulation {

/// What becomes of the samples that the converter takes between two points of a record (DSOX1204G data sheet p.13).
enum class AcquisitionType : std::uint8_t {
  normal,           ///< one of them
  average,          ///< the mean of many triggers
  high_resolution,  ///< the mean of all of them
  peak,             ///< the lowest and the highest of each two points' worth, in turn
};

/// How one input turns volts into codes.
struct CaptureInput {
  VerticalAxis axis;
  SystematicError error;      ///< gain about the screen's centre; offset in volts
  double noise = 0;           ///< rms of the front end, in volts
  bool removes_mean = false;  ///< AC coupling
  bool inverts = false;
  double bandwidth = 0;  ///< of the limiting filter, in hertz; 0 where it is off
  double skew = 0;       ///< seconds by which the input is shown later
  AcquisitionType type = AcquisitionType::normal;
  double averages = 1;     ///< triggers, of the type average
  double sample_rate = 0;  ///< of the converter, in samples a second
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
  /// What the converter sees from the left edge on, `interval` seconds apart.
  [[nodiscard]] std::vector<float> volts(std::size_t input, std::size_t points, double interval) const;

  CaptureWindow window_;
  std::vector<NodeTrace> traces_;
  std::vector<CaptureInput> inputs_;
  std::vector<NoiseStream> noise_;
  std::uint64_t serial_;
};

}  // namespace wheatstone::simulation
