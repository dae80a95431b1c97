#include <wheatstone/electronic_load.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "instrument/fake_transport.hpp"
#include "instrument/make_instrument.hpp"

namespace wheatstone::instrument {
namespace {

using Lines = std::vector<std::string>;

class ElectronicLoadTest : public ::testing::Test {
 protected:
  ElectronicLoadTest() {
    auto made = std::make_unique<FakeTransport>();
    wire = made.get();
    wire->answer = [](const std::string& message) {
      if (message == "*IDN?") return std::string("Keysight Technologies,EL33133A,MY1,1.0");
      return message.starts_with("FUNC?") ? std::string("RES") : FakeTransport::usual(message);
    };
    instrument =
        make_instrument("load", profile::load_profile("keysight/EL33133A"), std::move(made), base::system_clock());
    load = dynamic_cast<ElectronicLoad*>(instrument.get());
    wire->take_written();
  }

  FakeTransport* wire;
  std::unique_ptr<Instrument> instrument;
  ElectronicLoad* load;
};

TEST_F(ElectronicLoadTest, sets_the_level_of_the_mode_that_was_selected) {
  load->set_mode("CC");
  load->set_load(1.0);
  load->set_mode("cv");
  load->set_load(5.0);
  EXPECT_EQ(wire->take_written(), (Lines{"FUNC CURR,(@1);:SYST:ERR?", "CURR 1,(@1);:SYST:ERR?",
                                         "FUNC VOLT,(@1);:SYST:ERR?", "VOLT 5,(@1);:SYST:ERR?"}));
}

TEST_F(ElectronicLoadTest, asks_for_the_mode_where_it_was_not_set_from_here) {
  load->set_load(100);
  EXPECT_EQ(wire->take_written(), (Lines{"FUNC? (@1)", "RES 100,(@1);:SYST:ERR?"}));
  load->set_mode(LoadMode::constant_power);
  load->write("FUNC RES,(@1)");
  wire->take_written();
  load->set_load(50);
  EXPECT_EQ(wire->take_written(), (Lines{"FUNC? (@1)", "RES 50,(@1);:SYST:ERR?"})) << "raw text may have changed it";
}

TEST_F(ElectronicLoadTest, refuses_levels_out_of_range_and_channels_that_are_not_there) {
  load->set_mode("CC");
  wire->take_written();
  EXPECT_THROW(load->set_load(1e9), LimitError);
  EXPECT_THROW(load->set_load(std::numeric_limits<double>::quiet_NaN()), LimitError);
  EXPECT_THROW(load->set_voltage(200), LimitError);
  EXPECT_THROW(load->set_transient_level(50), LimitError);
  EXPECT_THROW(load->set_slew_rate(-1), LimitError);
  EXPECT_THROW(load->set_over_current_protection(100), LimitError);
  EXPECT_THROW(load->enable_input(true, 2), ConfigurationError);
  EXPECT_TRUE(wire->take_written().empty());
}

TEST_F(ElectronicLoadTest, says_which_range_holds_a_level_that_the_present_one_does_not) {
  load->set_mode("CR");
  wire->take_written();
  wire->script = {"-222,\"Data out of range\"", "+0,\"No error\"", "+4.00000000E+03"};
  try {
    load->set_load(10);
    FAIL();
  } catch (const InstrumentError& error) {
    EXPECT_EQ(error.number(), -222);
    EXPECT_EQ(error.context().command, "RES 10,(@1)");
    EXPECT_STREQ(error.what(),
                 "load: 10 Ohm on channel 1 lies outside the present range of resistance, 100 to 4000 Ohm; call "
                 "set_range(10) first, for 0.08 to 30 Ohm (the instrument answered with -222 \"Data out of range\")");
  }
  EXPECT_EQ(wire->take_written(), (Lines{"RES 10,(@1);:SYST:ERR?", "SYST:ERR?", "RES:RANG? (@1)"}));
}

TEST_F(ElectronicLoadTest, turns_off_input_and_short_to_be_safe) {
  load->enable_input();
  load->short_input();
  wire->take_written();
  load->make_safe();
  EXPECT_EQ(wire->take_written(), (Lines{"INP OFF,(@1);:SYST:ERR?", "INP:SHOR OFF,(@1);:SYST:ERR?"}));
}

TEST_F(ElectronicLoadTest, measures_with_the_uncertainty_of_its_range) {
  wire->script = {"+1.0E+00", "+4.08E+00", "+2.0E+00"};
  const Reading reading = load->measure_current();
  EXPECT_EQ(wire->take_written(), (Lines{"MEAS:CURR? (@1)", "CURR:RANG? (@1)"}));
  EXPECT_NEAR(reading.uncertainty, (0.0004 * 1 + 0.003) / std::sqrt(3.0), 1e-12);
  EXPECT_EQ(reading.unit, Unit("A"));
  EXPECT_NEAR(load->measure_current().uncertainty, (0.0004 * 2 + 0.003) / std::sqrt(3.0), 1e-12);
  EXPECT_EQ(wire->take_written(), (Lines{"MEAS:CURR? (@1)"}));
}

TEST_F(ElectronicLoadTest, reads_small_values_with_the_uncertainty_of_the_range_that_it_is_in) {
  wire->script = {"+1.0E-03", "+4.08E+01"};
  const double high = load->measure_current().uncertainty;
  load->write("CURR:RANG 1");
  wire->script = {"+1.0E-03", "+4.08E+00"};
  EXPECT_NEAR(load->measure_current().uncertainty, (0.0004 * 0.001 + 0.003) / std::sqrt(3.0), 1e-12);
  EXPECT_GT(high, 0.003);
}

TEST(LoadModeNames, name_the_modes_where_none_is_near) {
  EXPECT_EQ(from_name<LoadMode>("Constant Current"), LoadMode::constant_current);
  EXPECT_EQ(name_of(LoadMode::constant_resistance), "CR");
  EXPECT_THROW(static_cast<void>(from_name<LoadMode>("banana")), ConfigurationError);
}

}  // namespace
}  // namespace wheatstone::instrument
