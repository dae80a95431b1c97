// Settings of the simulated instruments, read through the drivers that a bench connects.

#include <gtest/gtest.h>

#include <algorithm>
#include <wheatstone/electronic_load.hpp>
#include <wheatstone/power_supply.hpp>

#include "bench/connect.hpp"
#include "instrument/settings_reader.hpp"
#include "profile/profile.hpp"

namespace wheatstone::bench {
namespace {

class SettingsTest : public ::testing::Test {
 protected:
  std::unique_ptr<Instrument> connect_to(const std::string& profile) {
    return connect("my " + profile, profile, {.simulate = true}, world, base::system_clock());
  }
  static const Value* find(const std::vector<Setting>& settings, std::string_view name, int channel = 0) {
    const auto found = std::find_if(settings.begin(), settings.end(),
                                    [&](const Setting& s) { return s.name == name && s.channel == channel; });
    return found == settings.end() ? nullptr : &found->value;
  }

  simulation::SimulatedBench world{simulation::SimulatedBenchOptions{}};
};

TEST_F(SettingsTest, are_read_of_each_shipped_model_without_a_gap_and_without_an_error) {
  for (const std::string& name : profile::list_profiles()) {
    const auto profile = profile::load_profile(name);
    if (profile->kind == profile::InstrumentKind::generic) continue;
    const auto instrument = connect_to(name);
    const std::vector<Setting> settings = instrument->settings();
    for (const instrument::SettingQuery& query : instrument::setting_queries(*profile->commands)) {
      const int channel = query.channels.empty() ? 0 : query.channels.back();
      EXPECT_NE(find(settings, query.command->id, channel), nullptr) << name << ": " << query.text;
    }
    EXPECT_GT(settings.size(), 20U) << name;
    EXPECT_TRUE(instrument->read_errors().empty()) << name;
  }
}

TEST_F(SettingsTest, tell_what_was_set_by_name_and_channel) {
  const auto instrument = connect_to("keysight/EDU36311A");
  auto& psu = dynamic_cast<PowerSupply&>(*instrument);
  psu.channel(2).set(12, 0.25).on();
  const std::vector<Setting> settings = psu.settings();
  EXPECT_EQ(*find(settings, "voltage", 2)->get_if<double>(), 12);
  EXPECT_EQ(*find(settings, "current", 2)->get_if<double>(), 0.25);
  EXPECT_EQ(*find(settings, "voltage", 1)->get_if<double>(), 0);
  EXPECT_TRUE(*find(settings, "output", 2)->get_if<bool>());
  EXPECT_FALSE(*find(settings, "output", 1)->get_if<bool>());
  EXPECT_EQ(*find(settings, "remote_sense", 3)->get_if<std::string>(), "INT");
}

TEST_F(SettingsTest, are_none_of_an_instrument_of_no_known_model) {
  EXPECT_TRUE(connect_to("generic/scpi")->settings().empty());
}

}  // namespace
}  // namespace wheatstone::bench
