#pragma once
// From what somebody asks for to a connected instrument: the only place that chooses a transport.

#include <memory>
#include <string>
#include <string_view>
#include <wheatstone/instrument.hpp>

#include "base/clock.hpp"
#include "io/socket.hpp"
#include "simulation/simulated_bench.hpp"
#include "transport/transport.hpp"

namespace wheatstone::bench {

/// Whether WHEATSTONE_SIMULATE says "all": every instrument of this process is simulated, whatever was asked for. This
/// is what `wheatstone run --simulate` relies on, so that no real instrument moves.
[[nodiscard]] bool all_simulated();

/// Whether an instrument is simulated: where all are; else as its options say, else as WHEATSTONE_SIMULATE (or
/// PYTESTLAB_SIMULATE) says. Throws ConfigurationError for a variable that says neither yes nor no.
[[nodiscard]] bool is_simulated(const InstrumentOptions& options);

/// Connects. `profile` is "maker/MODEL", a model, or a YAML file; empty, with an address, it follows from *IDN?.
/// Simulated instruments stand on `simulated` and live in `clock`, which is that bench's; real ones are held
/// exclusively, across processes, unless shared. `tap` (may be empty) sees all messages from the first one on. Throws
/// ConfigurationError (nothing to connect to, unknown profile, another instrument than the profile's), ConnectionError,
/// and what talking throws.
[[nodiscard]] std::unique_ptr<Instrument> connect(std::string_view alias, std::string_view profile,
                                                  const InstrumentOptions& options,
                                                  simulation::SimulatedBench& simulated, base::Clock& clock,
                                                  io::Network& network = io::system_network(), transport::Tap tap = {});

}  // namespace wheatstone::bench
