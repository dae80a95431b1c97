#include <wheatstone/bench.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/process.hpp"
#include "base/text.hpp"
#include "bench/bench_access.hpp"
#include "bench/bench_file.hpp"
#include "bench/bench_limits.hpp"
#include "bench/connect.hpp"
#include "bench/failures.hpp"
#include "bench/restore.hpp"

namespace wheatstone {
inline namespace v1 {

struct Bench::State {
  std::filesystem::path path;
  bench::BenchFile file;
  std::unique_ptr<base::Clock> own_clock;  // of the virtual pace
  std::unique_ptr<simulation::SimulatedBench> simulated;
  std::vector<std::unique_ptr<Instrument>> instruments;  // in the file's order
  base::ProcessBound process;

  [[nodiscard]] base::Clock& clock() const { return own_clock ? *own_clock : base::system_clock(); }
};

namespace {

using bench::collect;
using bench::raise;

void make_simulation(const bench::BenchFile& file, std::unique_ptr<base::Clock>& clock,
                     std::unique_ptr<simulation::SimulatedBench>& simulated) {
  simulation::SimulatedBenchOptions options;
  options.seed = file.seed;
  options.pace = simulation::pace_from_name(file.pace);
  if (options.pace == simulation::Pace::virtual_time) {
    clock = base::make_virtual_clock();
    options.clock = clock.get();
  }
  simulated = std::make_unique<simulation::SimulatedBench>(options);
}

}  // namespace

BenchDescription describe_bench(const std::filesystem::path& file) {
  const bench::BenchFile read = bench::read_bench_file(file);
  return {.name = read.name,
          .description = read.description,
          .version = read.version,
          .simulate = read.simulate,
          .seed = read.seed,
          .pace = read.pace,
          .experiment = read.experiment,
          .entries = read.entries};
}

Bench Bench::open(const std::filesystem::path& file, const BenchOptions& options) {
  return bench::BenchAccess::open(bench::read_bench_file(file), file, options);
}

Bench Bench::open(const BenchOptions& options) {
  const auto file = file_in_environment();
  if (!file) {
    throw ConfigurationError(
        "no bench is named: give its file, Bench::open(\"bench.yaml\"), or start the program with 'wheatstone run "
        "--bench bench.yaml' or WHEATSTONE_BENCH=bench.yaml");
  }
  return open(*file, options);
}

std::optional<std::filesystem::path> Bench::file_in_environment() {
  const char* const named = std::getenv("WHEATSTONE_BENCH");
  if (named == nullptr || *named == '\0') return std::nullopt;
  return named;
}

}  // namespace v1

namespace {

/// Throws one error that has every instrument which is neither simulated nor has an address, before any is connected.
void require_reachable(const bench::BenchFile& file) {
  std::vector<std::exception_ptr> failures;
  for (std::size_t i = 0; i < file.entries.size(); ++i) {
    const BenchEntry& entry = file.entries[i];
    if (bench::is_simulated(entry.options) || !entry.options.address.empty()) continue;
    bench::collect(failures, [&] {
      throw ConfigurationError(fmt::format(
          "{}: '{}' has nothing to connect to; give its address, or say simulate: true", file.places[i], entry.alias));
    });
  }
  if (!failures.empty()) bench::raise(failures);
}

}  // namespace

Bench bench::BenchAccess::open(BenchFile bench_file, const std::filesystem::path& file, const BenchOptions& options,
                               const TapOf& tap_of) {
  using State = Bench::State;
  auto state = std::make_unique<State>();
  state->path = file;
  state->file = std::move(bench_file);
  const std::optional<bool> simulate = all_simulated() ? true : options.simulate;
  if (simulate) {
    state->file.simulate = *simulate;
    for (BenchEntry& entry : state->file.entries) entry.options.simulate = simulate;
  }
  require_reachable(state->file);
  make_simulation(state->file, state->own_clock, state->simulated);
  std::vector<std::exception_ptr> failures;
  for (const BenchEntry& entry : state->file.entries) {
    collect(failures, [&] {
      state->instruments.push_back(connect(entry.alias, entry.profile, entry.options, *state->simulated, state->clock(),
                                           io::system_network(), tap_of ? tap_of(entry.alias) : transport::Tap()));
      set_limits(*state->instruments.back(), entry.limits);
    });
  }
  if (!failures.empty()) {
    for (const auto& instrument : state->instruments) instrument->close();
    raise(failures);
  }
  return Bench(std::move(state));
}

inline namespace v1 {

Bench::Bench(std::unique_ptr<State> state) : state_(std::move(state)) {}
Bench::Bench(Bench&& other) noexcept = default;

Bench::~Bench() {
  if (state_ == nullptr) return;
  if (!state_->process.in_own_process()) {
    static_cast<void>(state_.release());  // the parent's
    return;
  }
  try {
    close_all();
  } catch (const std::exception& error) {
    // A destructor cannot throw, and what could not be turned off must not be overlooked.
    fmt::print(stderr, "wheatstone: closing the bench '{}': {}\n", state_->file.name, error.what());
  }
}

Bench& Bench::operator=(Bench&& other) noexcept {
  if (this != &other) {
    Bench old(std::move(*this));
    state_ = std::move(other.state_);
  }
  return *this;
}

const std::string& Bench::name() const { return state_->file.name; }
const std::string& Bench::description() const { return state_->file.description; }
const std::string& Bench::version() const { return state_->file.version; }
const std::filesystem::path& Bench::file() const { return state_->path; }
const BenchExperiment& Bench::experiment() const { return state_->file.experiment; }
bool Bench::simulate() const { return state_->file.simulate; }
const std::vector<BenchEntry>& Bench::entries() const { return state_->file.entries; }

Instrument& Bench::instrument(std::string_view alias) const {
  state_->process.require_own_process("A bench");
  std::vector<std::string> names;
  for (const auto& instrument : state_->instruments) {
    if (instrument->alias() == alias) return *instrument;
    names.push_back(instrument->alias());
  }
  const std::vector<std::string> near = base::nearest(alias, names);
  throw ConfigurationError(
      near.empty()
          ? fmt::format("The bench '{}' has no instrument '{}'; it has {}", name(), alias, base::listed(names, "and"))
          : fmt::format("The bench '{}' has no instrument '{}'; did you mean {}?", name(), alias, base::listed(near)),
      {.alias = std::string(alias)});
}

void Bench::throw_wrong_kind(const Instrument& found) {
  throw ConfigurationError(fmt::format("'{}' is a {} ({}), not the kind that was asked for", found.alias(),
                                       found.kind(), found.profile_name()),
                           {.alias = found.alias(), .model = found.profile_name()});
}

RestoreReport Bench::restore(const Experiment& run, const BenchRestoreOptions& options) const {
  state_->process.require_own_process("A bench");
  std::vector<Instrument*> instruments;
  for (const auto& instrument : state_->instruments) instruments.push_back(instrument.get());
  return bench::restore(instruments, run, options);
}

void Bench::close_all() {
  state_->process.require_own_process("A bench");
  std::vector<std::exception_ptr> failures;
  // Loads first: a supply that goes off under a load that still draws leaves the wires to what else is connected.
  for (const bool loads : {true, false}) {
    for (const auto& instrument : state_->instruments) {
      if ((instrument->kind() == "electronic_load") != loads || !instrument->is_open()) continue;
      collect(failures, [&] {
        if (instrument->is_anything_on()) instrument->make_safe();
      });
    }
  }
  for (const auto& instrument : state_->instruments) instrument->close();
  raise(failures);
}

}  // namespace v1

namespace bench {

simulation::SimulatedBench& BenchAccess::simulated(const Bench& bench) { return *bench.state_->simulated; }
base::Clock& BenchAccess::clock(const Bench& bench) { return bench.state_->clock(); }
std::uint64_t BenchAccess::seed(const Bench& bench) { return bench.state_->file.seed; }
const std::string& BenchAccess::pace(const Bench& bench) { return bench.state_->file.pace; }

}  // namespace bench
}  // namespace wheatstone
