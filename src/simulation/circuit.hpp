#pragma once
// The electrical world that the simulated instruments of a bench share.

#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "simulation/node_trace.hpp"

namespace wheatstone::simulation {

/// Nodes against one common ground, with supply channels, loads and inputs between node and ground. Physics is
/// evaluated when asked, for any instant of the last seconds; between two changes everything moves along known curves.
/// Protections act in their own time, whether anybody asks or not.
///
/// Owned by the bench. Any thread may call any method; the one lock is held for a microsecond, never across a wait.
/// Times are BenchTime nanoseconds; a change that comes with a time before the node's last one counts from that.
class Circuit {
 public:
  struct Place {  ///< of a source or load
    std::size_t node = 0;
    std::size_t index = 0;
  };
  struct SourceView {
    double voltage = 0;  ///< at the supply's own terminals
    double current = 0;
    bool limiting = false;     ///< constant current
    bool regulating = false;   ///< constant voltage
    std::uint8_t tripped = 0;  ///< Trip bits
  };
  struct LoadView {
    double voltage = 0;
    double current = 0;
    std::uint8_t tripped = 0;
    bool unregulated = false;  ///< saturated, or the source gives too little
  };

  /// A new node that nothing is connected to.
  [[nodiscard]] std::size_t add_node();

  /// Throws ConfigurationError where the node has four of that kind already.
  [[nodiscard]] Place add_source(std::size_t node, const SourceDynamics& dynamics, std::int64_t at);
  [[nodiscard]] Place add_load(std::size_t node, const LoadSettings& settings, std::int64_t at);
  /// Adds to (or, negative, takes from) what is passive across the node, in siemens.
  void add_conductance(std::size_t node, double siemens, std::int64_t at);
  /// An ammeter's shunt between the sources and the node, in ohms; 0 takes it out.
  void set_line_resistance(std::size_t node, double ohms, std::int64_t at);

  void set_source(Place place, const SourceSettings& settings, std::int64_t at);
  void set_load(Place place, const LoadSettings& settings, std::int64_t at);

  /// What was set last, with what has tripped since.
  [[nodiscard]] LoadSettings load_settings(Place place, std::int64_t at) const;
  [[nodiscard]] SourceView source(Place place, std::int64_t at) const;
  [[nodiscard]] LoadView load(Place place, std::int64_t at) const;

  [[nodiscard]] NodeTrace trace(std::size_t node, std::int64_t from, std::int64_t to) const;
  /// The instant of the node's last change that is not after `at`.
  [[nodiscard]] std::int64_t last_change(std::size_t node, std::int64_t at) const;
  /// From when on every supply of the node stands at its set-point, within a read-back step, unless something changes.
  [[nodiscard]] std::int64_t sources_settled(std::size_t node, std::int64_t at) const;
  [[nodiscard]] std::size_t node_count() const;

 private:
  using History = std::deque<NodeState>;

  template <class Change>
  void change(std::size_t node, std::int64_t at, Change change);
  static void append(History& history, const NodeState& next);
  static void foresee(History& history);
  [[nodiscard]] static const NodeState& state_at(const History& history, std::int64_t at);

  mutable std::mutex mutex_;
  // protected by mutex_
  std::vector<History> nodes_;
};

}  // namespace wheatstone::simulation
