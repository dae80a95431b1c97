#include "simulation/oscilloscope_capture.hpp"

#include <cmath>
#include <numbers>

namespace wheatstone::simulation {
namespace {

constexpr double k_coupling_corner_hz = 10;  // AC coupling, DSOX1204G data sheet p.12
constexpr double k_coupling_seconds = 1 / (2 * std::numbers::pi * k_coupling_corner_hz);

/// The coupling capacitor, charged to what stood before the record began.
void remove_mean(std::vector<float>& volts, double interval, double charged) {
  const double part = 1 - std::exp(-interval / k_coupling_seconds);
  for (float& sample : volts) {
    charged += part * (static_cast<double>(sample) - charged);
    sample = static_cast<float>(static_cast<double>(sample) - charged);
  }
}

}  // namespace

Capture::Capture(CaptureWindow window, std::vector<NodeTrace> traces, std::vector<CaptureInput> inputs,
                 std::vector<NoiseStream> noise, std::uint64_t serial)
    : window_(window),
      traces_(std::move(traces)),
      inputs_(std::move(inputs)),
      noise_(std::move(noise)),
      serial_(serial) {}

WaveformRecord Capture::record(std::size_t input, std::size_t points) const {
  const CaptureInput& settings = inputs_[input];
  const NodeTrace& trace = traces_[input];
  WaveformRecord record;
  record.axis = settings.axis;
  record.trigger = window_.trigger;
  record.start = window_.start;
  record.interval = window_.length / static_cast<double>(points);
  std::vector<float> volts(points);
  trace.sample(static_cast<double>(window_.begin()), record.interval * 1e9, volts);
  if (settings.removes_mean) remove_mean(volts, record.interval, trace.voltage(window_.begin()));
  const double ripple = trace.ripple(window_.end());
  const double deviation = std::sqrt(ripple * ripple + settings.noise * settings.noise);
  const double sign = settings.inverts ? -1 : 1;
  const double centre = settings.axis.offset;
  record.codes.resize(points);
  for (std::size_t i = 0; i < points; ++i) {
    const double noise = deviation * noise_[input].bounded(serial_ << 32U | i);
    const double seen = sign * (static_cast<double>(volts[i]) + noise);
    record.codes[i] =
        settings.axis.code_of(centre + (seen - centre) * (1 + settings.error.gain) + settings.error.offset);
  }
  return record;
}

}  // namespace wheatstone::simulation
