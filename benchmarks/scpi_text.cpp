// A set-point into text, a reply out of text, a message through the command table: beside snprintf and strtod.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "profile/profile.hpp"
#include "scpi/number.hpp"

namespace {

namespace profile = wheatstone::profile;
namespace scpi = wheatstone::scpi;

void format_set_point(benchmark::State& state) {
  const auto supply = profile::load_profile("keysight/EDU36311A");
  const profile::Command& voltage = supply->commands->at("voltage");
  const int channels[] = {1};
  std::string text;
  for (auto _ : state) {
    text.clear();
    const profile::Term terms[] = {1.5};
    supply->commands->append_setting(text, voltage, terms, channels);
    benchmark::DoNotOptimize(text.data());
  }
  if (text != "VOLT 1.5,(@1)") state.SkipWithError(text.c_str());
}
BENCHMARK(format_set_point);

void reference_snprintf(benchmark::State& state) {
  char text[64];
  for (auto _ : state) {
    std::snprintf(text, sizeof text, "VOLT %g,(@%d)", 1.5, 1);
    benchmark::DoNotOptimize(text);
  }
  if (std::string(text) != "VOLT 1.5,(@1)") state.SkipWithError(text);
}
BENCHMARK(reference_snprintf);

void parse_reply(benchmark::State& state) {
  double value = 0;
  for (auto _ : state) {
    value = scpi::parse_response_number("+9.99749200E-01\n").value_or(0);
    benchmark::DoNotOptimize(value);
  }
  if (value != 0.9997492) state.SkipWithError("another number");
}
BENCHMARK(parse_reply);

void reference_strtod(benchmark::State& state) {
  double value = 0;
  for (auto _ : state) {
    value = std::strtod("+9.99749200E-01\n", nullptr);
    benchmark::DoNotOptimize(value);
  }
  if (value != 0.9997492) state.SkipWithError("another number");
}
BENCHMARK(reference_strtod);

void match_message(benchmark::State& state, const char* model, const char* message, const char* id) {
  const auto instrument = profile::load_profile(model);
  const profile::Command* found = nullptr;
  for (auto _ : state) {
    profile::MatchContext context;
    const profile::Match match = instrument->commands->match(message, context);
    found = match ? match.command : nullptr;
    benchmark::DoNotOptimize(found);
  }
  if (found == nullptr || found->id != id) state.SkipWithError("another command");
}
BENCHMARK_CAPTURE(match_message, set_point, "keysight/EDU36311A", "VOLT 1.5,(@1)", "voltage");
BENCHMARK_CAPTURE(match_message, query, "keysight/EDU36311A", "MEAS:VOLT? (@1)", "measure_voltage");
BENCHMARK_CAPTURE(match_message, long_form, "keysight/DSOX1204G", ":CHANnel1:SCALe 500 mV", "channel.scale");

}  // namespace

BENCHMARK_MAIN();
