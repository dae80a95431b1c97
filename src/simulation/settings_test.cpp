// Every setting that a shipped profile names does something, is refused, or stands on the short list of those that only
// a person in front of the instrument would notice.

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "simulation/fake_link.hpp"

namespace wheatstone::simulation {
namespace {

using Ids = std::set<std::string>;

/// Sends what makes models look at their settings: everything that takes no argument, and every query.
void exercise(SimulatedInstrument& instrument) {
  const auto write = [&](const std::string& message) {
    instrument.write(message);
    (void)instrument.read();
    instrument.clear();
  };
  const profile::CommandTable& table = *instrument.profile().commands;
  for (const profile::Command& command : table.commands()) {
    bool needs_argument = false;
    bool asks_for_argument = false;
    for (const profile::Parameter& one : command.parameters) needs_argument |= !one.optional;
    for (const profile::Parameter& one : command.query_parameters) asks_for_argument |= !one.optional;
    if (command.can_query && !asks_for_argument) {
      std::string query;
      table.append_query(query, command);
      write(query);
    }
    if (!command.can_set || needs_argument || command.id == "reset" || command.id == "preset") continue;
    std::string message;
    command.patterns.front().append_shortest(message);
    write(message);
  }
}

class ShippedSettings : public ::testing::TestWithParam<std::string> {};

TEST_P(ShippedSettings, act_or_are_refused_or_are_for_the_eye_alone) {
  SimulatedBench bench;
  const auto profile = profile::load_profile(GetParam());
  const auto instrument = bench.instrument("one", profile);
  const profile::CommandTable& table = *profile->commands;
  for (const char* prelude : {"VOLT:MODE STEP,(@1);:CURR:MODE STEP,(@1)", "FUNC VOLT", "FUNC POW", "FUNC RES",
                              "FUNC CURR", "OUTP ON,(@1)", "INIT:TRAN;:TRIG:TRAN", "INIT (@1)", ":DIG CHAN1"}) {
    instrument->write(prelude);
    exercise(*instrument);
  }
  Ids ignored;
  Ids kept;
  for (const profile::Command& command : table.commands()) {
    if (!command.can_set) continue;
    const Treatment treatment = instrument->treatment(command);
    const bool unread = treatment == Treatment::reads && !instrument->was_read(command);
    if (treatment == Treatment::unknown || unread) ignored.insert(command.id);
    if (treatment == Treatment::keeps) kept.insert(command.id);
  }
  EXPECT_EQ(ignored, Ids{}) << "a model must read or refuse these";
  const std::map<std::string, Ids> for_the_eye = {
      {"keysight/EDU36311A",
       {"beep", "clear_display_text", "display", "display_text", "local", "remote", "remote_lock"}},
      {"keysight/EL33133A",
       {"beeper", "clear_display_text", "display", "display_text", "local", "remote", "remote_lock"}},
      {"keysight/34470A",
       {"beep", "beeper", "clear_display_text", "display", "display_text", "local", "temperature.unit"}},
      {"keysight/DSOX1204G",
       {"channel.label", "channel.units", "channel.vernier", "clear_display", "lock", "measure.clear"}},
  };
  kept.erase("power_on_status_clear");  // acts when an instrument is switched on again
  if (GetParam() == "keysight/DSOX1204G") {
    // Sent without a question mark, a measurement is shown on the screen.
    std::erase_if(kept, [](const std::string& id) { return id.starts_with("measure.") && id != "measure.clear"; });
  }
  const auto expected = for_the_eye.find(GetParam());
  EXPECT_EQ(kept, expected == for_the_eye.end() ? Ids{} : expected->second);
}

TEST(Settings, that_no_model_knows_are_refused_and_not_stored) {
  SimulatedBench bench;
  Link psu(bench, "psu", "keysight/EDU36311A");
  psu.write("OUTP:PAIR SER");
  EXPECT_TRUE(psu.error().starts_with("-241,"));
  EXPECT_EQ(psu.query("OUTP:PAIR?"), "OFF");
}

INSTANTIATE_TEST_SUITE_P(All, ShippedSettings, ::testing::ValuesIn(profile::list_profiles()), [](const auto& shipped) {
  std::string name = shipped.param;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
});

}  // namespace
}  // namespace wheatstone::simulation
