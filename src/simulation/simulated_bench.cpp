#include "simulation/simulated_bench.hpp"

#include <fmt/format.h>

#include <wheatstone/error.hpp>

#include "simulation/simulated_transport.hpp"

namespace wheatstone::simulation {
namespace {

constexpr std::size_t k_rail = 0;  // the node of the obvious wiring

bool wired_to_rail(profile::InstrumentKind kind, bool has_supply) {
  switch (kind) {
    case profile::InstrumentKind::power_supply:
      return !has_supply;
    case profile::InstrumentKind::multimeter:
    case profile::InstrumentKind::oscilloscope:
    case profile::InstrumentKind::electronic_load:
      return true;
    case profile::InstrumentKind::generic:
      return false;
  }
  return false;
}

}  // namespace

/// What instruments point into; they may outlive the bench.
struct SimulatedBench::World {
  World(Pace pace, base::Clock& clock) : time(pace, clock) { (void)circuit.add_node(); }
  BenchTime time;
  Circuit circuit;
  Occasion occasion;
  std::atomic<std::uint64_t> runs{0};
};

SimulatedBench::SimulatedBench(SimulatedBenchOptions options) : options_(options) {
  if (options.pace == Pace::virtual_time && !options.clock->is_virtual()) {
    throw ConfigurationError("a simulated bench at the pace 'virtual' needs a virtual clock");
  }
  world_ = std::make_shared<World>(options.pace, *options.clock);
}

SimulatedBench::~SimulatedBench() = default;

Occasion& SimulatedBench::occasion() { return world_->occasion; }
std::uint64_t SimulatedBench::next_run() { return ++world_->runs; }

std::shared_ptr<SimulatedInstrument> SimulatedBench::instrument(const std::string& alias,
                                                                profile::ProfilePointer profile) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = instruments_.find(alias); found != instruments_.end()) {
    if (found->second->profile().name == profile->name) return found->second;
    throw ConfigurationError(fmt::format("the simulated bench has '{}' as a {} already; give the {} another name",
                                         alias, found->second->profile().name, profile->name));
  }
  Surroundings surroundings{.alias = alias,
                            .seed = options_.seed,
                            .profile = profile,
                            .time = &world_->time,
                            .circuit = &world_->circuit,
                            .occasion = &world_->occasion,
                            .nodes = {}};
  const bool on_rail = wired_to_rail(profile->kind, has_supply_);
  const std::size_t count = std::max<std::size_t>(1, profile->channels.size());
  for (std::size_t i = 0; i < count; ++i) {
    surroundings.nodes.push_back(i == 0 && on_rail ? k_rail : world_->circuit.add_node());
  }
  has_supply_ = has_supply_ || profile->kind == profile::InstrumentKind::power_supply;
  struct Kept {  // an instrument keeps the world it lives in
    Kept(std::shared_ptr<World> w, Surroundings s) : world(std::move(w)), instrument(std::move(s)) {}
    std::shared_ptr<World> world;
    SimulatedInstrument instrument;
  };
  auto kept = std::make_shared<Kept>(world_, std::move(surroundings));
  std::shared_ptr<SimulatedInstrument> instrument(kept, &kept->instrument);
  instruments_.emplace(alias, instrument);
  return instrument;
}

std::unique_ptr<transport::Transport> SimulatedBench::connect(std::string alias, profile::ProfilePointer profile) {
  return std::make_unique<SimulatedTransport>(instrument(alias, std::move(profile)));
}

Pace pace_from_name(std::string_view name) {
  if (name == "fast") return Pace::fast;
  if (name == "real") return Pace::real;
  if (name == "virtual") return Pace::virtual_time;
  throw ConfigurationError(fmt::format("'{}' is no pace of a simulated bench; use fast, real or virtual", name));
}

std::string_view name_of(Pace pace) {
  switch (pace) {
    case Pace::fast:
      return "fast";
    case Pace::real:
      return "real";
    case Pace::virtual_time:
      return "virtual";
  }
  return "";
}

}  // namespace wheatstone::simulation
