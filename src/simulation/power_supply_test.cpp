// What a supply's settings do to the rail.

#include <gtest/gtest.h>

#include "simulation/fake_link.hpp"

namespace wheatstone::simulation {
namespace {

constexpr const char* k_no_error = "+0,\"No error\"";

TEST(PowerSupply, reads_back_its_new_set_point_at_once_at_the_pace_fast) {
  SimulatedBench bench;
  Link psu(bench, "psu", "keysight/EDU36311A");
  psu.write("CURR 0.5,(@1);:OUTP ON,(@1)");
  for (const double volts : {5.0, 1.0, 3.0}) {  // downwards too: nothing but the supply empties its capacitor
    psu.write("VOLT " + std::to_string(volts) + ",(@1)");
    EXPECT_NEAR(psu.number("MEAS:VOLT? (@1)"), volts, 2 * (0.001 * volts + 0.005) + 0.001);
  }
}

TEST(PowerSupply, a_load_reads_the_settled_rail_at_once_at_the_pace_fast) {
  SimulatedBench bench;
  Link psu(bench, "psu", "keysight/EDU36311A");
  Link load(bench, "load", "keysight/EL33133A");
  load.write("FUNC CURR;:CURR 0.2;:INP ON");
  psu.write("VOLT 5,(@1);:CURR 1,(@1);:OUTP ON,(@1)");
  EXPECT_NEAR(load.number("MEAS:VOLT?"), 5.0, 0.05);
  load.write("CURR 0.4");
  EXPECT_NEAR(load.number("MEAS:CURR?"), 0.4, 0.02);
}

TEST(PowerSupply, follows_its_rise_time_where_time_is_real) {
  VirtualRail rail;
  rail.psu.write("VOLT 5,(@1);:CURR 0.5,(@1);:OUTP ON,(@1)");
  const double at_once = rail.psu.number("MEAS:VOLT? (@1)");
  EXPECT_GT(at_once, 1.0);
  EXPECT_LT(at_once, 4.5);
  rail.pass(0.3);
  EXPECT_NEAR(rail.psu.number("MEAS:VOLT? (@1)"), 5.0, 0.016);
}

TEST(PowerSupply, the_over_current_protection_trips_only_after_its_delay) {
  VirtualRail rail;
  rail.psu.write("VOLT 5,(@1);:CURR 0.5,(@1);:CURR:PROT:STAT ON,(@1);DEL 0.5,(@1);:OUTP ON,(@1)");
  rail.pass(1);
  rail.load.write("FUNC CURR;:CURR 1;:INP ON");
  rail.pass(0.45);
  EXPECT_EQ(rail.psu.query("CURR:PROT:TRIP? (@1)"), "0");
  EXPECT_EQ(rail.psu.number("STAT:QUES:INST:ISUM1:COND?"), 1) << "constant current until then";
  rail.pass(0.1);
  EXPECT_EQ(rail.psu.query("CURR:PROT:TRIP? (@1)"), "1");
  EXPECT_EQ(rail.psu.query("OUTP? (@1)"), "0");
  EXPECT_NEAR(rail.load.number("MEAS:VOLT?"), 0, 0.05);
  rail.load.write("INP OFF");
  rail.psu.write("OUTP:PROT:CLE (@1)");
  rail.pass(1);
  EXPECT_EQ(rail.psu.query("CURR:PROT:TRIP? (@1)"), "0");
  EXPECT_NEAR(rail.psu.number("MEAS:VOLT? (@1)"), 5.0, 0.016);
}

TEST(PowerSupply, a_limit_that_is_left_in_time_trips_nothing) {
  VirtualRail rail;
  rail.psu.write("VOLT 5,(@1);:CURR 0.5,(@1);:CURR:PROT:STAT ON,(@1);DEL 0.5,(@1);:OUTP ON,(@1)");
  rail.pass(1);
  rail.load.write("FUNC CURR;:CURR 1;:INP ON");
  rail.pass(0.4);
  rail.load.write("CURR 0.2");
  rail.pass(2);
  EXPECT_EQ(rail.psu.query("CURR:PROT:TRIP? (@1)"), "0");
  EXPECT_EQ(rail.psu.query("OUTP? (@1)"), "1");
}

TEST(PowerSupply, the_over_voltage_protection_trips_on_the_way_up_and_latches) {
  VirtualRail rail;
  rail.psu.write("VOLT:PROT 4,(@1);PROT:STAT ON,(@1);:VOLT 5,(@1);:OUTP ON,(@1)");
  rail.pass(1);
  EXPECT_EQ(rail.psu.query("VOLT:PROT:TRIP? (@1)"), "1");
  rail.psu.write("VOLT:PROT:CLE (@1)");
  rail.pass(1);
  EXPECT_EQ(rail.psu.query("VOLT:PROT:TRIP? (@1)"), "1") << "its cause stands";
  rail.psu.write("VOLT 3,(@1);:VOLT:PROT:CLE (@1)");
  rail.pass(1);
  EXPECT_EQ(rail.psu.query("VOLT:PROT:TRIP? (@1)"), "0");
  EXPECT_NEAR(rail.psu.number("MEAS:VOLT? (@1)"), 3.0, 0.014);
}

TEST(PowerSupply, switching_waits_for_the_delays_of_the_output) {
  VirtualRail rail;
  rail.psu.write("VOLT 5,(@1);:OUTP:DEL:RISE 0.5,(@1);FALL 0.3,(@1);:OUTP ON,(@1)");
  rail.pass(0.4);
  EXPECT_NEAR(rail.psu.number("MEAS:VOLT? (@1)"), 0, 0.011);
  rail.pass(0.5);
  EXPECT_NEAR(rail.psu.number("MEAS:VOLT? (@1)"), 5, 0.016);
}

TEST(PowerSupply, tracking_outputs_follow_each_other) {
  VirtualRail rail;
  rail.psu.write("VOLT 4,(@2);:OUTP:TRAC ON;:VOLT 7,(@3);:OUTP ON,(@2)");
  rail.pass(1);
  EXPECT_EQ(rail.psu.number("VOLT? (@2)"), 7);
  EXPECT_NEAR(rail.psu.number("MEAS:VOLT? (@3)"), 7, 0.04);
}

TEST(PowerSupply, what_would_need_other_wires_is_refused) {
  VirtualRail rail;
  for (const char* command :
       {"OUTP:PAIR SER", "OUTP:PAIR PAR", "VOLT:SENS EXT,(@1)", "VOLT:MODE LIST,(@1)", "TRIG:DEL 1,(@1)"}) {
    rail.psu.write(command);
    EXPECT_TRUE(rail.psu.error().starts_with("-241,")) << command;
  }
  EXPECT_EQ(rail.psu.query("OUTP:PAIR?"), "OFF");
  EXPECT_EQ(rail.psu.query("VOLT:MODE? (@1)"), "FIX");
  rail.psu.write("OUTP:PAIR OFF;:VOLT:SENS INT,(@1)");
  EXPECT_EQ(rail.psu.error(), k_no_error);
}

}  // namespace
}  // namespace wheatstone::simulation
