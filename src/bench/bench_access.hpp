#pragma once
// What a session needs of a bench beyond its public words.

#include <wheatstone/bench.hpp>

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "bench/bench_file.hpp"
#include "simulation/simulated_bench.hpp"
#include "transport/transport.hpp"

namespace wheatstone::bench {

/// Sees all messages of the instrument of that alias, from its first one on.
using TapOf = std::function<transport::Tap(const std::string& alias)>;

class BenchAccess {
 public:
  /// Connects what a bench file says; `file` is what Bench::file() tells. `tap_of` may be empty.
  [[nodiscard]] static Bench open(BenchFile bench, const std::filesystem::path& file, const BenchOptions& options,
                                  const TapOf& tap_of = {});
  /// The world that the bench's simulated instruments share; for more of them.
  [[nodiscard]] static simulation::SimulatedBench& simulated(const Bench& bench);
  /// The clock of that world.
  [[nodiscard]] static base::Clock& clock(const Bench& bench);
  [[nodiscard]] static std::uint64_t seed(const Bench& bench);
  /// "fast", "real" or "virtual".
  [[nodiscard]] static const std::string& pace(const Bench& bench);
};

}  // namespace wheatstone::bench
