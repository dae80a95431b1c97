#include "simulation/waveform_record.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace wheatstone::simulation {
namespace {

constexpr std::uint8_t k_lowest = 1;
constexpr std::uint8_t k_highest = 255;
constexpr int k_least_signal = 3;  // steps; less is the converter's own noise

/// How often each code stands in the record.
using Histogram = std::array<std::size_t, 256>;

Histogram histogram_of(const WaveformRecord& record) {
  Histogram histogram{};
  for (const std::uint8_t code : record.codes) ++histogram[code];
  return histogram;
}

struct Extent {
  int low = 0;
  int high = 0;
};

std::optional<Extent> extent_of(const WaveformRecord& record) {
  if (record.codes.empty()) return std::nullopt;
  const auto [low, high] = std::minmax_element(record.codes.begin(), record.codes.end());
  return Extent{*low, *high};
}

/// The fullest code in [from, to], where it holds enough of the record to be a level and no corner of a ramp.
std::optional<int> level_between(const Histogram& histogram, std::size_t samples, int from, int to) {
  const auto begin = histogram.begin() + from;
  const auto fullest = std::max_element(begin, histogram.begin() + to + 1);
  if (*fullest * 20 < samples) return std::nullopt;
  return static_cast<int>(fullest - histogram.begin());
}

/// Instants, in samples, at which the record rises through its middle; noise within the hysteresis does not count.
std::vector<double> rising_edges(const WaveformRecord& record, const Extent& extent) {
  const double middle = 0.5 * (extent.low + extent.high);
  const double hysteresis = std::max(1.0, 0.1 * (extent.high - extent.low));
  std::vector<double> edges;
  bool below = false;
  for (std::size_t i = 0; i < record.codes.size(); ++i) {
    const double code = record.codes[i];
    if (code < middle - hysteresis) {
      below = true;
    } else if (below && code >= middle) {
      const double before = record.codes[i - 1];
      const double part = code > before ? (middle - before) / (code - before) : 0;
      edges.push_back(static_cast<double>(i) - 1 + std::clamp(part, 0.0, 1.0));
      below = false;
    }
  }
  return edges;
}

}  // namespace

std::uint8_t VerticalAxis::code_of(double volts) const {
  const double code = std::round((volts - offset) / step()) + 128;
  return static_cast<std::uint8_t>(std::clamp(code, double{k_lowest}, double{k_highest}));
}

std::int8_t VerticalAxis::residue_of(double volts, std::uint8_t code) const {
  constexpr double k_twelfth_bit = 16;  // 256ths of an eight-bit step
  const double lost = ((volts - offset) / step() + 128 - code) * 256;
  return static_cast<std::int8_t>(std::clamp(std::round(lost / k_twelfth_bit) * k_twelfth_bit, -112.0, 112.0));
}

bool WaveformRecord::clipped() const {
  return std::any_of(codes.begin(), codes.end(),
                     [](std::uint8_t code) { return code == k_lowest || code == k_highest; });
}

namespace measure {

Result maximum(const WaveformRecord& record) {
  const auto extent = extent_of(record);
  if (!extent || extent->high == k_highest) return std::nullopt;
  return record.axis.volts_of(extent->high);
}

Result minimum(const WaveformRecord& record) {
  const auto extent = extent_of(record);
  if (!extent || extent->low == k_lowest) return std::nullopt;
  return record.axis.volts_of(extent->low);
}

Result peak_to_peak(const WaveformRecord& record) {
  const auto extent = extent_of(record);
  if (!extent || extent->high == k_highest || extent->low == k_lowest) return std::nullopt;
  return (extent->high - extent->low) * record.axis.step();
}

Result mean(const WaveformRecord& record) {
  if (record.codes.empty() || record.clipped()) return std::nullopt;
  double sum = 0;
  for (std::size_t i = 0; i < record.codes.size(); ++i) sum += record.sample(i);
  return record.axis.volts_of(sum / static_cast<double>(record.codes.size()));
}

Result rms(const WaveformRecord& record) {
  if (record.codes.empty() || record.clipped()) return std::nullopt;
  double squares = 0;
  for (std::size_t i = 0; i < record.codes.size(); ++i) {
    const double volts = record.axis.volts_of(record.sample(i));
    squares += volts * volts;
  }
  return std::sqrt(squares / static_cast<double>(record.codes.size()));
}

Result top(const WaveformRecord& record) {
  const auto extent = extent_of(record);
  if (!extent || extent->high == k_highest) return std::nullopt;
  const int from = extent->high - (extent->high - extent->low) * 2 / 5;
  const auto level = level_between(histogram_of(record), record.codes.size(), from, extent->high);
  return record.axis.volts_of(level.value_or(extent->high));
}

Result base(const WaveformRecord& record) {
  const auto extent = extent_of(record);
  if (!extent || extent->low == k_lowest) return std::nullopt;
  const int to = extent->low + (extent->high - extent->low) * 2 / 5;
  const auto level = level_between(histogram_of(record), record.codes.size(), extent->low, to);
  return record.axis.volts_of(level.value_or(extent->low));
}

Result amplitude(const WaveformRecord& record) {
  const Result high = top(record);
  const Result low = base(record);
  if (!high || !low) return std::nullopt;
  return *high - *low;
}

Result period(const WaveformRecord& record) {
  const auto extent = extent_of(record);
  if (!extent || extent->high - extent->low < k_least_signal) return std::nullopt;
  const std::vector<double> edges = rising_edges(record, *extent);
  if (edges.size() < 2) return std::nullopt;
  return (edges.back() - edges.front()) / static_cast<double>(edges.size() - 1) * record.interval;
}

Result deviation(const WaveformRecord& record) {
  const Result middle = mean(record);
  const Result whole = rms(record);
  if (!middle || !whole) return std::nullopt;
  return std::sqrt(std::max(0.0, *whole * *whole - *middle * *middle));
}

Result overshoot(const WaveformRecord& record) {
  const Result size = amplitude(record);
  if (!size || *size <= 0) return std::nullopt;
  return 100 * (*maximum(record) - *top(record)) / *size;
}

Result preshoot(const WaveformRecord& record) {
  const Result size = amplitude(record);
  if (!size || *size <= 0) return std::nullopt;
  return 100 * (*base(record) - *minimum(record)) / *size;
}

Result time_of_maximum(const WaveformRecord& record) {
  if (!maximum(record)) return std::nullopt;
  const auto place = std::max_element(record.codes.begin(), record.codes.end()) - record.codes.begin();
  return record.start + record.interval * static_cast<double>(place);
}

Result time_of_minimum(const WaveformRecord& record) {
  if (!minimum(record)) return std::nullopt;
  const auto place = std::min_element(record.codes.begin(), record.codes.end()) - record.codes.begin();
  return record.start + record.interval * static_cast<double>(place);
}

std::optional<WaveformRecord> whole_cycles(const WaveformRecord& record) {
  const auto extent = extent_of(record);
  if (!extent || extent->high - extent->low < k_least_signal) return std::nullopt;
  const std::vector<double> edges = rising_edges(record, *extent);
  if (edges.size() < 2) return std::nullopt;
  WaveformRecord part = record;
  const auto first = static_cast<std::ptrdiff_t>(edges.front()) + 1;
  const auto last = static_cast<std::ptrdiff_t>(edges.back()) + 1;
  part.codes.assign(record.codes.begin() + first, record.codes.begin() + last);
  if (!record.residues.empty()) part.residues.assign(record.residues.begin() + first, record.residues.begin() + last);
  part.start += record.interval * static_cast<double>(first);
  return part;
}

Result duty_cycle(const WaveformRecord& record) {
  const auto extent = extent_of(record);
  const auto part = whole_cycles(record);
  if (!part) return std::nullopt;
  const double middle = 0.5 * (extent->low + extent->high);
  const auto above =
      std::count_if(part->codes.begin(), part->codes.end(), [&](std::uint8_t code) { return code >= middle; });
  return 100 * static_cast<double>(above) / static_cast<double>(part->codes.size());
}

Result positive_width(const WaveformRecord& record) {
  const Result part = duty_cycle(record);
  if (!part) return std::nullopt;
  return *period(record) * *part / 100;
}

Result negative_width(const WaveformRecord& record) {
  const Result part = duty_cycle(record);
  if (!part) return std::nullopt;
  return *period(record) * (1 - *part / 100);
}

Result frequency(const WaveformRecord& record) {
  const Result one = period(record);
  if (!one) return std::nullopt;
  return 1 / *one;
}

}  // namespace measure

}  // namespace wheatstone::simulation
