#pragma once
// One node of the circuit between two changes: what is connected to it, and the voltage that follows.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace wheatstone::simulation {

inline constexpr std::size_t k_most_per_node = 4;  // supply channels, and loads, on one node
inline constexpr std::size_t k_protections = 5;    // of supplies: voltage, current; of loads: voltage, current, power
inline constexpr std::int64_t k_never = std::numeric_limits<std::int64_t>::max();

[[nodiscard]] constexpr std::array<std::array<std::int64_t, k_most_per_node>, k_protections> not_held() {
  std::array<std::array<std::int64_t, k_most_per_node>, k_protections> held{};
  for (auto& one : held) one.fill(k_never);
  return held;
}

/// How fast a supply's output moves, and what stands between it and the node.
struct SourceDynamics {
  double rise_seconds = 0.011;     ///< time constant upwards, and downwards where the load pulls hard enough
  double capacitance = 1000e-6;    ///< of the output, in farads
  double bleed_current = 0.02;     ///< what the supply itself sinks, in amperes: the slow, linear fall without a load
  double lead_resistance = 0.025;  ///< of both leads together, in ohms
  double ripple = 0.5e-3;          ///< rms noise of the output, in volts
};

/// The voltage that a supply regulates to, on its way from one set-point to the next.
struct Reference {
  std::int64_t since = 0;
  double from = 0;
  double to = 0;
  double time_constant = 0;  ///< seconds; exponential where > 0
  double slope = 0;          ///< volts a second, linear where time_constant is 0

  [[nodiscard]] double at(std::int64_t instant) const;
  /// From here on it stands at `to`; or, for less than 24 time constants, as near to it as that brings it.
  [[nodiscard]] std::int64_t settled(double lifetimes = 24) const;
};

/// Why a protection has turned an output or input off.
enum Trip : std::uint8_t {
  k_over_voltage = 1,
  k_over_current = 2,
  k_over_power = 4,
};

/// What a supply channel does at its terminals; set-points are the true ones, programming error included.
struct SourceSettings {
  bool on = false;
  double voltage = 0;
  double current_limit = 0;
  double on_delay = 0;   ///< seconds from switching on until the output begins to rise
  double off_delay = 0;  ///< and from switching off until it begins to fall
  double trip_voltage = std::numeric_limits<double>::infinity();  ///< turns the output off above it
  bool trips_at_limit = false;                                    ///< turns it off in constant current
  std::uint8_t tripped = 0;                                       ///< Trip bits; latched until set anew without them
  double voltage_trip_delay = 0;  ///< seconds for which the output must stand above `trip_voltage`
  double current_trip_delay = 0;  ///< seconds for which it must be in constant current

  [[nodiscard]] bool drives() const { return on && tripped == 0; }
};

struct Source {
  SourceSettings settings;
  SourceDynamics dynamics;
  Reference reference;
};

enum class LoadMode : std::uint8_t { current, voltage, resistance, power };

/// A load that changes between two levels by itself, from `since` on.
struct LoadTransient {
  enum class Kind : std::uint8_t { none, continuous, pulse };
  Kind kind = Kind::none;
  double level = 0;         ///< the true transient level
  std::int64_t since = 0;   ///< a cycle (or the pulse) begins with the transient level
  std::int64_t period = 1;  ///< nanoseconds, of the continuous kind; whole ones, so that edges fall on instants
  std::int64_t width = 0;   ///< nanoseconds at the transient level
  std::int64_t cycles = 0;  ///< of the continuous kind, after which it ends; 0 goes on

  [[nodiscard]] bool active(std::int64_t instant) const;
  /// The first change of level after that instant; absent where there is none.
  [[nodiscard]] std::optional<std::int64_t> next_edge(std::int64_t after) const;
};

/// What an electronic load does at its terminals; the level is the true one.
struct LoadSettings {
  bool on = false;
  bool shorted = false;
  LoadMode mode = LoadMode::current;
  double level = 0;
  double slew = 0;  ///< units a second from ramp_from towards the level; 0 is at once
  double ramp_from = 0;
  std::int64_t ramp_since = 0;
  double minimum_resistance = 0.05;  ///< the input cannot be less, whatever is asked of it
  double maximum_current = 40.8;
  double minimum_voltage = 0;  ///< below it the input carries less, in proportion
  double trip_voltage = std::numeric_limits<double>::infinity();
  double trip_current = std::numeric_limits<double>::infinity();
  double trip_power = std::numeric_limits<double>::infinity();
  std::uint8_t tripped = 0;  ///< Trip bits; latched until set anew without them
  LoadTransient transient = {};
  double current_trip_delay = 0;  ///< seconds for which the current must stand above `trip_current`

  [[nodiscard]] bool conducts() const { return on && tripped == 0; }
};

/// Where a node has come to rest.
struct NodeSolution {
  double voltage = 0;
  std::array<double, k_most_per_node> source_current{};
  std::array<bool, k_most_per_node> source_limiting{};  ///< the channel is in constant current
  std::array<double, k_most_per_node> load_current{};
  double line_current = 0;  ///< sum of what the sources give: what an ammeter in the line reads
};

struct NodeState {
  std::int64_t since = 0;
  std::size_t source_count = 0;
  std::size_t load_count = 0;
  std::array<Source, k_most_per_node> sources{};
  std::array<LoadSettings, k_most_per_node> loads{};
  double conductance = 1e-12;  ///< of everything passive across the node (inputs of meters and scopes), in siemens
  double line_resistance = 0;  ///< an ammeter's shunt between sources and node, in ohms
  double relaxing = 0;         ///< how far above its rest the node was at `since`: outputs have capacitors
  bool foreseen = false;       ///< a protection will bring it about, unless something changes before
  /// Since when each protection's cause stands without a break (protection.hpp); k_never where it does not.
  std::array<std::array<std::int64_t, k_most_per_node>, k_protections> held = not_held();

  /// Where the node rests with the references as they stand at that instant.
  [[nodiscard]] NodeSolution solve(std::int64_t instant) const;
  /// With what is left of the last jump: continuous across states.
  [[nodiscard]] double voltage(std::int64_t instant) const;
  /// No reference moves any more and the jump has died away.
  [[nodiscard]] std::int64_t settled() const;
  /// The first instant after `after` at which a load changes its level by itself; absent where none does.
  [[nodiscard]] std::optional<std::int64_t> next_edge(std::int64_t after) const;
  /// The rms noise that the sources leave on the node.
  [[nodiscard]] double ripple() const;
};

/// What a load with these settings takes at that voltage.
[[nodiscard]] double load_current(const LoadSettings& load, double voltage, std::int64_t instant);
/// The level that a load is at: on its ramp, or in its transient.
[[nodiscard]] double load_level(const LoadSettings& load, std::int64_t instant);
/// The load cannot do what it is set to: the source gives too little, or it has come to a bound of its own.
[[nodiscard]] bool is_unregulated(const LoadSettings& load, double voltage, std::int64_t instant);

}  // namespace wheatstone::simulation
