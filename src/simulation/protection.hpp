#pragma once
// When the protections of supplies and loads turn them off.

#include <optional>

#include "simulation/node_state.hpp"

namespace wheatstone::simulation {

/// A protection that will act unless something changes before.
struct ComingTrip {
  std::int64_t at = 0;
  std::size_t protection = 0;  ///< 0 supply over-voltage, 1 supply over-current; 2, 3, 4 load voltage, current, power
  std::size_t index = 0;       ///< of the supply channel or load on its node

  /// Latches it.
  void apply_to(NodeState& state) const;
};

/// The first trip that this state leads to by itself: each protection acts when its cause has stood without a break for
/// its delay. Absent where none ever does.
[[nodiscard]] std::optional<ComingTrip> next_trip(const NodeState& state);

/// Since when each cause stands at that instant, for the state that follows: a change elsewhere restarts no delay.
[[nodiscard]] decltype(NodeState::held) held_at(const NodeState& state, std::int64_t instant);

}  // namespace wheatstone::simulation
