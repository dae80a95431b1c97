#pragma once
// How the program speaks of benches.

#include <string>
#include <wheatstone/bench.hpp>

#include "json.hpp"

namespace wheatstone::cli {

/// An instrument of a bench file, and the bench, for programs; docs/reference/json.md has the keys.
[[nodiscard]] Json json_of(const BenchEntry& entry);
[[nodiscard]] Json json_of(const BenchDescription& bench);

/// Where an instrument is: its address, or "simulated".
[[nodiscard]] std::string place_of(const BenchEntry& entry);

}  // namespace wheatstone::cli
