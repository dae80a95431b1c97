#pragma once
// The settings that a run keeps, put back on a bench.

#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/bench.hpp>

namespace wheatstone::bench {

/// What run.json keeps of one instrument.
struct KeptSettings {
  std::string alias = {};
  std::string profile = {};  ///< of the instrument then
  std::vector<Setting> settings = {};
  std::string trouble = {};  ///< why there are none: it did not answer then
};

/// Throws ConfigurationError where the run keeps none of that moment.
[[nodiscard]] std::vector<KeptSettings> kept_settings(const Experiment& run, SettingsOf moment);

/// As Bench::restore(), on the instruments given.
[[nodiscard]] RestoreReport restore(const std::vector<Instrument*>& instruments, const Experiment& run,
                                    const BenchRestoreOptions& options);

}  // namespace wheatstone::bench
