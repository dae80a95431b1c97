// Settings put back on simulated instruments, through the drivers that a bench connects.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <wheatstone/bench.hpp>
#include <wheatstone/electronic_load.hpp>
#include <wheatstone/multimeter.hpp>
#include <wheatstone/power_supply.hpp>
#include <wheatstone/table_writer.hpp>

#include "bench/connect.hpp"
#include "instrument/conversation.hpp"
#include "io/document.hpp"
#include "profile/profile.hpp"

namespace wheatstone::bench {
namespace {

std::string in_words(const std::vector<Setting>& settings) {
  std::string text;
  for (const Setting& s : settings) {
    text += s.name + "/" + std::to_string(s.channel) + "=";
    if (const auto* number = s.value.get_if<double>()) text += std::to_string(*number);
    if (const auto* whole = s.value.get_if<std::int64_t>()) text += std::to_string(*whole);
    if (const auto* state = s.value.get_if<bool>()) text += *state ? "on" : "off";
    // Infinity is answered so after a reset, and as the word where that was sent.
    if (const auto* word = s.value.get_if<std::string>()) text += *word == "INF" ? "+9.90000000E+37" : *word;
    text += "\n";
  }
  return text;
}

const Value* find(const std::vector<Setting>& settings, std::string_view name, int channel) {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const Setting& s) { return s.name == name && s.channel == channel; });
  return found == settings.end() ? nullptr : &found->value;
}

template <class Failure, class Action>
std::string refusal(Action action) {
  try {
    action();
  } catch (const Failure& error) {
    return error.what();
  }
  return "nothing was refused";
}

void expect_says(const std::string& text, std::string_view part) {
  EXPECT_NE(text.find(part), std::string::npos) << text;
}

class RestoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<Instrument> connect_to(const std::string& profile) {
    return connect("my " + profile, profile, {.simulate = true}, world, base::system_clock());
  }
  simulation::SimulatedBench world{simulation::SimulatedBenchOptions{}};
};

TEST_F(RestoreTest, sends_nothing_where_everything_is_as_wanted) {
  for (const std::string& name : profile::list_profiles()) {
    const auto instrument = connect_to(name);
    const std::vector<Setting> settings = instrument->settings();
    const RestoreReport report = instrument->restore(settings);
    EXPECT_EQ(report.sent, 0U) << name;
    EXPECT_TRUE(report.left.empty()) << name;
  }
}

TEST_F(RestoreTest, sets_a_supply_as_it_was_and_leaves_its_outputs_off) {
  const auto instrument = connect_to("keysight/EDU36311A");
  auto& psu = dynamic_cast<PowerSupply&>(*instrument);
  psu.channel(2).set(12, 0.25).on();
  psu.write("VOLT:PROT 20,(@2)");
  const std::vector<Setting> wanted = psu.settings();
  psu.reset();
  psu.channel(2).set(29, 1);
  psu.channel(1).set(3, 1).on();
  const RestoreReport report = psu.restore(wanted);
  EXPECT_GT(report.sent, 0U);
  ASSERT_EQ(report.left.size(), 1U);
  EXPECT_EQ(report.left[0].wanted.name, "output");
  EXPECT_EQ(report.left[0].wanted.channel, 2);
  std::vector<Setting> now = psu.settings();
  EXPECT_EQ(*find(now, "voltage", 2)->get_if<double>(), 12);
  EXPECT_FALSE(*find(now, "output", 1)->get_if<bool>());
  EXPECT_FALSE(*find(now, "output", 2)->get_if<bool>());
  EXPECT_FALSE(psu.is_anything_on());
  EXPECT_EQ(psu.restore(wanted, {.outputs = true}).sent, 1U);
  EXPECT_EQ(in_words(psu.settings()), in_words(wanted));
  EXPECT_TRUE(psu.is_anything_on());
  EXPECT_EQ(psu.restore(wanted).sent, 0U) << "what is on and wanted on stays on";
}

TEST_F(RestoreTest, turns_off_only_what_is_not_wanted_on_where_nothing_else_differs) {
  const auto instrument = connect_to("keysight/EDU36311A");
  auto& psu = dynamic_cast<PowerSupply&>(*instrument);
  psu.channel(2).set(12, 0.25).on();
  const std::vector<Setting> wanted = psu.settings();
  psu.channel(1).on();
  EXPECT_EQ(psu.restore(wanted).sent, 1U);
  EXPECT_EQ(in_words(psu.settings()), in_words(wanted));
}

TEST_F(RestoreTest, sets_a_meter_as_it_was_with_its_automatic_ranges_where_they_were) {
  const auto instrument = connect_to("keysight/34470A");
  auto& dmm = dynamic_cast<Multimeter&>(*instrument);
  dmm.write("CONF:RES 1000");
  dmm.write("VOLT:DC:NPLC 100");
  dmm.write("CURR:DC:NPLC 1");
  const std::vector<Setting> wanted = dmm.settings();
  dmm.reset();
  static_cast<void>(dmm.measure_voltage_dc());
  dmm.write("CURR:DC:RANG 0.1");
  dmm.restore(wanted);
  EXPECT_EQ(in_words(dmm.settings()), in_words(wanted));
  EXPECT_TRUE(dmm.read_errors().empty());
  // The driver remembers nothing of what was set before: this reads resistance on its present range.
  EXPECT_EQ(dmm.measure_resistance().quantity, "resistance");
}

TEST_F(RestoreTest, sets_every_number_and_word_of_each_shipped_model_back) {
  for (const std::string& name : profile::list_profiles()) {
    const auto instrument = connect_to(name);
    if (instrument->kind() == "generic") continue;
    const std::vector<Setting> at_reset = instrument->settings();
    // Whatever can be upset is: each number halved or put to its bound, each word to another that is taken.
    const auto& table = *instrument->conversation().profile().commands;
    for (const Setting& setting : at_reset) {
      const profile::Command& command = table.at(setting.name);
      const profile::Parameter& parameter = command.parameters.front();
      if (setting.name == "output" || setting.name == "input" || setting.name == "short") continue;
      const std::vector<int> channels = setting.channel == 0 ? std::vector<int>{} : std::vector<int>{setting.channel};
      std::vector<profile::Term> others;
      if (const bool* state = setting.value.get_if<bool>()) others.emplace_back(!*state);
      for (const auto& keyword : parameter.keywords) {
        if (setting.value.get_if<std::string>() != nullptr) others.emplace_back(keyword.short_form());
      }
      if (const profile::Bounds* bounds = table.bounds(parameter, std::max(setting.channel, 1));
          bounds != nullptr && setting.value.get_if<std::string>() == nullptr) {
        others.emplace_back(bounds->minimum);
      }
      for (const profile::Term& other : others) {
        try {
          instrument->conversation().tell(command, {other}, channels);
          break;
        } catch (const Error&) {
          // Not every model takes every word of its table in every state.
        }
      }
    }
    EXPECT_NE(in_words(instrument->settings()), in_words(at_reset)) << name;
    instrument->restore(at_reset);
    const std::vector<Setting> now = instrument->settings();
    for (const Setting& setting : at_reset) {
      EXPECT_EQ(in_words({{setting.name, setting.channel, *find(now, setting.name, setting.channel)}}),
                in_words({setting}))
          << name;
    }
  }
}

TEST_F(RestoreTest, refuses_a_set_point_that_may_not_be_before_anything_is_sent) {
  const auto instrument = connect_to("keysight/EDU36311A");
  std::vector<Setting> wanted = instrument->settings();
  for (Setting& setting : wanted) {
    if (setting.name == "current" && setting.channel == 1) setting.value = 1.0;
    if (setting.name == "voltage" && setting.channel == 3) setting.value = 60.0;
  }
  const std::string before = in_words(instrument->settings());
  expect_says(refusal<LimitError>([&] { instrument->restore(wanted); }), "60 V on channel 3");
  EXPECT_EQ(in_words(instrument->settings()), before);
}

TEST_F(RestoreTest, names_what_cannot_be_set) {
  const auto instrument = connect_to("keysight/EDU36311A");
  const std::vector<Setting> wanted = {
      {"voltag", 1, 2.0}, {"voltage", 9, 2.0}, {"display", 0, "ON OFF"}, {"voltage", 1, true}, {"voltage", 2, 5.0}};
  const RestoreReport report = instrument->restore(wanted);
  ASSERT_EQ(report.left.size(), 4U);
  expect_says(report.left.at(0).reason, "no such setting");
  expect_says(report.left.at(1).reason, "no such channel");
  expect_says(report.left.at(2).reason, "'ON OFF' is nothing that it can be set to");
  expect_says(report.left.at(3).reason, "on is nothing that it can be set to");
}

constexpr const char* k_restored_bench = R"(
bench_name: Restored
simulate: true
instruments:
  psu: {profile: keysight/EDU36311A}
  load: {profile: keysight/EL33133A}
)";

class BenchRestoreTest : public ::testing::Test {
 protected:
  BenchRestoreTest() {
    std::filesystem::create_directories(folder);
    ::setenv("XDG_STATE_HOME", (folder / "state").c_str(), 1);
    std::ofstream(folder / "bench.yaml") << k_restored_bench;
  }
  ~BenchRestoreTest() override { std::filesystem::remove_all(folder); }

  /// A run that keeps these settings of its start, as run.json has them.
  [[nodiscard]] Experiment run_with(const std::string& settings) const {
    TableWriter table(folder / "runs",
                      {.name = "kept",
                       .details = R"({"instruments": [{"alias": "psu", "profile": "keysight/EDU36311A"},
                           {"alias": "load", "profile": "keysight/EL33133A"}, {"alias": "dmm", "profile": "x/y"}],
                           "settings": {"before": )" +
                                  settings + "}}"});
    table.append({{"x", 1}});
    return table.finish();
  }

  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("wheatstone-restore-test-" + std::to_string(::getpid()));
};

TEST_F(BenchRestoreTest, sets_every_instrument_as_the_run_found_it) {
  const Bench bench = Bench::open(folder / "bench.yaml");
  auto& psu = bench.instrument<PowerSupply>("psu");
  auto& load = bench.instrument<ElectronicLoad>("load");
  psu.channel(1).set(3, 1).on();
  load.set_mode(LoadMode::constant_current);
  load.set_current(0.5);
  load.enable_input(true);
  const RestoreReport report =
      bench.restore(run_with(R"({"psu": {"voltage": {"1": 5.0, "2": 12}, "output": {"1": true}},
                   "load": {"function": {"1": "CURR"}, "current": {"1": 0.25}, "input": {"1": true}}})"),
                    {.each = {.outputs = true}});
  EXPECT_TRUE(report.left.empty());
  EXPECT_EQ(*find(psu.settings(), "voltage", 1)->get_if<double>(), 5);
  EXPECT_EQ(*find(psu.settings(), "voltage", 2)->get_if<double>(), 12);
  EXPECT_TRUE(*find(psu.settings(), "output", 1)->get_if<bool>());
  EXPECT_EQ(*find(load.settings(), "current", 1)->get_if<double>(), 0.25);
  EXPECT_TRUE(*find(load.settings(), "input", 1)->get_if<bool>());
}

TEST_F(BenchRestoreTest, refuses_what_does_not_belong_to_this_bench_before_anything_is_sent) {
  const Bench bench = Bench::open(folder / "bench.yaml");
  auto& psu = bench.instrument<PowerSupply>("psu");
  const std::string before = in_words(psu.settings());
  const auto reason = [&](const std::string& settings, BenchRestoreOptions options = {}) {
    return refusal<Error>([&] { bench.restore(run_with(settings), options); });
  };
  const std::string of_psu = R"("psu": {"voltage": {"1": 5.0}})";
  expect_says(reason("{" + of_psu + R"(, "dmm": {"function": "VOLT"}})"),
              "'dmm', which is not here; here are 'psu' and 'load'");
  expect_says(reason("{" + of_psu + R"(, "load": {"current": {"1": 99.0}}})"), "99 A on channel 1");
  expect_says(reason("{" + of_psu + "}", {.aliases = {"scope"}}), "no settings of 'scope'; it has those of 'psu'");
  expect_says(reason("{" + of_psu + "}", {.moment = SettingsOf::after}), "keeps no settings of its end");
  EXPECT_EQ(in_words(psu.settings()), before);
  EXPECT_EQ(bench.restore(run_with("{" + of_psu + R"(, "dmm": {"function": "VOLT"}})"), {.aliases = {"psu"}}).sent, 1U);
}

TEST_F(BenchRestoreTest, refuses_another_model_under_the_same_alias) {
  std::ofstream(folder / "other.yaml") << "simulate: true\ninstruments: {psu: {profile: keysight/34470A}}\n";
  const Bench bench = Bench::open(folder / "other.yaml");
  expect_says(refusal<ConfigurationError>([&] { bench.restore(run_with(R"({"psu": {"voltage": {"1": 5.0}}})")); }),
              "'psu' was a keysight/EDU36311A");
}

TEST_F(BenchRestoreTest, names_instruments_whose_settings_were_not_read) {
  const Bench bench = Bench::open(folder / "bench.yaml");
  const RestoreReport report = bench.restore(run_with(R"({"psu": "psu: silent", "load": {"display": true}})"));
  ASSERT_EQ(report.left.size(), 1U);
  EXPECT_EQ(report.left[0].alias, "psu");
  EXPECT_EQ(report.left[0].reason, "its settings were not read then: psu: silent");
}

}  // namespace
}  // namespace wheatstone::bench
