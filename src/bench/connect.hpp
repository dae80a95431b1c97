#pragma once
// From what somebody asks for to a connected instrument: the only place that chooses a transport.

#include <memory>
#include <string>
#include <string_view>
#include <wheatstone/instrument.hpp>

#include "base/clock.hpp"
#include "io/socket.hpp"
#include "simulation/simulated_bench.hpp"

namespace wheatstone::bench {

/// Whether an instrument is simulated: as its options say, else as WHEATSTONE_SIMULATE (or PYTESTLAB_SIMULATE) says.
/// Throws ConfigurationError for a variable that says neither yes nor no.
[[nodiscard]] bool is_simulated(const InstrumentOptions& options);

/// Connects. `profile` is "maker/MODEL", a model, or a YAML file; empty, with an address, it follows from *IDN?.
/// Simulated instruments stand on `simulated` and live in `clock`, which is that bench's; real ones are held
/// exclusively, across processes, unless shared. Throws ConfigurationError (nothing to connect to, unknown profile,
/// another instrument than the profile's), ConnectionError, and what talking throws.
[[nodiscard]] std::unique_ptr<Instrument> connect(std::string_view alias, std::string_view profile,
                                                  const InstrumentOptions& options,
                                                  simulation::SimulatedBench& simulated, base::Clock& clock,
                                                  io::Network& network = io::system_network());

}  // namespace wheatstone::bench
