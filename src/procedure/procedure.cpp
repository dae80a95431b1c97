#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <wheatstone/procedure.hpp>
#include <wheatstone/store.hpp>

#include "base/process.hpp"
#include "base/text.hpp"
#include "bench/bench_access.hpp"
#include "io/document.hpp"
#include "procedure/bound_procedure.hpp"
#include "procedure/digest.hpp"
#include "procedure/dry_run_recorder.hpp"
#include "procedure/point_check.hpp"
#include "procedure/procedure_access.hpp"
#include "procedure/sweep_values.hpp"
#include "storage/known_stores.hpp"

namespace wheatstone {
inline namespace v1 {

namespace fs = std::filesystem;

struct Procedure::State {
  fs::path file;
  std::string text;
  procedure::Definition definition;
  std::map<std::string, std::string> replaced;  ///< values by parameter, as set() was told

  [[nodiscard]] bench::BenchFile bench_file(const fs::path& other, fs::path& origin) const;
  [[nodiscard]] SessionOptions session_options(const fs::path& store) const;
  [[nodiscard]] io::Document details() const;
  [[nodiscard]] std::unique_ptr<PreparedProcedure::State> prepared(const ProcedureOptions& options,
                                                                   const bench::TapOf& tap_of = {}) const;
};

struct PreparedProcedure::State {
  std::optional<Bench> bench;
  std::unique_ptr<MeasurementSession> session;
  RunOptions options;
  Preview preview;
  OnClose on_close = OnClose::off;
};

namespace {

/// A folder for a while.
class PassingFolder {
 public:
  PassingFolder() {
    std::string name = (fs::temp_directory_path() / std::string(storage::k_passing_store)).string() + "XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) {
      throw StorageError(fmt::format("a dry run needs a folder in {}, which cannot be made: {}",
                                     fs::temp_directory_path().string(), std::strerror(errno)));
    }
    path_ = name;
  }
  ~PassingFolder() {
    std::error_code ignored;  // a folder of the system's temporary ones, which it clears by itself
    fs::remove_all(path_, ignored);
  }
  PassingFolder(const PassingFolder&) = delete;
  PassingFolder& operator=(const PassingFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// What is on stays on: the bench forgets that it was turned on here.
void leave_as_set(MeasurementSession& session) {
  for (const std::string& alias : session.instrument_names()) {
    Instrument& instrument = session.instrument(alias);
    const InstrumentLock lock = instrument.lock();
    instrument.conversation().made_on().clear();
  }
}

}  // namespace

// ---- The file ----------------------------------------------------------------------------------------------------

Procedure Procedure::read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::error_code ignored;
  if (!in || fs::is_directory(file, ignored)) {
    throw ConfigurationError(fmt::format("The procedure {} cannot be opened: {}", file.string(),
                                         in ? "it is a folder" : std::strerror(errno)));
  }
  std::ostringstream text;
  text << in.rdbuf();
  return parse(text.view(), file);
}

Procedure Procedure::parse(std::string_view yaml, const fs::path& file) {
  auto state = std::make_unique<State>();
  state->file = file;
  state->text = yaml;
  state->definition = procedure::read_definition(yaml, file);
  return Procedure(std::move(state));
}

Procedure::Procedure(std::unique_ptr<State> state) : state_(std::move(state)) {}
Procedure::~Procedure() = default;
Procedure::Procedure(const Procedure& other) : state_(std::make_unique<State>(*other.state_)) {}
Procedure::Procedure(Procedure&&) noexcept = default;
Procedure& Procedure::operator=(const Procedure& other) {
  if (this != &other) state_ = std::make_unique<State>(*other.state_);
  return *this;
}
Procedure& Procedure::operator=(Procedure&&) noexcept = default;

const fs::path& Procedure::file() const { return state_->file; }
const std::string& Procedure::text() const { return state_->text; }
const std::string& Procedure::name() const { return state_->definition.name; }

std::vector<std::string> Procedure::parameters() const {
  std::vector<std::string> names;
  for (const auto& parameter : state_->definition.parameters) names.push_back(parameter.name.text);
  return names;
}

Procedure& Procedure::set(std::string_view assignment) {
  procedure::Assignment given = procedure::parse_assignment(assignment);
  const auto found = std::ranges::find(state_->definition.parameters, given.name,
                                       [](const procedure::ParameterText& parameter) { return parameter.name.text; });
  if (found == state_->definition.parameters.end()) {
    const std::vector<std::string> names = parameters();
    const std::vector<std::string> near = base::nearest(given.name, names);
    given.values.place().fail(fmt::format("{} has no parameter '{}'; {}", state_->file.string(), given.name,
                                          names.empty()  ? std::string("it has no sweep")
                                          : near.empty() ? "it has " + base::listed(names, "and")
                                                         : "did you mean " + base::listed(near) + "?"));
  }
  // Refused now, where it was typed.
  if (!found->values) {
    given.values.place().fail(fmt::format("the values of '{}' come from its order; change the file", given.name));
  }
  const auto is_number = [](Value::Kind kind) { return kind == Value::Kind::real || kind == Value::Kind::integer; };
  const bool takes_numbers = is_number(procedure::sweep_values(*found->values, found->unit).kind);
  if (takes_numbers != is_number(procedure::sweep_values(given.values, found->unit).kind)) {
    given.values.place().fail(fmt::format("'{}' is {} number, and the values of '{}' are {}", given.values.place().text,
                                          takes_numbers ? "no" : "a", given.name, takes_numbers ? "numbers" : "words"));
  }
  found->values = std::move(given.values);
  state_->replaced[given.name] = assignment.substr(assignment.find('=') + 1);
  return *this;
}

// ---- From a file to a session ------------------------------------------------------------------------------------

bench::BenchFile Procedure::State::bench_file(const fs::path& other, fs::path& origin) const {
  if (!other.empty()) {
    origin = other;
    return bench::read_bench_file(other);
  }
  if (definition.bench) {
    origin = file;
    bench::BenchFile written = *definition.bench;
    if (written.name.empty()) written.name = definition.name;
    return written;
  }
  if (definition.bench_path) {
    const fs::path path = definition.bench_path->text;
    origin = path.is_relative() ? file.parent_path() / path : path;
    if (!fs::exists(origin)) {
      definition.bench_path->fail(fmt::format("there is no bench file {}", origin.string()));
    }
    return bench::read_bench_file(origin);
  }
  if (const auto named = Bench::file_in_environment()) {
    origin = *named;
    return bench::read_bench_file(origin);
  }
  throw ConfigurationError(fmt::format(
      "{} names no instruments: add 'instruments:' or 'bench:', or give a bench with --bench", file.string()));
}

SessionOptions Procedure::State::session_options(const fs::path& store) const {
  SessionOptions options;
  options.description = definition.description;
  options.on_close = definition.on_close;
  options.store = store;
  if (store.empty() && !definition.store.empty() && !Store::folder_in_environment()) {
    const fs::path path = definition.store;
    options.store = path.is_relative() ? file.parent_path() / path : path;
  }
  return options;
}

io::Document Procedure::State::details() const {
  io::Document details = io::Document::object();
  std::error_code ignored;
  details["procedure"] = io::Document::object({{"file", fs::absolute(file, ignored).string()}, {"source", text}});
  for (const auto& [name, values] : replaced) details["procedure"]["set"][name] = values;
  details["plan"]["procedure"] = procedure::digest_of(definition);
  if (!definition.notes.empty()) details["notes"] = definition.notes;
  for (const std::string& tag : definition.tags) details["tags"].push_back(tag);
  return details;
}

std::unique_ptr<PreparedProcedure::State> Procedure::State::prepared(const ProcedureOptions& options,
                                                                     const bench::TapOf& tap_of) const {
  auto made = std::make_unique<PreparedProcedure::State>();
  fs::path origin;
  bench::BenchFile instruments = bench_file(options.bench, origin);
  made->bench = bench::BenchAccess::open(std::move(instruments), origin,
                                         {.simulate = options.simulate ? std::optional(true) : std::nullopt}, tap_of);
  SessionOptions session_options = this->session_options(options.store);
  session_options.bench = &*made->bench;
  made->session = std::make_unique<MeasurementSession>(options.name.empty() ? definition.name : options.name,
                                                       std::move(session_options));
  binding::set_details(*made->session, details().dump());
  procedure::Bound bound = procedure::bind(definition, *made->session);
  if (!options.allow_long) procedure::require_likely_size(definition, bound.preview);
  made->options = std::move(bound.options);
  made->preview = std::move(bound.preview);
  made->on_close = definition.on_close;
  made->options.resume = options.resume;
  made->options.handle_interrupt = options.handle_interrupt;
  return made;
}

PreparedProcedure Procedure::prepare(const ProcedureOptions& options) const {
  return PreparedProcedure(state_->prepared(options));
}

Experiment Procedure::run(const ProcedureOptions& options) const {
  PreparedProcedure prepared = prepare(options);
  Experiment experiment = prepared.run();
  prepared.close();
  return experiment;
}

Preview Procedure::preview(const ProcedureOptions& options, const PreviewOptions& shown) const {
  fs::path origin;
  bench::BenchFile instruments = state_->bench_file(options.bench, origin);
  Bench bench = bench::BenchAccess::open(std::move(instruments), origin, {.simulate = true});
  SessionOptions session_options = state_->session_options(options.store);
  session_options.bench = &bench;
  MeasurementSession session(name(), std::move(session_options));
  Preview preview = procedure::bind(state_->definition, session, {}, shown).preview;
  try {
    if (!options.allow_long) procedure::require_likely_size(state_->definition, preview);
  } catch (const ConfigurationError& error) {
    preview.refused.emplace_back(error.what());
  }
  return preview;
}

DryRun Procedure::dry_run(const DryRunOptions& options) const {
  const PassingFolder store;
  procedure::DryRunRecorder recorder(options.points);
  fs::path origin;
  bench::BenchFile instruments = state_->bench_file(options.bench, origin);
  instruments.pace = "virtual";
  recorder.begin(DryRunStep::Kind::connect);
  Bench bench = bench::BenchAccess::open(std::move(instruments), origin, {.simulate = true},
                                         [&](const std::string& alias) { return recorder.tap(alias); });
  bool complete = true;
  {
    SessionOptions session_options = state_->session_options(store.path());
    session_options.bench = &bench;
    MeasurementSession session(name(), std::move(session_options));
    recorder.begin(DryRunStep::Kind::prepare);
    const procedure::Bound bound = procedure::bind(
        state_->definition, session, recorder.watch(bench::BenchAccess::clock(bench), [&session] { session.stop(); }));
    if (!options.allow_long) procedure::require_likely_size(state_->definition, bound.preview);
    (void)session.run(bound.options);
    const auto total = session.progress().total;
    complete = !total || *total <= options.points;
    if (state_->definition.on_close == OnClose::leave) leave_as_set(session);
    recorder.begin(DryRunStep::Kind::close);
  }
  bench.close_all();
  DryRun done = recorder.take();
  done.name = name();
  done.complete = complete;
  return done;
}

// ---- Ready to run ------------------------------------------------------------------------------------------------

PreparedProcedure::PreparedProcedure(std::unique_ptr<State> state) : state_(std::move(state)) {}
PreparedProcedure::~PreparedProcedure() = default;
PreparedProcedure::PreparedProcedure(PreparedProcedure&&) noexcept = default;
PreparedProcedure& PreparedProcedure::operator=(PreparedProcedure&&) noexcept = default;

MeasurementSession& PreparedProcedure::session() { return *state_->session; }
const RunOptions& PreparedProcedure::run_options() const { return state_->options; }
const Preview& PreparedProcedure::preview() const { return state_->preview; }

Experiment PreparedProcedure::run() {
  Experiment experiment = state_->session->run(state_->options);
  if (state_->on_close == OnClose::leave) leave_as_set(*state_->session);
  return experiment;
}

void PreparedProcedure::close() {
  state_->session->close();
  state_->bench->close_all();
}

}  // namespace v1

PreparedProcedure procedure::ProcedureAccess::prepare(const Procedure& procedure, const ProcedureOptions& options,
                                                      const bench::TapOf& tap_of) {
  return PreparedProcedure(procedure.state_->prepared(options, tap_of));
}

}  // namespace wheatstone
