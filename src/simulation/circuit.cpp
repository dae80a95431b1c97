#include "simulation/circuit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <wheatstone/error.hpp>

namespace wheatstone::simulation {
namespace {

constexpr std::int64_t k_remembered = 30'000'000'000;  // longer than the longest record of an oscilloscope's screen
constexpr std::size_t k_most_states = 4096;

/// Sends a source on its way to its set-point from wherever it stands.
void retarget(Source& source, double load_current, std::int64_t at) {
  const double from = source.reference.at(at);
  const double to = source.settings.on ? source.settings.voltage : 0;
  Reference& reference = source.reference;
  reference = {.since = at, .from = from, .to = to, .time_constant = source.dynamics.rise_seconds};
  if (to >= from) return;
  // Downwards only what the supply bleeds and the load takes empties the output's capacitor.
  const double fastest = (source.dynamics.bleed_current + load_current) / source.dynamics.capacitance;
  if (fastest * source.dynamics.rise_seconds >= from - to) return;
  reference.time_constant = 0;
  reference.slope = fastest;
}

auto first_after(const auto& states, std::int64_t instant) {
  return std::upper_bound(states.begin(), states.end(), instant,
                          [](std::int64_t at, const NodeState& state) { return at < state.since; });
}

// Gauss-Legendre, five points: exact up to the ninth degree, so a slice may hold a piece of an exponential.
constexpr std::array<double, 5> k_abscissas = {-0.9061798459386640, -0.5384693101056831, 0.0, 0.5384693101056831,
                                               0.9061798459386640};
constexpr std::array<double, 5> k_weights = {0.2369268850561891, 0.4786286704993665, 0.5688888888888889,
                                             0.4786286704993665, 0.2369268850561891};

double integral(std::int64_t from, std::int64_t to, const auto& value) {
  const double middle = 0.5 * static_cast<double>(to - from);
  double sum = 0;
  for (std::size_t i = 0; i < k_abscissas.size(); ++i) {
    sum += k_weights[i] * value(from + static_cast<std::int64_t>(middle * (1 + k_abscissas[i])));
  }
  return sum * middle;
}

}  // namespace

const NodeState& NodeTrace::state_at(std::int64_t instant) const {
  const auto after = first_after(states_, instant);
  return after == states_.begin() ? states_.front() : *std::prev(after);
}

double NodeTrace::voltage(std::int64_t instant) const { return state_at(instant).voltage(instant); }

double NodeTrace::line_current(std::int64_t instant) const { return state_at(instant).solve(instant).line_current; }

template <class Quantity>
double NodeTrace::mean(std::int64_t from, std::int64_t to, Quantity quantity) const {
  if (to <= from) return quantity(state_at(from), from);
  double sum = 0;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const NodeState& state = states_[i];
    const std::int64_t begin = i == 0 ? from : std::max(from, state.since);
    const std::int64_t end = i + 1 < states_.size() ? std::min(to, states_[i + 1].since) : to;
    if (end <= begin) continue;
    const std::int64_t still = std::clamp(state.settled(), begin, end);
    const auto value = [&](std::int64_t at) { return quantity(state, at); };
    constexpr int k_slices = 16;
    for (int slice = 0; slice < k_slices && still > begin; ++slice) {
      // Slices grow quadratically: most happens at the start of a curve.
      const double span = static_cast<double>(still - begin) / (k_slices * k_slices);
      sum += integral(begin + static_cast<std::int64_t>(span * slice * slice),
                      begin + static_cast<std::int64_t>(span * (slice + 1) * (slice + 1)), value);
    }
    if (end > still) sum += value(still) * static_cast<double>(end - still);
  }
  return sum / static_cast<double>(to - from);
}

double NodeTrace::mean_voltage(std::int64_t from, std::int64_t to) const {
  return mean(from, to, [](const NodeState& state, std::int64_t at) { return state.voltage(at); });
}

double NodeTrace::mean_line_current(std::int64_t from, std::int64_t to) const {
  return mean(from, to, [](const NodeState& state, std::int64_t at) { return state.solve(at).line_current; });
}

std::size_t Circuit::add_node() {
  const std::scoped_lock lock(mutex_);
  nodes_.emplace_back().emplace_back();
  return nodes_.size() - 1;
}

template <class Change>
void Circuit::change(std::size_t node, std::int64_t at, Change change) {
  const std::scoped_lock lock(mutex_);
  History& history = nodes_.at(node);
  const NodeState& before = history.back();
  at = std::max(at, before.since);
  const double voltage = before.voltage(at);
  NodeState next = before;
  next.since = at;
  next.relaxing = 0;
  change(next);
  double loads = 0;
  for (std::size_t i = 0; i < next.load_count; ++i) loads += load_current(next.loads[i], voltage);
  for (std::size_t i = 0; i < next.source_count; ++i) {
    retarget(next.sources[i], loads / static_cast<double>(next.source_count), at);
  }
  next.relaxing = voltage - next.solve(at).voltage;
  if (std::abs(next.relaxing) < 1e-12) next.relaxing = 0;
  if (at == before.since) {
    history.back() = next;
  } else {
    history.push_back(next);
  }
  while (history.size() > 2 && (history[1].since < at - k_remembered || history.size() > k_most_states))
    history.pop_front();
}

Circuit::Place Circuit::add_source(std::size_t node, const SourceDynamics& dynamics, std::int64_t at) {
  Place place{node, 0};
  change(node, at, [&](NodeState& state) {
    if (state.source_count == k_most_per_node) {
      throw ConfigurationError(
          "a node of the simulated circuit takes four supply channels at most; wire the fifth elsewhere");
    }
    place.index = state.source_count++;
    state.sources[place.index].dynamics = dynamics;
  });
  return place;
}

Circuit::Place Circuit::add_load(std::size_t node, const LoadSettings& settings, std::int64_t at) {
  Place place{node, 0};
  change(node, at, [&](NodeState& state) {
    if (state.load_count == k_most_per_node) {
      throw ConfigurationError("a node of the simulated circuit takes four loads at most; wire the fifth elsewhere");
    }
    place.index = state.load_count++;
    state.loads[place.index] = settings;
  });
  return place;
}

void Circuit::add_conductance(std::size_t node, double siemens, std::int64_t at) {
  change(node, at, [&](NodeState& state) { state.conductance += siemens; });
}

void Circuit::set_line_resistance(std::size_t node, double ohms, std::int64_t at) {
  change(node, at, [&](NodeState& state) { state.line_resistance = ohms; });
}

void Circuit::set_source(Place place, const SourceSettings& settings, std::int64_t at) {
  change(place.node, at, [&](NodeState& state) { state.sources[place.index].settings = settings; });
}

void Circuit::set_load(Place place, const LoadSettings& settings, std::int64_t at) {
  change(place.node, at, [&](NodeState& state) { state.loads[place.index] = settings; });
}

const NodeState& Circuit::state_at(const History& history, std::int64_t at) {
  const auto after = first_after(history, at);
  return after == history.begin() ? history.front() : *std::prev(after);
}

Circuit::SourceView Circuit::source(Place place, std::int64_t at) const {
  const std::scoped_lock lock(mutex_);
  const NodeState& state = state_at(nodes_.at(place.node), at);
  const Source& source = state.sources[place.index];
  const NodeSolution solution = state.solve(at);
  SourceView view;
  view.current = solution.source_current[place.index];
  view.voltage = state.voltage(at) + view.current * (source.dynamics.lead_resistance + state.line_resistance);
  view.limiting = source.settings.on && solution.source_limiting[place.index];
  view.regulating = source.settings.on && !view.limiting;
  return view;
}

Circuit::LoadView Circuit::load(Place place, std::int64_t at) const {
  const std::scoped_lock lock(mutex_);
  const NodeState& state = state_at(nodes_.at(place.node), at);
  return {state.voltage(at), state.solve(at).load_current[place.index]};
}

NodeTrace Circuit::trace(std::size_t node, std::int64_t from, std::int64_t to) const {
  const std::scoped_lock lock(mutex_);
  const History& history = nodes_.at(node);
  auto begin = first_after(history, from);
  if (begin != history.begin()) --begin;
  const auto end = std::max(first_after(history, to), std::next(begin));
  return NodeTrace(std::vector<NodeState>(begin, end));
}

std::int64_t Circuit::last_change(std::size_t node, std::int64_t at) const {
  const std::scoped_lock lock(mutex_);
  return state_at(nodes_.at(node), at).since;
}

std::size_t Circuit::node_count() const {
  const std::scoped_lock lock(mutex_);
  return nodes_.size();
}

}  // namespace wheatstone::simulation
