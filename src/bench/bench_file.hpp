#pragma once
// A bench.yaml, read and checked: data, nothing in it is evaluated.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/bench.hpp>

namespace wheatstone::profile {
class YamlEntry;
}

namespace wheatstone::bench {

struct BenchFile {
  std::string name = {};
  std::string description = {};
  std::string version = {};
  bool simulate = false;
  std::uint64_t seed = 1;
  std::string pace = "fast";
  BenchExperiment experiment = {};
  std::vector<BenchEntry> entries = {};  ///< `options.simulate` already says which it is, by the file
  std::vector<std::string> places = {};  ///< of each entry, "bench.yaml:4:3"
};

/// Throws ConfigurationError: "bench.yaml:12:5: what is wrong", unknown keys with the nearest known one, keys that this
/// version does not act on by their name.
[[nodiscard]] BenchFile read_bench_file(const std::filesystem::path& file);
[[nodiscard]] BenchFile parse_bench_file(std::string_view yaml, const std::filesystem::path& file);
/// The same of a mapping within another file, whose folder relative paths count from.
[[nodiscard]] BenchFile read_bench(const profile::YamlEntry& root, const std::filesystem::path& file);
/// The keys `instruments`, `simulate`, `seed` and `pace` of a mapping that has others too.
[[nodiscard]] BenchFile read_instruments(const profile::YamlEntry& root, const std::filesystem::path& file);

}  // namespace wheatstone::bench
