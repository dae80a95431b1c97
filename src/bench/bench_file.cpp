#include "bench/bench_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "bench/bench_limits.hpp"
#include "profile/profile.hpp"
#include "profile/yaml_entry.hpp"
#include "simulation/simulated_bench.hpp"
#include "transport/resource_name.hpp"

namespace wheatstone::bench {
namespace {

using profile::YamlEntry;

// Keys of the bench files that scripts bring along, which this version does not act on: read and ignored, they would
// deceive.
constexpr std::array<std::string_view, 13> k_later{
    "limits",
    "interlocks",
    "wiring",
    "automation",
    "custom_validations",
    "traceability",
    "measurement_plan",
    "backend_defaults",
    "backend",
    "continue_on_automation_error",
    "continue_on_instrument_error",
    "last_modified",
    "changelog",
};

/// An entry has these keys, and none of a later version.
void allow(const YamlEntry& entry, std::initializer_list<std::string_view> keys) {
  entry.allow(keys, k_later);
  for (const auto& [key, value] : entry.members()) {
    if (std::find(k_later.begin(), k_later.end(), key) == k_later.end()) continue;
    entry.attempt([&, &name = key, &place = value] {
      place.fail_at_key(fmt::format("the key '{}' is not supported by this version; take it out", name));
    });
  }
}

bool is_alias(std::string_view alias) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !alias.empty() && is_letter(alias.front()) &&
         std::all_of(alias.begin(), alias.end(), [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

/// Names that mean something else where instruments are given by name: to acquisitions and tasks, and as attributes of
/// Python's Bench, whose tests hold this list against it.
constexpr std::array k_reserved = std::to_array<std::string_view>({"timestamp",
                                                                   "ctx",
                                                                   "stop_event",
                                                                   "close",
                                                                   "close_all",
                                                                   "config",
                                                                   "db",
                                                                   "description",
                                                                   "experiment",
                                                                   "file",
                                                                   "from_yaml",
                                                                   "health_check",
                                                                   "initialize_database",
                                                                   "instrument",
                                                                   "instruments",
                                                                   "name",
                                                                   "open",
                                                                   "restore",
                                                                   "save_experiment",
                                                                   "simulate",
                                                                   "version"});

BenchExperiment read_experiment(const YamlEntry& entry) {
  allow(entry, {"title", "description", "operator", "date", "notes", "database_path"});
  BenchExperiment experiment;
  experiment.title = entry.text_or("title", "");
  experiment.description = entry.text_or("description", "");
  experiment.operator_name = entry.text_or("operator", "");
  experiment.date = entry.text_or("date", "");
  experiment.notes = entry.text_or("notes", "");
  experiment.database_path = entry.text_or("database_path", "");
  return experiment;
}

Duration read_timeout(const YamlEntry& entry) {
  const double seconds = entry.has("timeout") ? entry.at("timeout").number() : entry.at("timeout_ms").number() * 1e-3;
  if (seconds > 0 && seconds < 1e6) return Duration::from_seconds(seconds);
  entry.at(entry.has("timeout") ? "timeout" : "timeout_ms").fail("a time-out is positive");
}

/// What `check` refuses is refused at the place of `entry`, before anything is connected.
template <class Check>
void at_place(const YamlEntry& entry, Check check) {
  try {
    static_cast<void>(check());
  } catch (const ConfigurationError& error) {
    std::string why = error.what();
    if (!error.attached().empty()) why += fmt::format(" (and {} more there)", error.attached().size());
    entry.fail(why);
  }
}

/// A relative path of a profile counts from the bench file's folder.
std::string profile_of(const std::string& text, const std::filesystem::path& file) {
  const bool is_path = text.ends_with(".yaml") || text.ends_with(".yml");
  const std::filesystem::path path(text);
  return is_path && path.is_relative() ? (file.parent_path() / path).string() : text;
}

BenchEntry read_instrument(const std::string& alias, const YamlEntry& entry, bool simulate,
                           const std::filesystem::path& file) {
  if (!is_alias(alias))
    entry.fail_at_key(
        fmt::format("'{}' cannot name an instrument: letters, digits and '_' only, no digit first", alias));
  if (std::find(k_reserved.begin(), k_reserved.end(), alias) != k_reserved.end())
    entry.fail_at_key(
        fmt::format("the alias '{}' has a meaning of its own on a bench or in an acquisition; choose another", alias));
  BenchEntry read;
  read.alias = alias;
  if (!entry.is_map() && !entry.is_list()) {
    read.profile = profile_of(entry.text(), file);
    at_place(entry, [&] { return profile::load_profile(read.profile); });
    if (simulate) read.options.simulate = true;
    return read;
  }
  allow(entry, {"profile", "address", "serial_number", "simulate", "timeout", "timeout_ms", "shared", "safety_limits"});
  read.profile = profile_of(entry.text_or("profile", ""), file);
  read.options.address = entry.text_or("address", "");
  read.options.serial_number = entry.text_or("serial_number", "");
  read.options.shared = entry.boolean_or("shared", false);
  if (entry.has("simulate")) {
    read.options.simulate = entry.at("simulate").boolean();
  } else if (simulate) {
    read.options.simulate = true;
  }
  if (entry.has("timeout") && entry.has("timeout_ms")) entry.at("timeout_ms").fail("'timeout' says it already");
  if (entry.has("timeout") || entry.has("timeout_ms")) read.options.timeout = read_timeout(entry);
  if (const auto limits = entry.find("safety_limits")) read.limits = read_limits(*limits);
  if (read.profile.empty() && read.options.address.empty())
    entry.fail(fmt::format("'{}' needs a profile or an address", alias));
  if (!read.profile.empty()) at_place(entry.at("profile"), [&] { return profile::load_profile(read.profile); });
  if (!read.profile.empty()) check_limits(profile::load_profile(read.profile), read.limits);
  if (!read.options.address.empty())
    at_place(entry.at("address"), [&] { return transport::ResourceName::parse(read.options.address); });
  return read;
}

void read_simulation(BenchFile& bench, const YamlEntry& root) {
  bench.simulate = root.boolean_or("simulate", false);
  if (root.has("seed")) {
    const double seed = root.at("seed").number();
    if (!(seed >= 0 && seed <= 9.0e15) || seed != static_cast<double>(static_cast<std::uint64_t>(seed))) {
      root.at("seed").fail("a seed is a whole number from 0");
    }
    bench.seed = static_cast<std::uint64_t>(seed);
  }
  if (!root.has("pace")) return;
  bench.pace = root.at("pace").text();
  at_place(root.at("pace"), [&] { return simulation::pace_from_name(bench.pace); });
}

}  // namespace

BenchFile parse_bench_file(std::string_view yaml, const std::filesystem::path& file) {
  const std::string origin = file.string();
  profile::Problems problems;
  BenchFile bench;
  problems.attempt([&] { bench = read_bench(YamlEntry::parse(yaml, origin, &problems), file); });
  problems.raise();
  return bench;
}

BenchFile read_bench(const YamlEntry& root, const std::filesystem::path& file) {
  if (!root.is_map()) root.fail("a bench file is a mapping that begins with bench_name: and instruments:");
  allow(root,
        {"bench_name", "name", "description", "version", "simulate", "seed", "pace", "experiment", "instruments"});
  BenchFile named;
  root.attempt([&] {
    if (root.has("bench_name") && root.has("name")) root.at("name").fail("'bench_name' says it already");
    named.name = root.has("name") ? root.at("name").text() : root.text_or("bench_name", file.stem().string());
    named.description = root.text_or("description", "");
    named.version = root.text_or("version", "");
  });
  root.attempt([&] {
    if (const auto experiment = root.find("experiment")) named.experiment = read_experiment(*experiment);
  });
  BenchFile bench = read_instruments(root, file);
  bench.name = std::move(named.name);
  bench.description = std::move(named.description);
  bench.version = std::move(named.version);
  bench.experiment = std::move(named.experiment);
  return bench;
}

BenchFile read_instruments(const YamlEntry& root, const std::filesystem::path& file) {
  BenchFile bench;
  root.attempt([&] { read_simulation(bench, root); });
  root.attempt([&] {
    const auto instruments = root.at("instruments").members();
    if (instruments.empty()) root.at("instruments").fail("a bench has one instrument at least");
    for (const auto& [alias, entry] : instruments) {
      entry.attempt([&, &name = alias, &read = entry] {
        bench.entries.push_back(read_instrument(name, read, bench.simulate, file));
        bench.places.push_back(read.place());
      });
    }
  });
  return bench;
}

BenchFile read_bench_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    throw ConfigurationError(
        fmt::format("The bench file {} cannot be opened: {}", file.string(), std::strerror(errno)));
  }
  std::ostringstream text;
  text << in.rdbuf();
  return parse_bench_file(text.view(), file);
}

}  // namespace wheatstone::bench
