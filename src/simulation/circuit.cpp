#include "simulation/circuit.hpp"

#include <algorithm>
#include <cmath>
#include <wheatstone/error.hpp>

#include "simulation/protection.hpp"

namespace wheatstone::simulation {
namespace {

constexpr std::int64_t k_remembered = 30'000'000'000;  // longer than the longest record of an oscilloscope's screen
constexpr std::size_t k_most_states = 4096;
constexpr double k_lifetimes_to_readback = 12;  // 6e-6 is left: less than a step of any supply's read-back

/// Sends a source on its way to its set-point from wherever it stands. A delay that runs already goes on running.
void retarget(Source& source, const SourceSettings& before, double load_current, std::int64_t at) {
  const SourceSettings& settings = source.settings;
  Reference& reference = source.reference;
  const double from = reference.at(at);
  const double to = settings.drives() ? settings.voltage : 0;
  std::int64_t begin = std::max(at, reference.since);
  if (settings.tripped != 0) begin = at;
  if (settings.on != before.on)
    begin = at + static_cast<std::int64_t>(1e9 * (settings.on ? settings.on_delay : settings.off_delay));
  reference = {.since = begin, .from = from, .to = to, .time_constant = source.dynamics.rise_seconds};
  if (to >= from) return;
  // Downwards only what the supply bleeds and the load takes empties the output's capacitor.
  const double fastest = (source.dynamics.bleed_current + load_current) / source.dynamics.capacitance;
  if (fastest * source.dynamics.rise_seconds >= from - to) return;
  reference.time_constant = 0;
  reference.slope = fastest;
}

void retarget_all(NodeState& state, const NodeState& before, double voltage, std::int64_t at) {
  double loads = 0;
  for (std::size_t i = 0; i < state.load_count; ++i) loads += load_current(state.loads[i], voltage, at);
  for (std::size_t i = 0; i < state.source_count; ++i) {
    retarget(state.sources[i], before.sources[i].settings, loads / static_cast<double>(state.source_count), at);
  }
}

/// The node moves on from where it stood at `at` in the state before.
void settle(NodeState& next, const NodeState& before, std::int64_t at) {
  const double voltage = before.voltage(at);
  next.since = at;
  next.relaxing = 0;
  next.held = held_at(before, at);
  retarget_all(next, before, voltage, at);
  next.relaxing = voltage - next.solve(at).voltage;
  if (std::abs(next.relaxing) < 1e-12) next.relaxing = 0;
}

}  // namespace

std::size_t Circuit::add_node() {
  const std::scoped_lock lock(mutex_);
  nodes_.emplace_back().emplace_back();
  return nodes_.size() - 1;
}

template <class Change>
void Circuit::change(std::size_t node, std::int64_t at, Change change) {
  const std::scoped_lock lock(mutex_);
  History& history = nodes_.at(node);
  while (history.size() > 1 && history.back().foreseen && history.back().since > at) history.pop_back();
  const NodeState& before = history.back();
  at = std::max(at, before.since);
  NodeState next = before;
  next.foreseen = false;
  change(next);
  settle(next, before, at);
  append(history, next);
  foresee(history);
  while (history.size() > 2 && (history[1].since < at - k_remembered || history.size() > k_most_states))
    history.pop_front();
}

void Circuit::append(History& history, const NodeState& next) {
  if (next.since == history.back().since) {
    history.back() = next;
  } else {
    history.push_back(next);
  }
}

/// Appends the states that protections lead to; a later change before them takes them back.
void Circuit::foresee(History& history) {
  constexpr std::size_t k_most_trips = 3 * 2 * k_most_per_node;  // every bit of every source and load once
  for (std::size_t i = 0; i < k_most_trips; ++i) {
    const auto trip = next_trip(history.back());
    if (!trip) return;
    NodeState tripped = history.back();
    tripped.foreseen = tripped.foreseen || trip->at > tripped.since;
    trip->apply_to(tripped);
    settle(tripped, history.back(), trip->at);
    append(history, tripped);
  }
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
  const auto after = first_state_after(history, at);
  return after == history.begin() ? history.front() : *std::prev(after);
}

LoadSettings Circuit::load_settings(Place place, std::int64_t at) const {
  const std::scoped_lock lock(mutex_);
  return state_at(nodes_.at(place.node), at).loads[place.index];
}

Circuit::SourceView Circuit::source(Place place, std::int64_t at) const {
  const std::scoped_lock lock(mutex_);
  const NodeState& state = state_at(nodes_.at(place.node), at);
  const Source& source = state.sources[place.index];
  const NodeSolution solution = state.solve(at);
  SourceView view;
  view.current = solution.source_current[place.index];
  view.voltage = state.voltage(at) + view.current * (source.dynamics.lead_resistance + state.line_resistance);
  view.limiting = source.settings.drives() && solution.source_limiting[place.index];
  view.regulating = source.settings.drives() && !view.limiting;
  view.tripped = source.settings.tripped;
  return view;
}

Circuit::LoadView Circuit::load(Place place, std::int64_t at) const {
  const std::scoped_lock lock(mutex_);
  const NodeState& state = state_at(nodes_.at(place.node), at);
  const LoadSettings& load = state.loads[place.index];
  const NodeSolution solution = state.solve(at);
  return {state.voltage(at), solution.load_current[place.index], load.tripped,
          is_unregulated(load, solution.voltage, at)};
}

NodeTrace Circuit::trace(std::size_t node, std::int64_t from, std::int64_t to) const {
  const std::scoped_lock lock(mutex_);
  const History& history = nodes_.at(node);
  auto begin = first_state_after(history, from);
  if (begin != history.begin()) --begin;
  const auto end = std::max(first_state_after(history, to), std::next(begin));
  return NodeTrace(std::vector<NodeState>(begin, end));
}

std::int64_t Circuit::sources_settled(std::size_t node, std::int64_t at) const {
  const std::scoped_lock lock(mutex_);
  const NodeState& state = state_at(nodes_.at(node), at);
  std::int64_t last = state.since;
  for (std::size_t i = 0; i < state.source_count; ++i) {
    last = std::max(last, state.sources[i].reference.settled(k_lifetimes_to_readback));
  }
  return last;
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
