// Every query that a shipped profile names gets an answer or an error, never silence.

#include <gtest/gtest.h>

#include <set>

#include "simulation/fake_link.hpp"

namespace wheatstone::simulation {
namespace {

class ShippedProfile : public ::testing::TestWithParam<std::string> {};

TEST_P(ShippedProfile, answers_every_query_that_needs_no_argument_or_says_what_it_lacks) {
  SimulatedBench bench;
  const auto profile = profile::load_profile(GetParam());
  const auto instrument = bench.instrument("one", profile);
  std::set<std::string> lacking;
  for (const profile::Command& command : profile->commands->commands()) {
    if (!command.can_query) continue;
    bool needs_argument = false;
    for (const profile::Parameter& parameter : command.query_parameters) needs_argument |= !parameter.optional;
    if (needs_argument && command.parameters.empty()) continue;
    instrument->write("*RST;*CLS");
    std::string message;
    profile->commands->append_query(message, command);
    instrument->write(message);
    if (instrument->read().response) continue;
    instrument->write("SYST:ERR?");
    const std::string error = instrument->read().response.value();
    EXPECT_FALSE(error.starts_with("+0")) << message << " was met with silence";
    if (error.starts_with("-241")) lacking.insert(command.id);
  }
  // What each instrument has and its simulation has not; a name is taken off when it gets a model.
  const std::map<std::string, std::set<std::string>> known = {
      {"keysight/DSOX1204G",
       {"acquire", "measure.area", "measure.delay", "measure.fall_time", "measure.phase", "measure.rise_time",
        "screenshot", "waveform.segmented_count", "waveform.segmented_time"}},
      {"keysight/34470A", {"device_temperature"}},
  };
  const auto found = known.find(GetParam());
  const std::set<std::string> expected = found == known.end() ? std::set<std::string>{} : found->second;
  EXPECT_EQ(lacking, expected);
}

INSTANTIATE_TEST_SUITE_P(All, ShippedProfile, ::testing::ValuesIn(profile::list_profiles()), [](const auto& shipped) {
  std::string name = shipped.param;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
});

}  // namespace
}  // namespace wheatstone::simulation
