#pragma once
// The limits that a bench file sets for an instrument.

#include <vector>
#include <wheatstone/bench.hpp>

#include "profile/profile.hpp"
#include "profile/yaml_entry.hpp"

namespace wheatstone::bench {

/// What stands under `safety_limits`: {channels: {1: {voltage: {min: 0, max: 5}}}}. Throws ConfigurationError at the
/// place of what is no limit.
[[nodiscard]] std::vector<BenchLimit> read_limits(const profile::YamlEntry& entry);

/// Throws ConfigurationError, naming the file's place, where the model has no such channel or set-point, or a limit
/// leaves nothing of its range.
void check_limits(const profile::ProfilePointer& profile, const std::vector<BenchLimit>& limits);

/// Puts them into the instrument's gate. Throws ConfigurationError, naming the file's place, where the model has no
/// such channel or set-point, or a limit leaves nothing of its range.
void set_limits(Instrument& instrument, const std::vector<BenchLimit>& limits);

}  // namespace wheatstone::bench
