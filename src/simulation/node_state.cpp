#include "simulation/node_state.hpp"

#include <algorithm>
#include <cmath>

namespace wheatstone::simulation {
namespace {

// A supply's regulator recovers from a load step within 50 us (data sheets of the class); this is its time constant.
constexpr double k_recovery_seconds = 20e-6;
constexpr double k_lifetimes = 24;  // after so many time constants, 4e-11 is left: it counts as settled

constexpr double seconds(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) * 1e-9; }
std::int64_t nanoseconds(double s) { return static_cast<std::int64_t>(std::min(s * 1e9, 4e18)); }

struct Slope {
  double value = 0;
  double derivative = 0;
};

Slope source_branch(const Source& source, double reference, double resistance, double voltage) {
  const double current = (reference - voltage) / resistance;
  if (current < 0) return {};  // it cannot sink; at exactly 0 the slope is that of the side below, where Newton goes
  if (current >= source.settings.current_limit) return {source.settings.current_limit, 0};
  return {current, -1 / resistance};
}

Slope load_branch(const LoadSettings& load, double v) {
  if (!load.on || v <= 0) return {};
  // The bound of the hardware: a resistor up to the largest current, derated below the minimum voltage.
  Slope bound{v / load.minimum_resistance, 1 / load.minimum_resistance};
  if (load.shorted) return bound.value < load.maximum_current ? bound : Slope{load.maximum_current, 0};
  if (v < load.minimum_voltage) {
    const double derating = load.maximum_current / load.minimum_voltage;
    if (derating < bound.derivative) bound = {v * derating, derating};
  }
  if (bound.value > load.maximum_current) bound = {load.maximum_current, 0};
  Slope wanted{};
  switch (load.mode) {
    case LoadMode::current:
      wanted = {load.level, 0};
      break;
    case LoadMode::resistance:
      wanted = {v / load.level, 1 / load.level};
      break;
    case LoadMode::power:
      wanted = {load.level / v, -load.level / (v * v)};
      break;
    case LoadMode::voltage:
      if (v > load.level) wanted = {(v - load.level) / load.minimum_resistance, 1 / load.minimum_resistance};
      break;
  }
  return wanted.value < bound.value ? wanted : bound;
}

}  // namespace

double Reference::at(std::int64_t instant) const {
  if (instant >= settled()) return to;
  if (instant <= since) return from;
  const double t = seconds(instant - since);
  if (time_constant > 0) return to + (from - to) * std::exp(-t / time_constant);
  return from > to ? std::max(to, from - slope * t) : std::min(to, from + slope * t);
}

std::int64_t Reference::settled() const {
  if (from == to) return since;
  if (time_constant > 0) return since + nanoseconds(k_lifetimes * time_constant);
  return slope > 0 ? since + nanoseconds(std::abs(from - to) / slope) : since;
}

double load_current(const LoadSettings& load, double voltage) { return load_branch(load, voltage).value; }

/// The highest voltage at which sources give what loads and inputs take. From the top downwards Newton's method meets
/// that root first, also on a constant-power load, whose curve has two; a bracket catches its wild steps.
NodeSolution NodeState::solve(std::int64_t instant) const {
  std::array<double, k_most_per_node> reference{};
  double top = 0;
  for (std::size_t i = 0; i < source_count; ++i) {
    reference[i] = sources[i].reference.at(instant);
    top = std::max(top, reference[i]);
  }
  const auto resistance = [&](std::size_t i) { return sources[i].dynamics.lead_resistance + line_resistance; };
  NodeSolution solution;
  double low = 0;
  double high = top;
  double v = top;
  for (int iteration = 0; iteration < 100 && top > 0; ++iteration) {
    Slope f{-conductance * v, -conductance};
    for (std::size_t i = 0; i < source_count; ++i) {
      const Slope branch = source_branch(sources[i], reference[i], resistance(i), v);
      f.value += branch.value;
      f.derivative += branch.derivative;
    }
    for (std::size_t i = 0; i < load_count; ++i) {
      const Slope branch = load_branch(loads[i], v);
      f.value -= branch.value;
      f.derivative -= branch.derivative;
    }
    (f.value < 0 ? high : low) = v;
    double step = f.derivative < 0 ? -f.value / f.derivative : low - v;
    if (std::abs(step) <= 1e-13 * top) break;  // before the bracket is asked: rounding may put the root outside it
    if (!(v + step > low && v + step < high)) step = 0.5 * (low + high) - v;
    v += step;
    if (high - low <= 1e-13 * top) break;
  }
  solution.voltage = v;
  for (std::size_t i = 0; i < source_count; ++i) {
    const Slope branch = source_branch(sources[i], reference[i], resistance(i), v);
    solution.source_current[i] = branch.value;
    solution.source_limiting[i] = branch.value > 0 && branch.value >= sources[i].settings.current_limit;
    solution.line_current += branch.value;
  }
  for (std::size_t i = 0; i < load_count; ++i) solution.load_current[i] = load_branch(loads[i], v).value;
  return solution;
}

double NodeState::voltage(std::int64_t instant) const {
  double v = solve(instant).voltage;
  const double elapsed = seconds(instant - since);
  if (relaxing != 0 && elapsed < k_lifetimes * k_recovery_seconds)
    v += relaxing * std::exp(-elapsed / k_recovery_seconds);
  return v;
}

std::int64_t NodeState::settled() const {
  std::int64_t last = relaxing != 0 ? since + nanoseconds(k_lifetimes * k_recovery_seconds) : since;
  for (std::size_t i = 0; i < source_count; ++i) last = std::max(last, sources[i].reference.settled());
  return last;
}

double NodeState::ripple() const {
  double squares = 0;
  for (std::size_t i = 0; i < source_count; ++i) {
    if (sources[i].settings.on) squares += sources[i].dynamics.ripple * sources[i].dynamics.ripple;
  }
  return std::sqrt(squares);
}

}  // namespace wheatstone::simulation
