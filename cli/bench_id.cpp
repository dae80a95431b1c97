// wheatstone bench id, wheatstone instrument idn: who is there.

#include <fmt/format.h>

#include <ostream>
#include <wheatstone/bench.hpp>
#include <wheatstone/profile.hpp>
#include <wheatstone/session.hpp>

#include "bench_text.hpp"
#include "lines.hpp"
#include "model_text.hpp"
#include "table.hpp"
#include "verbs.hpp"

namespace wheatstone::cli {
namespace {

struct IdOptions {
  std::filesystem::path file = {};
  bool simulate = false;
  bool json = false;
};

struct Answer {
  std::string identity = {};
  std::string trouble = {};
};

// One that does not answer is told, and the others are asked.
Answer answer_of(MeasurementSession& session, const BenchEntry& entry, bool simulate) {
  InstrumentOptions options = entry.options;
  if (simulate) options.simulate = true;
  try {
    return {.identity = session.instrument(entry.alias, entry.profile, options).identity()};
  } catch (const Interrupted&) {
    throw;
  } catch (const Error& error) {
    return {.trouble = error.what()};
  }
}

int bench_id(const Terminal& terminal, const IdOptions& options) {
  const BenchDescription bench = describe_bench(options.file);
  MeasurementSession session(bench.name, {.seed = bench.seed, .pace = bench.pace});
  Table table({{.title = "instrument"}, {.title = "address", .rank = 1, .least = 10}, {.title = "says", .least = 16}});
  Json all = Json::array();
  int status = k_done;
  for (const BenchEntry& entry : bench.entries) {
    const Answer answer = answer_of(session, entry, options.simulate);
    if (!answer.trouble.empty()) {
      status = k_failed;
      *terminal.err << "wheatstone: " << answer.trouble << '\n';
    }
    table.add({entry.alias, options.simulate ? "simulated" : place_of(entry),
               answer.trouble.empty() ? Cell(printable(answer.identity)) : Cell("no answer", Style::bad)});
    all.add(json_of(entry)
                .set("simulate", options.simulate || entry.options.simulate.value_or(false))
                .set("identity", answer.trouble.empty() ? Json(answer.identity) : Json())
                .set("trouble", answer.trouble.empty() ? Json() : Json(answer.trouble)));
  }
  *terminal.out << (options.json ? all.text() : table.text(terminal));
  return status;
}

struct InstrumentIdnOptions {
  std::string address = {};
  std::optional<double> timeout = {};
  bool json = false;
};

int instrument_idn(const Terminal& terminal, const InstrumentIdnOptions& options) {
  MeasurementSession session("idn");
  InstrumentOptions how{.simulate = false, .address = options.address};
  if (options.timeout) how.timeout = Duration::from_seconds(*options.timeout);
  Instrument& instrument = session.instrument("instrument", "generic/scpi", how);
  const std::string identity = instrument.identity();
  const std::optional<Model> model = find_model_of(identity);
  for (const std::string& note : instrument.connection_notes()) *terminal.err << "wheatstone: " << note << '\n';
  if (options.json) {
    Json found = Json::object({{"address", options.address}, {"identity", identity}, {"profile", Json()}});
    if (model) found.set("profile", model->name);
    *terminal.out << found.text();
    return k_done;
  }
  *terminal.out << printable(identity) << '\n';
  if (model) {
    *terminal.err << fmt::format("its profile is {}\n", model->name);
  } else {
    *terminal.err << "no profile is of that model; 'generic/scpi' talks to it all the same\n";
  }
  return k_done;
}

}  // namespace

void add_bench_id(Verb& bench) {
  Verb& verb = bench.verb("id", "Connect each instrument of a bench file and ask who it is (*IDN?)");
  IdOptions& options = verb.does(&bench_id);
  verb.argument("file", options.file, "The bench file", {.required = true, .offers = Offer::bench});
  verb.flag("--simulate", options.simulate, "Ask the simulated instruments of their profiles instead");
  verb.flag("--json", options.json, k_json_help);
  verb.note("An instrument that does not answer is status 1; the others are asked all the same.");
  verb.example("wheatstone bench id bench.yaml --simulate");
}

void add_instrument(Verb& program) {
  Verb& instrument = program.verb("instrument", "A single instrument by its address");
  Verb& verb = instrument.verb("idn", "Connect an instrument and ask who it is (*IDN?)");
  InstrumentIdnOptions& options = verb.does(&instrument_idn);
  verb.argument("address", options.address, "A VISA resource name", {.required = true});
  verb.option("--timeout", options.timeout, "Seconds to wait for the connection and the answer (5)",
              {.value = "SECONDS"});
  verb.flag("--json", options.json, k_json_help);
  verb.example("wheatstone instrument idn TCPIP::192.168.1.20::5025::SOCKET");
  instrument.example("wheatstone instrument idn TCPIP::192.168.1.20::5025::SOCKET");
}

}  // namespace wheatstone::cli
