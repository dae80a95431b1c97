#include "simulation/multimeter_input.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>
#include <wheatstone/error.hpp>

namespace wheatstone::simulation {
namespace {

using Kind = MeterFunction::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 13> k_kinds = {{
    {"voltage_dc", Kind::voltage_dc},
    {"voltage_ac", Kind::voltage_ac},
    {"current_dc", Kind::current_dc},
    {"current_ac", Kind::current_ac},
    {"resistance", Kind::resistance},
    {"resistance_4w", Kind::resistance},
    {"frequency", Kind::frequency},
    {"period", Kind::period},
    {"temperature", Kind::temperature},
    {"continuity", Kind::continuity},
    {"diode", Kind::diode},
    {"capacitance", Kind::capacitance},
    {"voltage_ratio", Kind::ratio},
}};

Kind kind_of(const std::string& name) {
  for (const auto& [known, kind] : k_kinds) {
    if (known == name) return kind;
  }
  throw ConfigurationError("the simulation does not know the measuring function '" + name + "'");
}

constexpr double k_overload_part = 1.2;
constexpr double k_underrange_part = 0.1;
constexpr double k_least_counted_part = 0.01;  // of the range; what is smaller makes no edges

}  // namespace

MeterFunction::MeterFunction(const profile::Function& function, const Surroundings& surroundings)
    : data(&function), kind(kind_of(function.name)), noise(surroundings.seed, surroundings.alias, function.name) {
  for (const profile::Range& one : function.quantity.ranges) {
    specimen.push_back(
        draw_systematic_error(surroundings.seed, surroundings.alias, function.name + " " + one.name, 1, 1));
  }
  restore_defaults();
}

SystematicError MeterFunction::error_at(double hertz) const {
  const profile::Accuracy& accuracy = hertz > 0 ? present().readback_at(hertz) : present().readback;
  const SystematicError& part = specimen[range];
  return {part.gain * accuracy.of_reading, part.offset * (accuracy.offset + accuracy.of_range * present().nominal)};
}

void MeterFunction::restore_defaults() {
  range = data->quantity.reset ? range_holding(*data->quantity.reset) : 0;
  automatic = true;
  nplc = 10;
  aperture.reset();
  autozero = true;
  bandwidth = 20;
  gate = 0.1;
  counted_range.reset();
  strong_terminal = false;
  null_enabled = takes_null = false;
}

std::size_t MeterFunction::last_range() const {
  const std::size_t last = data->quantity.ranges.size() - 1;
  const bool current = kind == Kind::current_dc || kind == Kind::current_ac;
  return current && !strong_terminal ? last - 1 : last;
}

void MeterFunction::select_range(double value) {
  range = range_holding(value);
  automatic = false;
  strong_terminal = range > last_range();
  keep_to_terminal();
}

void MeterFunction::keep_to_terminal() {
  range = strong_terminal ? last_range() : std::min(range, last_range());
  if (strong_terminal) automatic = false;
}

/// 34410A user's guide, default settling of the slow, medium and fast AC filter.
double MeterFunction::filter_seconds() const {
  if (bandwidth <= 3) return 2.5;
  return bandwidth <= 20 ? 0.625 : 0.025;
}

std::size_t MeterFunction::range_holding(double value) const {
  const auto& ranges = data->quantity.ranges;
  std::size_t place = 0;
  while (place + 1 < ranges.size() && std::abs(value) > ranges[place].nominal * (1 + 1e-9)) ++place;
  return place;
}

double MeterFunction::resolution() const {
  const profile::Aperture* nearest = nullptr;
  for (const profile::Aperture& one : data->apertures) {
    if (nearest == nullptr || std::abs(one.nplc - nplc) < std::abs(nearest->nplc - nplc)) nearest = &one;
  }
  return nearest == nullptr ? 0 : nearest->resolution_factor * present().nominal;
}

void MeterFunction::set_resolution(double wanted) {
  for (const profile::Aperture& one : data->apertures) {  // ascending cycles, finer and finer
    nplc = one.nplc;
    if (one.resolution_factor * present().nominal <= wanted * (1 + 1e-9)) break;
  }
  aperture.reset();
}

bool MeterFunction::follow(double value) {
  if (!automatic) return false;
  const std::size_t before = range;
  const auto& ranges = data->quantity.ranges;
  const double size = std::abs(value);
  while (range < last_range() && size > k_overload_part * ranges[range].nominal) ++range;
  while (range > 0 && size < k_underrange_part * ranges[range].nominal &&
         size <= k_overload_part * ranges[range - 1].nominal) {
    --range;
  }
  return range != before;
}

double noise_deviation(const MeterFunction& function, double integration, double line_frequency, double at_ten_cycles) {
  return at_ten_cycles * function.present().nominal * std::sqrt(10 / (integration * line_frequency));
}

MeterInput::MeterInput(const Surroundings& surroundings)
    : profile_(surroundings.profile.get()), circuit_(surroundings.circuit), node_(surroundings.nodes.front()) {}

double MeterInput::path_of(double full_scale) const {
  const auto figure = [&](const char* name, double otherwise) {
    return profile_->find_figure(name).value_or(otherwise);
  };
  if (full_scale <= 1e-4) return figure("current_path_micro", 1000);
  if (full_scale <= 1e-3) return figure("current_path_low", 100);
  if (full_scale <= 0.1) return figure("current_path_middle", 2);
  if (full_scale <= 3) return figure("current_path_high", 0.1);
  return figure("current_path_10a", 0.01);
}

void MeterInput::connect(const MeterFunction& function, std::int64_t at) {
  double conductance = 0;
  double path = 0;
  switch (function.kind) {
    case Kind::current_dc:
    case Kind::current_ac:
      path = path_of(function.present().nominal);
      break;
    case Kind::voltage_dc: {
      const bool high = function.high_impedance && function.present().nominal <= 10;
      conductance =
          1 / profile_->find_figure(high ? "input_resistance_auto" : "input_resistance").value_or(high ? 1e10 : 1e7);
      break;
    }
    case Kind::voltage_ac:
    case Kind::frequency:
    case Kind::period:
      conductance = 1e-6;
      break;
    default:
      break;
  }
  if (conductance != conductance_) circuit_->add_conductance(node_, conductance - conductance_, at);
  if (path != path_) circuit_->set_line_resistance(node_, path, at);
  conductance_ = conductance;
  path_ = path;
}

double MeterInput::alternating(const NodeTrace& trace, std::int64_t from, std::int64_t to, bool current) const {
  constexpr int k_samples = 256;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < k_samples; ++i) {
    const std::int64_t at = from + (to - from) * i / k_samples;
    const double value = current ? trace.line_current(at) : trace.voltage(at);
    sum += value;
    squares += value * value;
  }
  const double mean = sum / k_samples;
  const double variance = std::max(0.0, squares / k_samples - mean * mean);
  // Of the supply's noise over 20 MHz, the meter's 300 kHz pass.
  const double noise = current ? 0 : trace.ripple(to) * std::sqrt(300e3 / 20e6);
  return std::sqrt(variance + noise * noise);
}

/// Counts rises through the mean. Without a signal to count, the time-out ends the gate and the answer is zero.
double MeterInput::frequency(const NodeTrace& trace, std::int64_t from, std::int64_t to, double least) const {
  if (alternating(trace, from, to, false) < least) return 0;
  const double mean = trace.mean_voltage(from, to);
  std::int64_t first = 0;
  std::int64_t last = from;
  int cycles = -1;
  for (auto next = trace.crossing(from, to, mean, true); next; next = trace.crossing(last + 1, to, mean, true)) {
    if (++cycles == 0) first = *next;
    last = *next;
  }
  return cycles > 0 ? 1e9 * cycles / static_cast<double>(last - first) : 0;
}

/// The meter drives a current and reads the voltage: that fails where the circuit has one of its own.
double MeterInput::resistance(const NodeTrace& trace, std::int64_t at) const {
  if (std::abs(trace.voltage(at)) > 1e-3) return std::numeric_limits<double>::infinity();
  return 1 / trace.conductance(at);
}

double MeterInput::counted(std::int64_t from, std::int64_t to, double range) const {
  return frequency(circuit_->trace(node_, from, to), from, to, k_least_counted_part * range);
}

double MeterInput::quantity(Kind kind, std::int64_t from, std::int64_t to) const {
  const NodeTrace trace = circuit_->trace(node_, from, to);
  switch (kind) {
    case Kind::voltage_dc:
      return trace.mean_voltage(from, to);
    case Kind::current_dc:
      return trace.mean_line_current(from, to);
    case Kind::voltage_ac:
      return alternating(trace, from, to, false);
    case Kind::current_ac:
      return alternating(trace, from, to, true);
    case Kind::resistance:
    case Kind::continuity:
      return resistance(trace, to);
    case Kind::frequency:
    case Kind::period:
      return 0;  // counted() tells
    // Nothing is wired to a sensor, to a junction or to the reference terminals.
    case Kind::ratio:
    case Kind::temperature:
    case Kind::diode:
      return std::numeric_limits<double>::infinity();
    case Kind::capacitance:
      return trace.has_sources() ? std::numeric_limits<double>::infinity() : 0;
  }
  return 0;
}

}  // namespace wheatstone::simulation
