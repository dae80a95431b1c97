// An instrument with a bench's limits: what does not reach it.

#include <gtest/gtest.h>

#include <limits>
#include <wheatstone/power_supply.hpp>

#include "instrument/conversation.hpp"
#include "instrument/fake_transport.hpp"
#include "instrument/make_instrument.hpp"

namespace wheatstone::instrument {
namespace {

using Lines = std::vector<std::string>;

class NarrowedTest : public ::testing::Test {
 protected:
  NarrowedTest() {
    auto made = std::make_unique<FakeTransport>();
    wire = made.get();
    instrument =
        make_instrument("psu", profile::load_profile("keysight/EDU36311A"), std::move(made), base::system_clock());
    psu = dynamic_cast<PowerSupply*>(instrument.get());
    narrow(1, "voltage", 1, 3.3);
    narrow(1, "current", -std::numeric_limits<double>::infinity(), 0.5);
    wire->take_written();
  }
  void narrow(int channel, std::string quantity, double least, double most) {
    instrument->conversation().gate().narrow(
        {.channel = channel, .quantity = std::move(quantity), .range = {least, most}, .source = "bench.yaml:7:5"});
  }
  template <class Action>
  static std::string refusal(Action action) {
    try {
      action();
    } catch (const LimitError& error) {
      return error.what();
    }
    return "was let through";
  }
  static void expect_says(const std::string& text, std::string_view part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }

  FakeTransport* wire = nullptr;
  std::unique_ptr<Instrument> instrument;
  PowerSupply* psu = nullptr;
};

TEST_F(NarrowedTest, gets_no_set_point_beyond_them_on_any_path) {
  expect_says(refusal([&] { psu->set_voltage(1, 3.4); }),
              "voltage of 3.4 on channel 1 is outside 1 to 3.3 (bench.yaml:7:5)");
  expect_says(refusal([&] { psu->set_voltage(1, 0.5); }), "0.5 on channel 1");
  expect_says(refusal([&] { psu->channel(1).set(2.0, 0.6); }), "current of 0.6");
  for (const char* const text : {"VOLT 3.4,(@1)", "SOUR:VOLT 3400 mV,(@1)", "VOLT MAX,(@1)", "VOLT MIN,(@1)",
                                 "APPL P6V,2,1", "VOLT:TRIG 5,(@1)", "CURR 0.1,(@1);:VOLT 4,(@1)", "VOLT 4,(@2,1)"}) {
    EXPECT_THROW(psu->write(text), LimitError) << text;
    EXPECT_THROW(psu->write_unchecked(text), LimitError) << text;
    EXPECT_THROW(static_cast<void>(psu->query(std::string(text) + ";:VOLT?")), LimitError) << text;
  }
  EXPECT_THROW(psu->restore({{"voltage", 1, 5.0}}), LimitError);
  EXPECT_EQ(wire->take_written(), Lines{});
  psu->set_voltage(1, 3.3);
  psu->set_voltage(2, 30);
  EXPECT_EQ(wire->take_written().size(), 2U);
}

TEST_F(NarrowedTest, gets_no_text_that_its_profile_cannot_read) {
  for (const char* const text : {"FOO:BAR 5", "VOLTAGEE 9,(@1)", "SYST:SECRET?", "*XYZ", "VOLT 2,(@1);FOO"}) {
    expect_says(refusal([&] { psu->write(text); }),
                "is no command that keysight/EDU36311A knows, and the bench has limits");
    expect_says(refusal([&] { static_cast<void>(psu->query(text)); }), "nothing was sent");
  }
  expect_says(refusal([&] { psu->write("*RCL 1"); }), "'*RCL 1' recalls settings that its text does not tell");
  EXPECT_EQ(wire->take_written(), Lines{});
  static_cast<void>(psu->query("*IDN?"));
  psu->write("DISP OFF");
  EXPECT_EQ(wire->take_written().size(), 4U);
}

TEST_F(NarrowedTest, is_not_switched_on_with_what_was_set_behind_them) {
  wire->answer = [](const std::string& message) {
    if (message == "VOLT? (@1)") return std::string("+2.0E+00");
    if (message == "CURR? (@1)") return std::string("+5.0E+00");  // as after *RST
    return FakeTransport::usual(message);
  };
  expect_says(
      refusal([&] { psu->output(1); }),
      "channel 1 is not switched on with what it is set to: psu: current of 5 on channel 1 is outside 0.002 to 0.5");
  expect_says(refusal([&] { psu->write("OUTP ON,(@1)"); }), "is not switched on");
  for (const std::string& line : wire->take_written()) EXPECT_EQ(line.find("OUTP"), std::string::npos) << line;
  EXPECT_FALSE(psu->is_anything_on());
  psu->write("CURR 0.1,(@1);:OUTP ON,(@1)");
  EXPECT_TRUE(psu->is_anything_on());
  psu->output(2);
  psu->output(1, false);
  EXPECT_EQ(wire->written.back(), "OUTP OFF,(@1);:SYST:ERR?") << "switching off is never refused";
}

TEST_F(NarrowedTest, refuses_limits_of_what_it_does_not_have) {
  EXPECT_THROW(narrow(1, "speed", 0, 1), ConfigurationError);
  EXPECT_THROW(narrow(1, "output", 0, 1), ConfigurationError);
  EXPECT_THROW(narrow(4, "voltage", 0, 1), ConfigurationError);
  EXPECT_THROW(narrow(1, "voltage", 7, 8), ConfigurationError) << "beyond the profile's range";
}

}  // namespace
}  // namespace wheatstone::instrument
