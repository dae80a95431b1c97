#include "simulation/node_state.hpp"

#include <algorithm>
#include <cmath>

namespace wheatstone::simulation {
namespace {

// A supply's regulator recovers from a load step within 50 us (data sheets of the class); this is its time constant.
constexpr double k_recovery_seconds = 20e-6;
constexpr double k_regulation_ohms = 1e-3;  // how stiffly a load in constant voltage holds its level
constexpr double k_lifetimes = 24;          // as Reference::settled: 4e-11 is left

constexpr double seconds(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) * 1e-9; }
std::int64_t bounded_nanoseconds(double s) { return static_cast<std::int64_t>(std::min(s * 1e9, 4e18)); }

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

/// What the hardware can carry: a resistor up to the largest current, derated below the minimum voltage.
Slope load_bound(const LoadSettings& load, double v) {
  Slope bound{v / load.minimum_resistance, 1 / load.minimum_resistance};
  if (!load.shorted && v < load.minimum_voltage) {
    const double derating = load.maximum_current / load.minimum_voltage;
    if (derating < bound.derivative) bound = {v * derating, derating};
  }
  return bound.value > load.maximum_current ? Slope{load.maximum_current, 0} : bound;
}

Slope load_wanted(const LoadSettings& load, double level, double v) {
  switch (load.mode) {
    case LoadMode::current:
      return {level, 0};
    case LoadMode::resistance:
      return {v / level, 1 / level};
    case LoadMode::power:
      return {level / v, -level / (v * v)};
    case LoadMode::voltage:
      break;
  }
  if (v <= level) return {};
  return {(v - level) / k_regulation_ohms, 1 / k_regulation_ohms};
}

Slope load_branch(const LoadSettings& load, double level, double v) {
  if (!load.conducts() || v <= 0) return {};
  const Slope bound = load_bound(load, v);
  if (load.shorted) return bound;
  const Slope wanted = load_wanted(load, level, v);
  return wanted.value < bound.value ? wanted : bound;
}

}  // namespace

bool LoadTransient::active(std::int64_t instant) const {
  if (kind == Kind::none || instant < since) return false;
  const std::int64_t elapsed = instant - since;
  if (kind == Kind::continuous && cycles > 0 && elapsed >= cycles * period) return false;
  return (kind == Kind::pulse ? elapsed : elapsed % period) < width;
}

std::optional<std::int64_t> LoadTransient::next_edge(std::int64_t after) const {
  if (kind == Kind::none) return std::nullopt;
  if (after < since) return since;
  if (kind == Kind::pulse) return after < since + width ? std::optional(since + width) : std::nullopt;
  if (cycles > 0 && after >= since + (cycles - 1) * period + width) return std::nullopt;
  const std::int64_t cycle = after - (after - since) % period;
  return after < cycle + width ? cycle + width : cycle + period;
}

double Reference::at(std::int64_t instant) const {
  if (instant >= settled()) return to;
  if (instant <= since) return from;
  const double t = seconds(instant - since);
  if (time_constant > 0) return to + (from - to) * std::exp(-t / time_constant);
  return from > to ? std::max(to, from - slope * t) : std::min(to, from + slope * t);
}

std::int64_t Reference::settled(double lifetimes) const {
  if (from == to) return since;
  if (time_constant > 0) return since + bounded_nanoseconds(lifetimes * time_constant);
  return slope > 0 ? since + bounded_nanoseconds(std::abs(from - to) / slope) : since;
}

double load_level(const LoadSettings& load, std::int64_t instant) {
  if (load.transient.active(instant)) return load.transient.level;
  if (load.slew <= 0) return load.level;
  const double moved = load.slew * seconds(std::max<std::int64_t>(0, instant - load.ramp_since));
  return load.ramp_from + std::clamp(load.level - load.ramp_from, -moved, moved);
}

bool is_unregulated(const LoadSettings& load, double voltage, std::int64_t instant) {
  if (!load.conducts() || load.shorted) return false;
  const double level = load_level(load, instant);
  if (load.mode == LoadMode::voltage && voltage < level) return true;
  return voltage <= 0 || load_wanted(load, level, voltage).value > load_bound(load, voltage).value * (1 + 1e-9);
}

double load_current(const LoadSettings& load, double voltage, std::int64_t instant) {
  return load_branch(load, load_level(load, instant), voltage).value;
}

/// The highest voltage at which sources give what loads and inputs take. From the top downwards Newton's method meets
/// that root first, also on a constant-power load, whose curve has two; a bracket catches its wild steps.
NodeSolution NodeState::solve(std::int64_t instant) const {
  std::array<double, k_most_per_node> reference{};
  double top = 0;
  for (std::size_t i = 0; i < source_count; ++i) {
    reference[i] = sources[i].reference.at(instant);
    top = std::max(top, reference[i]);
  }
  std::array<double, k_most_per_node> level{};
  for (std::size_t i = 0; i < load_count; ++i) level[i] = load_level(loads[i], instant);
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
      const Slope branch = load_branch(loads[i], level[i], v);
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
  for (std::size_t i = 0; i < load_count; ++i) solution.load_current[i] = load_branch(loads[i], level[i], v).value;
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
  std::int64_t last = relaxing != 0 ? since + bounded_nanoseconds(k_lifetimes * k_recovery_seconds) : since;
  for (std::size_t i = 0; i < source_count; ++i) last = std::max(last, sources[i].reference.settled());
  for (std::size_t i = 0; i < load_count; ++i) {
    const LoadSettings& load = loads[i];
    if (load.slew > 0)
      last = std::max(last, load.ramp_since + bounded_nanoseconds(std::abs(load.level - load.ramp_from) / load.slew));
  }
  return last;
}

std::optional<std::int64_t> NodeState::next_edge(std::int64_t after) const {
  std::optional<std::int64_t> first;
  for (std::size_t i = 0; i < load_count; ++i) {
    if (!loads[i].conducts()) continue;
    const auto edge = loads[i].transient.next_edge(after);
    if (edge && (!first || *edge < *first)) first = edge;
  }
  return first;
}

double NodeState::ripple() const {
  double squares = 0;
  for (std::size_t i = 0; i < source_count; ++i) {
    if (sources[i].settings.drives()) squares += sources[i].dynamics.ripple * sources[i].dynamics.ripple;
  }
  return std::sqrt(squares);
}

}  // namespace wheatstone::simulation
