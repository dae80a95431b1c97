#include "session/session_state.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <random>
#include <wheatstone/error.hpp>

#include "bench/bench_access.hpp"
#include "session/store_location.hpp"

namespace wheatstone {
namespace {

constexpr std::array<std::string_view, 4> k_engine_words = {"timestamp", "ctx", "stop_event", "first_after_resume"};

/// A clock of the session's own where its pace is virtual; a bench brings its own clock.
std::unique_ptr<base::Clock> virtual_clock_of(const SessionOptions& options) {
  const bool is_virtual = simulation::pace_from_name(options.pace) == simulation::Pace::virtual_time;
  return is_virtual && options.bench == nullptr ? base::make_virtual_clock() : nullptr;
}

base::Clock& clock_of(const SessionOptions& options, base::Clock* own) {
  if (options.bench != nullptr) return bench::BenchAccess::clock(*options.bench);
  return own != nullptr ? *own : base::system_clock();
}

/// Loads are switched off before what feeds them; instruments that only look come last.
int safe_rank(const SessionInstrument& entry) {
  if (entry.instrument == nullptr) return 2;
  if (entry.instrument->kind() == "electronic_load") return 0;
  if (entry.instrument->kind() == "power_supply") return 1;
  return 3;
}

io::Document document_of(const SessionInstrument& entry) {
  io::Document document = io::Document::object({{"alias", entry.alias}});
  if (entry.instrument == nullptr) {
    document["attached"] = entry.description;
    return document;
  }
  document["profile"] = entry.instrument->profile_name();
  document["kind"] = entry.instrument->kind();
  document["address"] = entry.instrument->address();
  document["simulated"] = entry.instrument->is_simulated();
  document["identity"] = entry.instrument->identity();
  return document;
}

}  // namespace

MeasurementSession::State::State(std::string session_name, SessionOptions session_options)
    : name(std::move(session_name)),
      options(std::move(session_options)),
      virtual_clock(virtual_clock_of(options)),
      clock(&clock_of(options, virtual_clock.get())) {
  if (options.bench == nullptr) return;
  if (options.seed != SessionOptions{}.seed || options.pace != SessionOptions{}.pace) {
    throw ConfigurationError(
        "seed and pace belong to the bench that is given: write them into its file, as the keys 'seed' and 'pace'");
  }
  for (const BenchEntry& entry : options.bench->entries()) {
    instruments.push_back({.alias = entry.alias, .instrument = &options.bench->instrument(entry.alias)});
  }
  if (std::ranges::any_of(instruments, [](const SessionInstrument& entry) { return entry.instrument->is_open(); })) {
    return;
  }
  throw ConfigurationError(fmt::format("the bench '{}' that the session '{}' was given is closed; open it again",
                                       options.bench->name(), name));
}

void MeasurementSession::State::require_free_name(std::string_view candidate, std::string_view what) const {
  if (candidate.empty()) throw ConfigurationError(fmt::format("{} needs a name", what));
  if (std::ranges::find(k_engine_words, candidate) != k_engine_words.end()) {
    throw ConfigurationError(
        fmt::format("{} cannot be called '{}', which the session uses itself; rename it", what, candidate));
  }
  if (std::ranges::find(parameters, candidate, &session::ParameterDefinition::name) != parameters.end()) {
    throw ConfigurationError(
        fmt::format("{} cannot be called '{}': a parameter has that name; rename one", what, candidate));
  }
  if (find_instrument(candidate) != nullptr) {
    throw ConfigurationError(
        fmt::format("{} cannot be called '{}': an instrument has that name; rename one", what, candidate));
  }
}

void MeasurementSession::State::require_open() const {
  require_own_process();
  if (!open) throw ConfigurationError("this session is closed; make a new one");
}

void MeasurementSession::State::require_no_run(std::string_view instead) const {
  require_open();
  const std::scoped_lock lock(mutex);
  if (control) throw ConfigurationError(fmt::format("the session is running; {}", instead));
}

void MeasurementSession::State::require_idle() const {
  require_no_run("register parameters, acquisitions and tasks before run()");
}

const SessionInstrument* MeasurementSession::State::find_instrument(std::string_view alias) const {
  const auto found = std::ranges::find(instruments, alias, &SessionInstrument::alias);
  return found == instruments.end() ? nullptr : &*found;
}

simulation::SimulatedBench& MeasurementSession::State::simulated_bench() {
  if (options.bench != nullptr) return bench::BenchAccess::simulated(*options.bench);
  if (!world) {
    world = std::make_unique<simulation::SimulatedBench>(simulation::SimulatedBenchOptions{
        .seed = options.seed, .pace = simulation::pace_from_name(options.pace), .clock = clock});
  }
  return *world;
}

session::RunRequest MeasurementSession::State::make_request(const RunOptions& run_options) const {
  session::RunRequest request;
  request.name = name;
  request.description = options.description;
  request.parameters = parameters;
  request.acquisitions = acquisitions;
  request.derivations = derivations;
  request.baselines = baselines;
  request.hooks = hooks;
  request.tasks = tasks;
  request.observers = observers;
  request.conditions = conditions;
  request.options = run_options;
  request.constraints = constraints;
  request.store = session::store_location(options.store, options.bench);
  request.clock = clock;
  request.files = &io::system_files();
  request.pulse = pulse;
  request.launch = launch;
  for (const SessionInstrument& entry : instruments) request.aliases.push_back(entry.alias);
  request.safe_steps = safe_steps(true);
  if (options.read_settings) request.read_settings = [this] { return session::read_settings(connected()); };
  request.details = details;
  io::Document list = io::Document::array();
  for (const SessionInstrument& entry : instruments) list.push_back(document_of(entry));
  request.details["instruments"] = std::move(list);
  if (options.bench == nullptr) {
    request.details["simulation"] = io::Document::object({{"seed", options.seed}, {"pace", options.pace}});
  } else {
    request.details["simulation"] = io::Document::object(
        {{"seed", bench::BenchAccess::seed(*options.bench)}, {"pace", bench::BenchAccess::pace(*options.bench)}});
    request.details["bench"] = io::Document::object({{"name", options.bench->name()},
                                                     {"file", options.bench->file().string()},
                                                     {"version", options.bench->version()}});
  }
  return request;
}

void MeasurementSession::State::complete(session::RunRequest& request) {
  std::string which = request.options.resume;
  if (which.empty()) which = session::take_resumption_in_environment(request.name);
  if (!which.empty()) request.resumption = session::find_resumption(request, which);
  if (request.options.order.kind() == Order::random && !request.options.order_seed) {
    if (request.resumption) request.options.order_seed = session::order_seed_of(*request.resumption);
    if (!request.options.order_seed) request.options.order_seed = std::random_device{}();
  }
  simulation::SimulatedBench* bench =
      options.bench != nullptr ? &bench::BenchAccess::simulated(*options.bench) : world.get();
  if (bench == nullptr) return;
  request.occasion = &bench->occasion();
  std::optional<std::uint64_t> number;
  if (request.resumption) number = session::run_on_bench_of(*request.resumption);
  request.run_on_bench = number ? *number : bench->next_run();
  request.details["simulation"]["run"] = request.run_on_bench;
}

std::vector<Instrument*> MeasurementSession::State::connected() const {
  std::vector<Instrument*> all;
  for (const SessionInstrument& entry : instruments) {
    if (entry.instrument != nullptr) all.push_back(entry.instrument);
  }
  return all;
}

std::vector<session::ExitStep> MeasurementSession::State::safe_steps(bool of_bench_too) const {
  std::vector<const SessionInstrument*> ordered;
  for (const SessionInstrument& entry : instruments) {
    if (entry.owned || entry.instrument == nullptr || of_bench_too) ordered.push_back(&entry);
  }
  std::ranges::stable_sort(ordered, {}, [](const SessionInstrument* entry) { return safe_rank(*entry); });
  std::vector<session::ExitStep> steps;
  for (const SessionInstrument* entry : ordered) {
    session::ExitStep step{
        .name = fmt::format("make '{}' safe", entry->alias), .limit = std::chrono::seconds(5), .work = {}};
    if (Instrument* instrument = entry->instrument) {
      step.work = [instrument] {
        if (instrument->is_open() && instrument->is_anything_on()) instrument->make_safe();
      };
    } else if (entry->make_safe) {
      step.work = entry->make_safe;
    } else {
      continue;
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

session::RunControl::Answer MeasurementSession::State::ask(Action action, const session::Origin& origin) {
  require_own_process();
  std::shared_ptr<session::RunControl> asked;
  {
    const std::scoped_lock lock(mutex);
    asked = control;
  }
  if (!asked) return {.accepted = false, .sentence = fmt::format("the session '{}' runs nothing", name)};
  return asked->ask(action, origin);
}

void MeasurementSession::State::warn(std::vector<std::string> sentences) {
  for (std::string& sentence : sentences) {
    if (kept_warnings) {
      kept_warnings->push_back(std::move(sentence));
    } else {
      fmt::print(stderr, "wheatstone: {}\n", sentence);
    }
  }
}

void MeasurementSession::State::cancel_waits() const {
  for (const SessionInstrument& entry : instruments) {
    if (entry.instrument != nullptr) entry.instrument->cancel();
  }
}

}  // namespace wheatstone
