#pragma once
// Edges as an oscilloscope's trigger sees them.

#include <optional>

#include "simulation/node_trace.hpp"

namespace wheatstone::simulation {

/// Filters of the trigger's path, one pole each at about 50 kHz (DSOX1204G data sheet p.14).
struct TriggerFilter {
  bool rejects_low = false;
  bool rejects_high = false;
};

struct EdgeSearch {
  std::int64_t from = 0;
  std::int64_t to = 0;
  double level = 0;
  double hysteresis = 0;  ///< how far beyond the level the signal must have been before it passes it
  bool rising = true;
};

/// The first instant in [from, to] at which the signal passes the level. Absent where it does not.
[[nodiscard]] std::optional<std::int64_t> find_edge(const NodeTrace& trace, TriggerFilter filter,
                                                    const EdgeSearch& search);

}  // namespace wheatstone::simulation
