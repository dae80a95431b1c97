#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <wheatstone/power_supply.hpp>

#include "instrument/fake_transport.hpp"
#include "instrument/make_instrument.hpp"

namespace wheatstone::instrument {
namespace {

using Lines = std::vector<std::string>;

class PowerSupplyTest : public ::testing::Test {
 protected:
  PowerSupplyTest() {
    auto made = std::make_unique<FakeTransport>();
    wire = made.get();
    instrument =
        make_instrument("psu", profile::load_profile("keysight/EDU36311A"), std::move(made), base::system_clock());
    psu = dynamic_cast<PowerSupply*>(instrument.get());
    wire->take_written();
  }

  FakeTransport* wire;
  std::unique_ptr<Instrument> instrument;
  PowerSupply* psu;
};

TEST_F(PowerSupplyTest, sets_a_voltage_and_reads_the_error_queue_in_one_message) {
  psu->set_voltage(1, 1.5);
  EXPECT_EQ(wire->take_written(), (Lines{"VOLT 1.5,(@1);:SYST:ERR?"}));
}

TEST_F(PowerSupplyTest, chains_set_points_and_switches) {
  psu->channel(2).set_voltage(12).set_current_limit(0.5).on();
  EXPECT_EQ(wire->take_written(),
            (Lines{"VOLT 12,(@2);:SYST:ERR?", "CURR 0.5,(@2);:SYST:ERR?", "OUTP ON,(@2);:SYST:ERR?"}));
}

TEST_F(PowerSupplyTest, sets_both_in_one_message_the_limit_first) {
  psu->channel(1).set(2.0, 0.5);
  EXPECT_EQ(wire->take_written(), (Lines{"CURR 0.5,(@1);:VOLT 2,(@1);:SYST:ERR?"}));
  psu->channel(1).set({.voltage = 3});
  EXPECT_EQ(wire->take_written(), (Lines{"VOLT 3,(@1);:SYST:ERR?"}));
}

TEST_F(PowerSupplyTest, refuses_a_pair_whole_where_one_is_out_of_range) {
  EXPECT_THROW(psu->channel(1).set(100.0, 0.5), LimitError);
  EXPECT_THROW(psu->channel(1).set(1.0, 100.0), LimitError);
  EXPECT_TRUE(wire->take_written().empty());
}

TEST_F(PowerSupplyTest, refuses_what_is_not_finite_and_sends_nothing) {
  for (const double value : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(psu->set_voltage(1, value), LimitError);
    EXPECT_THROW(psu->set_current(1, value), LimitError);
    EXPECT_THROW(psu->set_over_voltage_protection(1, value), LimitError);
  }
  EXPECT_TRUE(wire->take_written().empty());
}

TEST_F(PowerSupplyTest, names_its_channels_where_one_does_not_exist) {
  try {
    static_cast<void>(psu->channel(4));
    FAIL();
  } catch (const ConfigurationError& error) {
    EXPECT_STREQ(error.what(), "psu: keysight/EDU36311A has no channel 4; its channels are 1, 2, 3");
  }
  EXPECT_THROW(psu->set_voltage(0, 1), ConfigurationError);
  EXPECT_THROW(psu->output(7), ConfigurationError);
  EXPECT_THROW(static_cast<void>(psu->read_voltage(-1)), ConfigurationError);
  EXPECT_TRUE(wire->take_written().empty());
}

TEST_F(PowerSupplyTest, reads_with_unit_text_and_the_data_sheets_uncertainty) {
  wire->script = {"+1.49973000E+00"};
  const Reading reading = psu->channel(1).measure_voltage();
  EXPECT_EQ(wire->take_written(), (Lines{"MEAS:VOLT? (@1)"})) << "no error query rides with a question";
  EXPECT_DOUBLE_EQ(reading.value, 1.49973);
  EXPECT_EQ(reading.unit, Unit("V"));
  EXPECT_EQ(reading.text, "+1.49973000E+00");
  EXPECT_EQ(reading.instrument, "psu");
  EXPECT_EQ(reading.status, ReadingStatus::ok);
  EXPECT_NEAR(reading.uncertainty, (0.001 * 1.49973 + 0.005) / std::sqrt(3.0), 1e-12);
}

TEST_F(PowerSupplyTest, raises_all_that_the_error_queue_holds_with_the_command) {
  wire->script = {"-222,\"Data out of range\"", "-113,\"Undefined header\"", "+0,\"No error\""};
  try {
    psu->set_voltage(1, 1.5);
    FAIL();
  } catch (const InstrumentError& error) {
    EXPECT_EQ(error.number(), -222);
    ASSERT_EQ(error.queue().size(), 2U);
    EXPECT_EQ(error.queue()[1].text, "Undefined header");
    EXPECT_EQ(error.context().command, "VOLT 1.5,(@1)");
    EXPECT_EQ(error.context().alias, "psu");
    EXPECT_EQ(error.context().model, "keysight/EDU36311A");
    EXPECT_STREQ(error.what(),
                 "psu: the instrument answered 'VOLT 1.5,(@1)' with error -222 \"Data out of range\", then -113 "
                 "\"Undefined header\"");
  }
  EXPECT_EQ(wire->take_written(), (Lines{"VOLT 1.5,(@1);:SYST:ERR?", "SYST:ERR?", "SYST:ERR?"}));
}

TEST_F(PowerSupplyTest, reads_its_settings_back) {
  wire->script = {"+5.0E+00", "+1.0E-01", "1"};
  const SupplySettings settings = psu->channel(3).settings();
  EXPECT_EQ(wire->take_written(), (Lines{"VOLT? (@3)", "CURR? (@3)", "OUTP? (@3)"}));
  EXPECT_EQ(settings.voltage, 5);
  EXPECT_EQ(settings.current_limit, 0.1);
  EXPECT_TRUE(settings.output);
}

TEST_F(PowerSupplyTest, makes_safe_what_it_turned_on_and_nothing_else) {
  EXPECT_FALSE(psu->is_anything_on());
  psu->output(1);
  psu->output(3);
  psu->output(3, false);
  psu->write("OUTP ON,(@2)");
  EXPECT_TRUE(psu->is_anything_on());
  wire->take_written();
  psu->make_safe();
  EXPECT_EQ(wire->take_written(), (Lines{"OUTP OFF,(@1,2);:SYST:ERR?"}));
  EXPECT_FALSE(psu->is_anything_on());
  psu->make_safe();
  EXPECT_TRUE(wire->take_written().empty()) << "there is nothing left to turn off";
}

TEST_F(PowerSupplyTest, takes_an_output_whose_switching_failed_for_on) {
  wire->script = {Silence{}};
  EXPECT_THROW(psu->output(2), TimeoutError);
  EXPECT_TRUE(psu->is_anything_on());
}

TEST_F(PowerSupplyTest, forgets_what_was_on_after_a_reset) {
  psu->output(1);
  psu->reset();
  EXPECT_FALSE(psu->is_anything_on());
}

}  // namespace
}  // namespace wheatstone::instrument
