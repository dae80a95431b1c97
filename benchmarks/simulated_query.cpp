// A simulated query in process: message, parsing, physics, answer. Beside it a plain call that formats the same answer,
// which no simulation can be faster than.

#include <benchmark/benchmark.h>

#include <string>

#include "profile/profile.hpp"
#include "scpi/number.hpp"
#include "simulation/simulated_bench.hpp"

namespace {

using namespace wheatstone;

constexpr std::int64_t k_never = INT64_MAX;

struct Bench {
  simulation::SimulatedBench world;
  std::unique_ptr<transport::Transport> psu = world.connect("psu", profile::load_profile("keysight/EDU36311A"));
  std::unique_ptr<transport::Transport> dmm = world.connect("dmm", profile::load_profile("keysight/34470A"));
  std::unique_ptr<transport::Transport> load = world.connect("load", profile::load_profile("keysight/EL33133A"));
  std::unique_ptr<transport::Transport> scope = world.connect("scope", profile::load_profile("keysight/DSOX1204G"));
};

/// Asks again and again, and checks that the answers were numbers about as large as expected.
void ask(benchmark::State& state, transport::Transport& instrument, std::string_view query, double expected,
         double within) {
  double sum = 0;
  for (auto _ : state) {
    instrument.write(query, k_never);
    sum += scpi::parse_response_number(instrument.read_message(k_never)).value_or(1e300);
  }
  const double mean = sum / static_cast<double>(state.iterations());
  if (!(mean > expected - within && mean < expected + within)) state.SkipWithError("the answers were wrong");
}

void reference_format_and_parse(benchmark::State& state) {
  double sum = 0;
  for (auto _ : state) {
    std::string answer;
    scpi::append_nr3(answer, 2.0);
    sum += scpi::parse_response_number(answer).value_or(1e300);
  }
  if (sum != 2.0 * static_cast<double>(state.iterations())) state.SkipWithError("the answers were wrong");
}
BENCHMARK(reference_format_and_parse);

void query_set_point(benchmark::State& state) {
  Bench bench;
  bench.psu->write("VOLT 2,(@1);:OUTP ON,(@1)", k_never);
  ask(state, *bench.psu, "VOLT? (@1)", 2.0, 1e-9);
}
BENCHMARK(query_set_point);

void query_measured_voltage(benchmark::State& state) {
  Bench bench;
  bench.psu->write("VOLT 2,(@1);:OUTP ON,(@1)", k_never);
  for (int i = 0; i < 20; ++i) {
    bench.psu->write("MEAS:VOLT? (@1)", k_never);
    (void)bench.psu->read_message(k_never);
  }
  ask(state, *bench.psu, "MEAS:VOLT? (@1)", 2.0, 0.02);
}
BENCHMARK(query_measured_voltage);

void query_meter(benchmark::State& state) {
  Bench bench;
  bench.psu->write("VOLT 2,(@1);:OUTP ON,(@1)", k_never);
  bench.dmm->write("READ?", k_never);
  (void)bench.dmm->read_message(k_never);
  ask(state, *bench.dmm, "READ?", 2.0, 0.02);
}
BENCHMARK(query_meter);

void query_meter_with_load(benchmark::State& state) {
  Bench bench;
  bench.psu->write("VOLT 2,(@1);CURR 2,(@1);:OUTP ON,(@1)", k_never);
  bench.load->write("CURR 1;:INP ON", k_never);
  bench.dmm->write("READ?", k_never);
  (void)bench.dmm->read_message(k_never);
  ask(state, *bench.dmm, "READ?", 1.97, 0.03);
}
BENCHMARK(query_meter_with_load);

void set_voltage_with_error_query(benchmark::State& state) {
  Bench bench;
  ask(state, *bench.psu, "VOLT 1.5,(@1);:SYST:ERR?", 1e300, 1e290);  // an error entry is no number
}
BENCHMARK(set_voltage_with_error_query);

void measure_peak_to_peak(benchmark::State& state) {
  Bench bench;
  bench.psu->write("VOLT 2,(@1);:OUTP ON,(@1)", k_never);
  bench.scope->write(":CHAN1:SCAL 1;:MEAS:VPP? CHAN1", k_never);
  (void)bench.scope->read_message(k_never);
  ask(state, *bench.scope, "MEAS:VPP? CHAN1", 0.05, 0.06);
}
BENCHMARK(measure_peak_to_peak);

}  // namespace

BENCHMARK_MAIN();
