#include "simulation/protection.hpp"

#include <algorithm>
#include <cmath>

namespace wheatstone::simulation {
namespace {

constexpr std::array<Trip, k_protections> k_bits = {k_over_voltage, k_over_current, k_over_voltage, k_over_current,
                                                    k_over_power};
constexpr int k_slices = 16;  // of what still moves; between two of them a cause comes or goes once at most
constexpr int k_pieces = k_slices + 8;

bool of_supply(std::size_t protection) { return protection < 2; }

double highest_reference(const NodeState& state) {
  double top = 0;
  for (std::size_t i = 0; i < state.source_count; ++i) {
    top = std::max({top, state.sources[i].reference.from, state.sources[i].reference.to});
  }
  return top;
}

/// A rail without protections, which is most of them, pays a few comparisons.
bool is_guarded(const NodeState& state) {
  for (std::size_t i = 0; i < state.source_count; ++i) {
    const SourceSettings& s = state.sources[i].settings;
    if (s.trips_at_limit || std::isfinite(s.trip_voltage)) return true;
  }
  for (std::size_t i = 0; i < state.load_count; ++i) {
    if (state.loads[i].conducts()) return true;
  }
  return false;
}

/// Whether it is worth looking: most protections stand far above anything that the node can reach.
bool can_trip(const NodeState& state, std::size_t protection, std::size_t i, double top) {
  if (of_supply(protection)) {
    const SourceSettings& s = state.sources[i].settings;
    return s.drives() && (protection == 0 ? top > s.trip_voltage : s.trips_at_limit);
  }
  const LoadSettings& load = state.loads[i];
  if (!load.conducts()) return false;
  if (protection == 2) return top > load.trip_voltage;
  return std::isfinite(protection == 3 ? load.trip_current : load.trip_power);
}

bool violates(const NodeState& state, std::size_t protection, std::size_t i, std::int64_t at) {
  const NodeSolution now = state.solve(at);
  if (of_supply(protection)) {
    const Source& source = state.sources[i];
    if (protection == 1) return now.source_limiting[i];
    const double drop = now.source_current[i] * (source.dynamics.lead_resistance + state.line_resistance);
    return now.voltage + drop > source.settings.trip_voltage;
  }
  const LoadSettings& load = state.loads[i];
  if (protection == 2) return now.voltage > load.trip_voltage;
  if (protection == 3) return now.load_current[i] > load.trip_current;
  return now.voltage * now.load_current[i] > load.trip_power;
}

std::int64_t delay_of(const NodeState& state, std::size_t protection, std::size_t i) {
  double seconds = 0;
  if (protection == 0) seconds = state.sources[i].settings.voltage_trip_delay;
  if (protection == 1) seconds = state.sources[i].settings.current_trip_delay;
  if (protection == 3) seconds = state.loads[i].current_trip_delay;
  return static_cast<std::int64_t>(seconds * 1e9);
}

/// One cause, followed through a state.
struct Watch {
  const NodeState& state;
  std::size_t protection;
  std::size_t index;
  std::int64_t since = k_never;
  std::int64_t trips = k_never;

  [[nodiscard]] bool violated(std::int64_t at) const { return violates(state, protection, index, at); }

  /// The first instant in (from, to) at which the cause is as it is at `to`.
  [[nodiscard]] std::int64_t turn(std::int64_t from, std::int64_t to, bool as) const {
    while (to - from > 1) {
      const std::int64_t middle = from + (to - from) / 2;
      (violated(middle) == as ? to : from) = middle;
    }
    return to;
  }

  void look(std::int64_t begin, std::int64_t end, bool still, std::int64_t delay) {
    const bool first = violated(begin);
    const bool last = still ? first : violated(end - 1);
    const std::int64_t turned = first == last ? end : turn(begin, end - 1, last);
    if (!first) since = k_never;
    if (first && since == k_never) since = begin;
    if (first && since + delay <= turned) trips = std::max(since + delay, state.since);
    if (first == last || trips != k_never) return;
    since = last ? turned : k_never;
    if (last && since + delay < end) trips = since + delay;
  }

  void follow(std::int64_t begin, std::int64_t until) {
    const std::int64_t delay = delay_of(state, protection, index);
    const std::int64_t settled = state.settled();
    const std::int64_t slice = std::max<std::int64_t>(2, (settled - state.since) / k_slices);
    for (int piece = 0; begin < until && trips == k_never; ++piece) {
      if (piece == k_pieces) {  // a load that switches for ever: what has not tripped in its first cycles never does
        since = k_never;
        return;
      }
      const bool still = begin >= settled;
      std::int64_t end = std::min(until, state.next_edge(begin).value_or(k_never));
      if (!still) end = std::min(end, begin + slice);
      look(begin, end, still, delay);
      begin = end;
    }
  }
};

}  // namespace

void ComingTrip::apply_to(NodeState& state) const {
  std::uint8_t& bits = of_supply(protection) ? state.sources[index].settings.tripped : state.loads[index].tripped;
  bits = static_cast<std::uint8_t>(bits | k_bits[protection]);
}

std::optional<ComingTrip> next_trip(const NodeState& state) {
  std::optional<ComingTrip> first;
  if (!is_guarded(state)) return first;
  const double top = highest_reference(state);
  for (std::size_t protection = 0; protection < k_protections; ++protection) {
    const std::size_t count = of_supply(protection) ? state.source_count : state.load_count;
    for (std::size_t i = 0; i < count; ++i) {
      if (!can_trip(state, protection, i, top)) continue;
      Watch watch{state, protection, i, state.held[protection][i]};
      watch.follow(state.since, k_never);
      if (watch.trips != k_never && (!first || watch.trips < first->at)) first = {watch.trips, protection, i};
    }
  }
  return first;
}

decltype(NodeState::held) held_at(const NodeState& state, std::int64_t instant) {
  auto held = not_held();
  if (!is_guarded(state)) return held;
  const double top = highest_reference(state);
  for (std::size_t protection = 0; protection < k_protections; ++protection) {
    const std::size_t count = of_supply(protection) ? state.source_count : state.load_count;
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t delay = delay_of(state, protection, i);
      if (delay == 0 || !can_trip(state, protection, i, top)) continue;
      Watch watch{state, protection, i, state.held[protection][i]};
      // What has stood for longer than the delay has tripped already.
      watch.follow(std::max(state.since, instant - delay), instant);
      held[protection][i] = watch.since;
    }
  }
  return held;
}

}  // namespace wheatstone::simulation
