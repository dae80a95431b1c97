#include "instrument/settings_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "instrument/fake_transport.hpp"
#include "instrument/make_instrument.hpp"
#include "scpi/message.hpp"

namespace wheatstone::instrument {
namespace {

using namespace std::chrono_literals;

constexpr const char* k_profile = R"(
maker: M
model: psu
kind: power_supply
description: of a test
errors: {query: "SYSTem:ERRor?", rides_with_writes: true, queue_length: 20}
channels:
  - {number: 1, name: A, quantities: {voltage: {unit: V, reset: 0, ranges: [{nominal: 6, min: 0, max: 6, source: s}]}}}
  - {number: 2, name: B, quantities: {voltage: {unit: V, reset: 0, ranges: [{nominal: 6, min: 0, max: 6, source: s}]}}}
commands:
  voltage:
    scpi: VOLTage
    parameters: [{name: voltage, kind: number, range: channel.voltage, sets: voltage, keywords: [INFinity]}]
    channels: list
    query: true
    source: s
  label: {scpi: "CHANnel<n>:LABel", parameters: [{name: label, kind: string}], channels: suffix, query: true, source: s}
  beeper: {scpi: BEEPer, parameters: [{name: state, kind: boolean}], query: true, source: s}
  mode: {scpi: MODE, parameters: [{name: mode, kind: keyword, keywords: [FIXed, LIST]}], query: true, source: s}
  hidden: {scpi: HIDDen, parameters: [{name: mask, kind: integer}], query: true, setting: false, source: s}
  measure: {scpi: "MEASure", parameters: [{name: n, kind: integer, optional: true}], query: true, source: s}
)";

/// Answers each query it knows, and none of the others, which it counts as errors, as IEEE 488.2 has it.
class Answers {
 public:
  std::vector<std::pair<std::string, std::string>> known{{"*STB?", "0"},
                                                         {"VOLT? (@1,2)", "+1.5E+00,9.9E+37"},
                                                         {"CHAN1:LAB?", "\"a;b\""},
                                                         {"BEEP?", "1"},
                                                         {"CHAN2:LAB?", "\"\""},
                                                         {"MODE?", "FIX"},
                                                         {"*IDN?", "M,psu,1,1"}};
  int errors = 0;

  std::string operator()(const std::string& message) {
    scpi::MessageReader units(message);
    std::string answer;
    for (std::string_view unit; units.next(unit);) {
      if (unit.starts_with(':')) unit.remove_prefix(1);
      if (const auto said = answer_to(unit)) answer += (answer.empty() ? "" : ";") + *said;
    }
    if (answer.empty()) throw TimeoutError("No answer within the time-out");
    return answer;
  }

 private:
  std::optional<std::string> answer_to(std::string_view unit) {
    if (unit == "SYST:ERR?") {
      if (errors == 0) return "+0,\"No error\"";
      --errors;
      return "-113,\"Undefined header\"";
    }
    for (const auto& [asked, said] : known) {
      if (asked == unit) return said;
    }
    ++errors;
    return std::nullopt;
  }
};

class SettingsReaderTest : public ::testing::Test {
 protected:
  SettingsReaderTest() {
    auto made = std::make_unique<FakeTransport>();
    wire = made.get();
    wire->answer = [this](const std::string& message) { return answers(message); };
    psu = make_instrument("psu", profile::parse_profile(k_profile, "test.yaml"), std::move(made), base::system_clock());
    wire->take_written();
  }

  static std::string shown(const std::vector<Setting>& settings) {
    std::string text;
    for (const Setting& setting : settings) {
      text += setting.name + (setting.channel != 0 ? "/" + std::to_string(setting.channel) : "") + " ";
      if (const auto* d = setting.value.get_if<double>()) text += std::to_string(*d).substr(0, 3);
      if (const auto* b = setting.value.get_if<bool>()) text += *b ? "on" : "off";
      if (const auto* s = setting.value.get_if<std::string>()) text += "'" + *s + "'";
      text += "\n";
    }
    return text;
  }

  Answers answers;
  FakeTransport* wire = nullptr;
  std::unique_ptr<Instrument> psu;
};

TEST_F(SettingsReaderTest, asks_for_all_in_one_message_of_queries) {
  EXPECT_EQ(shown(psu->settings()),
            "voltage/1 1.5\nvoltage/2 '9.9E+37'\nlabel/1 'a;b'\nlabel/2 ''\nbeeper on\nmode 'FIX'\n");
  EXPECT_EQ(wire->written, std::vector<std::string>{"*STB?;:VOLT? (@1,2);:CHAN1:LAB?;:CHAN2:LAB?;:BEEP?;:MODE?"});
}

TEST_F(SettingsReaderTest, leaves_out_what_is_not_answered_and_does_not_ask_for_it_again) {
  std::erase_if(answers.known, [](const auto& entry) { return entry.first == "BEEP?"; });
  const std::string all_but_beeper = "voltage/1 1.5\nvoltage/2 '9.9E+37'\nlabel/1 'a;b'\nlabel/2 ''\nmode 'FIX'\n";
  EXPECT_EQ(shown(psu->settings()), all_but_beeper);
  EXPECT_EQ(answers.errors, 0) << "no error of these queries is left in the queue";
  wire->take_written();
  EXPECT_EQ(shown(psu->settings()), all_but_beeper);
  EXPECT_EQ(wire->written, std::vector<std::string>{"*STB?;:VOLT? (@1,2);:CHAN1:LAB?;:CHAN2:LAB?;:MODE?"});
}

TEST_F(SettingsReaderTest, leaves_out_an_answer_that_is_none) {
  answers.known[1].second = "1.5";  // of two channels
  answers.known[3].second = "maybe";
  EXPECT_EQ(shown(psu->settings()), "label/1 'a;b'\nlabel/2 ''\nmode 'FIX'\n");
}

TEST_F(SettingsReaderTest, says_that_an_instrument_fell_silent_and_clears_its_link) {
  wire->script = {Silence{}};
  try {
    static_cast<void>(psu->settings(100ms));
    FAIL();
  } catch (const TimeoutError& error) {
    EXPECT_EQ(std::string(error.what()).substr(0, 14), "psu: '*STB?;:V") << error.what();
  }
  EXPECT_EQ(wire->clears, 1);
}

TEST_F(SettingsReaderTest, does_not_wait_for_ever_for_an_instrument_that_another_thread_holds) {
  InstrumentLock held = psu->lock();
  std::string said;
  std::thread([&] {
    try {
      static_cast<void>(psu->settings(20ms));
    } catch (const TimeoutError& error) {
      said = error.what();
    }
  }).join();
  EXPECT_EQ(said, "psu: another thread holds it, so it could not be asked for its settings in time");
}

TEST_F(SettingsReaderTest, takes_only_what_is_set_and_asked_for_to_be_a_setting) {
  const auto refused = [](const std::string& command) {
    try {
      static_cast<void>(profile::parse_profile(
          "maker: M\nmodel: m\nkind: generic\ndescription: d\ncommands:\n" + command, "test.yaml"));
    } catch (const ConfigurationError& error) {
      return std::string(error.what());
    }
    return std::string("taken");
  };
  EXPECT_EQ(refused("  look: {scpi: \"LOOK?\", response: number, setting: true, source: s}\n"),
            "test.yaml:6:52: a setting is both set and queried");
}

}  // namespace
}  // namespace wheatstone::instrument
