#pragma once
// What a session needs of a bench beyond its public words.

#include <wheatstone/bench.hpp>

#include "base/clock.hpp"
#include "simulation/simulated_bench.hpp"

namespace wheatstone::bench {

class BenchAccess {
 public:
  /// The world that the bench's simulated instruments share; for more of them.
  [[nodiscard]] static simulation::SimulatedBench& simulated(const Bench& bench);
  /// The clock of that world.
  [[nodiscard]] static base::Clock& clock(const Bench& bench);
  [[nodiscard]] static std::uint64_t seed(const Bench& bench);
  /// "fast", "real" or "virtual".
  [[nodiscard]] static const std::string& pace(const Bench& bench);
};

}  // namespace wheatstone::bench
