#pragma once
// The simulated instruments of one bench and the world that they share.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "profile/profile.hpp"
#include "simulation/bench_time.hpp"
#include "simulation/circuit.hpp"
#include "simulation/occasion.hpp"
#include "simulation/simulated_instrument.hpp"
#include "transport/transport.hpp"

namespace wheatstone::simulation {

struct SimulatedBenchOptions {
  std::uint64_t seed = 1;                      ///< of all systematic errors and all noise
  Pace pace = Pace::fast;                      ///< how the time that instruments take is spent
  base::Clock* clock = &base::system_clock();  ///< outlives the bench; a virtual one for Pace::virtual_time
};

/// One physical world. Any thread may call any method; instruments wait for each other only for the circuit's own lock,
/// a microsecond at most.
///
/// Without a wiring the obvious one holds: channel 1 of the first supply, the input of each load, and the first inputs
/// of meters and scopes are one node; every other channel stands by itself. An ammeter sits in the supply's line.
class SimulatedBench {
 public:
  /// Throws ConfigurationError where Pace::virtual_time comes without a virtual clock.
  explicit SimulatedBench(SimulatedBenchOptions options = {});
  ~SimulatedBench();
  SimulatedBench(const SimulatedBench&) = delete;
  SimulatedBench& operator=(const SimulatedBench&) = delete;

  /// The instrument of that alias, switched on and wired when it is first asked for. The same alias again is the same
  /// instrument. It may outlive the bench. Throws ConfigurationError where the alias is another model already.
  [[nodiscard]] std::shared_ptr<SimulatedInstrument> instrument(const std::string& alias,
                                                                profile::ProfilePointer profile);

  /// A link to it.
  [[nodiscard]] std::unique_ptr<transport::Transport> connect(std::string alias, profile::ProfilePointer profile);

  /// Where the readings are numbered from.
  [[nodiscard]] Occasion& occasion();
  /// Counts the runs on this bench, from 1.
  [[nodiscard]] std::uint64_t next_run();

  [[nodiscard]] std::uint64_t seed() const { return options_.seed; }
  [[nodiscard]] Pace pace() const { return options_.pace; }

 private:
  struct World;

  // constant after construction
  SimulatedBenchOptions options_;
  std::shared_ptr<World> world_;
  std::mutex mutex_;
  // protected by mutex_
  std::map<std::string, std::shared_ptr<SimulatedInstrument>> instruments_;
  bool has_supply_ = false;
};

/// "fast", "real", "virtual". Throws ConfigurationError naming them.
[[nodiscard]] Pace pace_from_name(std::string_view name);
[[nodiscard]] std::string_view name_of(Pace pace);

}  // namespace wheatstone::simulation
