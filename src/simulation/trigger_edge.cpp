#include "simulation/trigger_edge.hpp"

#include <cmath>
#include <numbers>
#include <vector>

namespace wheatstone::simulation {
namespace {

constexpr double k_corner_hz = 50e3;
constexpr double k_finest_step = 500;       // nanoseconds; a sixth of the filters' time constant
constexpr double k_most_samples = 200'000;  // of a long search, whose steps are coarser then

/// The trace itself, at any instant.
std::optional<std::int64_t> find_unfiltered(const NodeTrace& trace, const EdgeSearch& search) {
  const double armed = search.rising ? search.level - search.hysteresis : search.level + search.hysteresis;
  const double now = trace.voltage(search.from);
  std::int64_t from = search.from;
  if (search.rising ? now > armed : now < armed) {
    const auto arms = trace.crossing(search.from, search.to, armed, !search.rising);
    if (!arms) return std::nullopt;
    from = *arms;
  }
  return trace.crossing(from, search.to, search.level, search.rising);
}

std::vector<float> filtered(const NodeTrace& trace, TriggerFilter filter, const EdgeSearch& search, double step) {
  const auto count = static_cast<std::size_t>(static_cast<double>(search.to - search.from) / step) + 1;
  std::vector<float> volts(count);
  trace.sample(static_cast<double>(search.from), step, volts);
  const double part = 1 - std::exp(-step * 1e-9 * 2 * std::numbers::pi * k_corner_hz);
  double slow = static_cast<double>(volts.front());
  double slower = slow;
  for (float& sample : volts) {
    double value = static_cast<double>(sample);
    slow += part * (value - slow);
    if (filter.rejects_high) value = slow;
    slower += part * (value - slower);
    if (filter.rejects_low) value -= slower;
    sample = static_cast<float>(value);
  }
  return volts;
}

}  // namespace

std::optional<std::int64_t> find_edge(const NodeTrace& trace, TriggerFilter filter, const EdgeSearch& search) {
  if (search.to <= search.from) return std::nullopt;
  if (!filter.rejects_low && !filter.rejects_high) return find_unfiltered(trace, search);
  const double step = std::max(k_finest_step, static_cast<double>(search.to - search.from) / k_most_samples);
  const std::vector<float> volts = filtered(trace, filter, search, step);
  bool armed = false;
  for (std::size_t i = 0; i < volts.size(); ++i) {
    const double above = (static_cast<double>(volts[i]) - search.level) * (search.rising ? 1 : -1);
    if (above <= -search.hysteresis) armed = true;
    if (armed && above >= 0) return search.from + static_cast<std::int64_t>(step * static_cast<double>(i));
  }
  return std::nullopt;
}

}  // namespace wheatstone::simulation
