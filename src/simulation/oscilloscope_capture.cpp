#include "simulation/oscilloscope_capture.hpp"

#include <algorithm>
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

/// One pole, settled on what stood before the record began.
void limit_bandwidth(std::vector<float>& volts, double interval, double bandwidth, double before) {
  const double part = 1 - std::exp(-interval * 2 * std::numbers::pi * bandwidth);
  for (float& sample : volts) {
    before += part * (static_cast<double>(sample) - before);
    sample = static_cast<float>(before);
  }
}

/// How many samples are looked at for each point: the converter takes more, but none that would differ by more.
std::size_t samples_per_point(AcquisitionType type, std::size_t points) {
  constexpr std::size_t k_most = 8;
  constexpr std::size_t k_most_samples = 4'000'000;
  if (type != AcquisitionType::peak && type != AcquisitionType::high_resolution) return 1;
  return std::clamp<std::size_t>(k_most_samples / points, 1, k_most);
}

/// How many independent samples a point is the mean of.
double averaged(const CaptureInput& input, double interval) {
  if (input.type == AcquisitionType::average) return input.averages;
  constexpr double k_four_bits_more = 256;
  if (input.type == AcquisitionType::high_resolution)
    return std::clamp(input.sample_rate * interval, 1.0, k_four_bits_more);
  return 1;
}

/// The lowest and the highest of each two points' worth of samples, or the mean of each point's.
std::vector<double> reduced(const std::vector<double>& samples, std::size_t points, std::size_t each, bool peaks) {
  std::vector<double> kept(points);
  for (std::size_t i = 0; i < points; ++i) {
    if (peaks) {
      const std::size_t pair = i / 2 * 2;
      const auto begin = samples.begin() + static_cast<std::ptrdiff_t>(pair * each);
      const auto end = samples.begin() + static_cast<std::ptrdiff_t>(std::min(pair + 2, points) * each);
      kept[i] = i == pair ? *std::min_element(begin, end) : *std::max_element(begin, end);
    } else {
      for (std::size_t k = 0; k < each; ++k) kept[i] += samples[i * each + k] / static_cast<double>(each);
    }
  }
  return kept;
}

}  // namespace

Capture::Capture(CaptureWindow window, std::vector<NodeTrace> traces, std::vector<CaptureInput> inputs,
                 std::vector<NoiseStream> noise, std::uint64_t serial)
    : window_(window),
      traces_(std::move(traces)),
      inputs_(std::move(inputs)),
      noise_(std::move(noise)),
      serial_(serial) {}

std::vector<float> Capture::volts(std::size_t input, std::size_t points, double interval) const {
  const CaptureInput& settings = inputs_[input];
  const NodeTrace& trace = traces_[input];
  const auto begin = window_.begin() - static_cast<std::int64_t>(settings.skew * 1e9);
  std::vector<float> volts(points);
  trace.sample(static_cast<double>(begin), interval * 1e9, volts);
  if (settings.removes_mean) remove_mean(volts, interval, trace.voltage(begin));
  if (settings.bandwidth > 0) {
    limit_bandwidth(volts, interval, settings.bandwidth, static_cast<double>(volts.front()));
  }
  return volts;
}

WaveformRecord Capture::record(std::size_t input, std::size_t points) const {
  const CaptureInput& settings = inputs_[input];
  WaveformRecord record;
  record.axis = settings.axis;
  record.trigger = window_.trigger;
  record.start = window_.start;
  record.interval = window_.length / static_cast<double>(points);
  const std::size_t each = samples_per_point(settings.type, points);
  const std::vector<float> seen = volts(input, points * each, record.interval / static_cast<double>(each));
  const double ripple = traces_[input].ripple(window_.end());
  const bool means = settings.type == AcquisitionType::average || settings.type == AcquisitionType::high_resolution;
  // Samples that are averaged below, each with a noise such that the mean's comes out right.
  const double together = averaged(settings, record.interval) / static_cast<double>(means ? each : 1);
  const double deviation = std::hypot(ripple, settings.noise) / std::sqrt(means ? std::max(together, 1.0) : 1.0);
  const double sign = settings.inverts ? -1 : 1;
  const double centre = settings.axis.offset;
  std::vector<double> samples(seen.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double noise = deviation * noise_[input].bounded(serial_ << 32U | i);
    const double value = sign * (static_cast<double>(seen[i]) + noise);
    samples[i] = centre + (value - centre) * (1 + settings.error.gain) + settings.error.offset;
  }
  if (each > 1 || settings.type == AcquisitionType::peak) {
    samples = reduced(samples, points, each, settings.type == AcquisitionType::peak);
  }
  record.codes.resize(points);
  if (means) record.residues.resize(points);
  for (std::size_t i = 0; i < points; ++i) {
    record.codes[i] = settings.axis.code_of(samples[i]);
    if (means) record.residues[i] = settings.axis.residue_of(samples[i], record.codes[i]);
  }
  return record;
}

}  // namespace wheatstone::simulation
