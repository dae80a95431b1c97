// What a load's settings do to the rail.

#include <gtest/gtest.h>

#include "simulation/fake_link.hpp"

namespace wheatstone::simulation {
namespace {

struct LoadedRail : VirtualRail {
  LoadedRail() {
    psu.write("VOLT 5,(@1);:CURR 3,(@1);:OUTP ON,(@1)");
    pass(1);
  }
};

TEST(ElectronicLoad, the_over_current_protection_waits_for_its_delay) {
  LoadedRail rail;
  rail.load.write("CURR:PROT 0.5;PROT:DEL 0.2;STAT ON;:FUNC CURR;:CURR 1;:INP ON");
  rail.pass(0.15);
  EXPECT_EQ(rail.load.query("INP?"), "1");
  EXPECT_EQ(static_cast<int>(rail.load.number("STAT:QUES:COND?")) & 2, 0);
  rail.pass(0.1);
  EXPECT_EQ(rail.load.query("INP?"), "0");
  EXPECT_EQ(static_cast<int>(rail.load.number("STAT:QUES:COND?")) & 2, 2);
  EXPECT_NEAR(rail.psu.number("MEAS:CURR? (@1)"), 0, 0.025);
}

TEST(ElectronicLoad, the_operation_register_tells_the_mode) {
  LoadedRail rail;
  rail.load.write("INP ON");
  const std::array<std::pair<const char*, int>, 4> modes = {{{"CURR", 2}, {"VOLT", 1}, {"RES", 4}, {"POW", 8}}};
  rail.load.write("CURR 0.1;:VOLT 2;:RES 100;:POW 1.5");
  for (const auto& [mode, bit] : modes) {
    rail.load.write(std::string("FUNC ") + mode);
    rail.pass(0.1);
    EXPECT_EQ(rail.load.number("STAT:OPER:COND?"), bit) << mode;
  }
  rail.load.write("INP OFF");
  EXPECT_EQ(rail.load.number("STAT:OPER:COND?"), 16) << "off";
  rail.load.write("INP ON;:INP:SHOR ON");
  EXPECT_EQ(static_cast<int>(rail.load.number("STAT:OPER:COND?")) & 32, 32) << "shorted";
}

TEST(ElectronicLoad, a_level_moves_with_the_slew_that_is_set) {
  LoadedRail rail;
  rail.load.write("FUNC CURR;:CURR 0.1;:INP ON;:CURR:SLEW 0.5");
  rail.pass(0.1);
  rail.load.write("CURR 1.1");
  rail.pass(0.9);  // and the measurement takes 0.1 s
  EXPECT_NEAR(rail.load.number("MEAS:CURR?"), 0.6, 0.03);
  rail.load.write("CURR:SLEW:MAX ON;:CURR 2");
  EXPECT_NEAR(rail.load.number("MEAS:CURR?"), 2, 0.03);
}

TEST(ElectronicLoad, a_continuous_transient_ends_after_its_count) {
  LoadedRail rail;
  rail.load.write("FUNC CURR;:CURR 0.1;:CURR:TLEV 1;:TRAN:FREQ 1;COUN 2;:INP ON;:INIT:TRAN;:TRIG:TRAN");
  rail.pass(1.2);
  EXPECT_NEAR(rail.load.number("MEAS:CURR?"), 1, 0.03) << "the second of two";
  rail.pass(1.2);
  EXPECT_NEAR(rail.load.number("MEAS:CURR?"), 0.1, 0.03);
  EXPECT_EQ(rail.load.error(), "+0,\"No error\"");
}

TEST(ElectronicLoad, without_a_count_a_continuous_transient_goes_on) {
  LoadedRail rail;
  rail.load.write("FUNC CURR;:CURR 0.1;:CURR:TLEV 1;:TRAN:FREQ 1;:INP ON;:INIT:TRAN;:TRIG:TRAN");
  rail.pass(20.2);
  EXPECT_NEAR(rail.load.number("MEAS:CURR?"), 1, 0.03);
}

TEST(ElectronicLoad, an_array_begins_with_its_trigger) {
  LoadedRail rail;
  rail.load.write("SENS:SWE:POIN 4;TINT 0.25;:FUNC CURR;:CURR 0.5;:INP ON;:TRIG:ACQ");
  EXPECT_TRUE(rail.load.error().starts_with("-211,")) << "INITiate comes first";
  rail.load.write("INIT:ACQ");
  rail.pass(1);
  rail.load.write("*TRG");
  rail.pass(0.5);
  rail.load.write("INP OFF");
  rail.pass(1);
  const std::string currents = rail.load.query("FETC:ARR:CURR?");
  EXPECT_EQ(std::count(currents.begin(), currents.end(), ','), 3);
  EXPECT_NEAR(*scpi::parse_response_number(currents.substr(0, currents.find(','))), 0.5, 0.03);
  EXPECT_NEAR(*scpi::parse_response_number(currents.substr(currents.rfind(',') + 1)), 0, 0.03);
}

TEST(ElectronicLoad, what_the_simulation_lacks_is_refused) {
  LoadedRail rail;
  for (const char* command : {"TRAN:MODE LIST", "CURR:MODE LIST", "VOLT:SENS EXT", "VOLT:INH:VON 2", "BATT ON"}) {
    rail.load.write(command);
    EXPECT_TRUE(rail.load.error().starts_with("-241,")) << command;
  }
  EXPECT_EQ(rail.load.query("TRAN:MODE?"), "CONT");
}

}  // namespace
}  // namespace wheatstone::simulation
