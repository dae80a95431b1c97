#pragma once
// The recent past of one node of the circuit.

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

#include "simulation/node_state.hpp"

namespace wheatstone::simulation {

/// In states that are ordered by their beginning, the first that begins after that instant.
[[nodiscard]] auto first_state_after(const auto& states, std::int64_t instant) {
  return std::upper_bound(states.begin(), states.end(), instant,
                          [](std::int64_t at, const NodeState& state) { return at < state.since; });
}

/// The states of one node that touch an interval, oldest first: enough to know its voltage at any instant in it,
/// without the circuit's lock.
class NodeTrace {
 public:
  explicit NodeTrace(std::vector<NodeState> states) : states_(std::move(states)) {}

  [[nodiscard]] double voltage(std::int64_t instant) const;
  [[nodiscard]] double line_current(std::int64_t instant) const;
  [[nodiscard]] double load_current(std::size_t load, std::int64_t instant) const;
  [[nodiscard]] double ripple(std::int64_t instant) const { return state_at(instant).ripple(); }

  /// Of everything passive across the node, in siemens.
  [[nodiscard]] double conductance(std::int64_t instant) const { return state_at(instant).conductance; }
  [[nodiscard]] bool has_sources() const { return states_.back().source_count > 0; }

  /// Fills `volts` with the voltage at from, from + step, ... (nanoseconds).
  void sample(double from, double step, std::span<float> volts) const;
  /// The first instant in [from, to] at which the voltage passes `level` upwards (or downwards).
  [[nodiscard]] std::optional<std::int64_t> crossing(std::int64_t from, std::int64_t to, double level,
                                                     bool upwards) const;

  /// Mean over [from, to]; exact where nothing moves.
  [[nodiscard]] double mean_voltage(std::int64_t from, std::int64_t to) const;
  [[nodiscard]] double mean_line_current(std::int64_t from, std::int64_t to) const;

 private:
  [[nodiscard]] const NodeState& state_at(std::int64_t instant) const;
  /// Calls piece(state, begin, end, still) for the stretches of [from, to] in which the node moves smoothly; `still`
  /// where it does not move at all. Stops when piece returns false.
  template <class Piece>
  void for_each_piece(std::int64_t from, std::int64_t to, Piece piece) const;
  template <class Quantity>
  [[nodiscard]] double mean(std::int64_t from, std::int64_t to, Quantity quantity) const;

  std::vector<NodeState> states_;
};

}  // namespace wheatstone::simulation
