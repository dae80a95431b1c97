// What a meter's settings do to its readings.

#include <gtest/gtest.h>

#include <cmath>

#include "simulation/fake_link.hpp"

namespace wheatstone::simulation {
namespace {

/// The supply at 5 V with a load that switches at the given rate.
struct SwitchingRail : VirtualRail {
  explicit SwitchingRail(const std::string& hertz) {
    psu.write("VOLT 5,(@1);:CURR 0.5,(@1);:OUTP ON,(@1)");
    load.write("FUNC CURR;:CURR 0.1;:CURR:TLEV 1;:TRAN:FREQ " + hertz + ";:INP ON;:INIT:TRAN;:TRIG:TRAN");
    pass(1);
  }
  double seconds_of(Link& link, const std::string& query) {
    const std::int64_t before = clock->monotonic();
    (void)link.query(query);
    return static_cast<double>(clock->monotonic() - before) * 1e-9;
  }
};

TEST(Multimeter, the_ac_filter_costs_time_and_loses_what_is_slower) {
  SwitchingRail rail("1");
  rail.dmm.write("CONF:VOLT:AC 10");
  rail.dmm.write("VOLT:AC:BAND 3");
  EXPECT_NEAR(rail.seconds_of(rail.dmm, "READ?"), 2.5, 0.1);
  const double slow = rail.dmm.number("READ?");
  rail.dmm.write("VOLT:AC:BAND 200");
  EXPECT_NEAR(rail.seconds_of(rail.dmm, "READ?"), 0.025, 0.01);
  const double fast = rail.dmm.number("READ?");
  EXPECT_GT(slow, 2.0) << "half of the switched voltage";
  EXPECT_LT(fast, 0.2 * slow) << "25 ms see one of the two levels";
}

TEST(Multimeter, the_gate_sets_how_long_a_frequency_takes) {
  SwitchingRail rail("400");
  rail.dmm.write("CONF:FREQ;:FREQ:APER 0.01");
  EXPECT_NEAR(rail.seconds_of(rail.dmm, "READ?"), 0.012, 0.005);
  EXPECT_NEAR(rail.dmm.number("READ?"), 400, 0.5);
  rail.dmm.write("FREQ:APER 1");
  EXPECT_NEAR(rail.seconds_of(rail.dmm, "READ?"), 1, 0.05);
  EXPECT_NEAR(rail.dmm.number("READ?"), 400, 0.05);
  rail.dmm.write("FREQ:VOLT:RANG 750");
  EXPECT_EQ(rail.dmm.number("READ?"), 0) << "too coarse for five volts";
  rail.dmm.write("FREQ:VOLT:RANG:AUTO ON");
  EXPECT_NEAR(rail.dmm.number("READ?"), 400, 0.05);
}

/// Of a frequency, as a part, with the gate that the accuracy is said for.
double error_counted(const std::string& hertz) {
  SwitchingRail rail(hertz);
  rail.dmm.write("CONF:FREQ;:FREQ:APER 1");
  return std::abs(rail.dmm.number("READ?") / std::stod(hertz) - 1);
}

TEST(Multimeter, a_slow_signal_is_counted_less_accurately) {
  const double slow = error_counted("5");
  const double fast = error_counted("500");
  EXPECT_LE(fast, 7.1e-5);
  EXPECT_NEAR(slow / fast, 10, 0.1) << "0.07 % below 10 Hz and 0.007 % above 100 Hz, of one specimen";
}

TEST(Multimeter, the_null_function_takes_its_next_reading_or_the_value_given) {
  VirtualRail rail;
  rail.psu.write("VOLT 2,(@1);:OUTP ON,(@1)");
  rail.pass(1);
  rail.dmm.write("CONF:VOLT:DC 10;:VOLT:NULL ON");
  EXPECT_EQ(rail.dmm.number("READ?"), 0);
  EXPECT_NEAR(rail.dmm.number("READ?"), 0, 1e-3);
  EXPECT_NEAR(rail.dmm.number("VOLT:NULL:VAL?"), 2, 0.01);
  rail.dmm.write("VOLT:NULL:VAL 1.5");
  EXPECT_NEAR(rail.dmm.number("READ?"), 0.5, 0.01);
  rail.dmm.write("CONF:VOLT:DC 10");
  EXPECT_NEAR(rail.dmm.number("READ?"), 2, 0.01) << "CONFigure ends it";
}

TEST(Multimeter, autozero_off_halves_the_time_of_a_reading) {
  SwitchingRail rail("400");
  rail.dmm.write("CONF:VOLT:DC 10;:VOLT:NPLC 10");
  EXPECT_NEAR(rail.seconds_of(rail.dmm, "READ?"), 0.402, 0.001);
  rail.dmm.write("VOLT:ZERO:AUTO OFF");
  EXPECT_NEAR(rail.seconds_of(rail.dmm, "READ?"), 0.202, 0.001);
}

TEST(Multimeter, a_timer_spaces_the_readings_of_one_trigger) {
  SwitchingRail rail("400");
  rail.dmm.write("CONF:VOLT:DC 10;:VOLT:NPLC 1;:SAMP:COUN 4;:SAMP:SOUR TIM;TIM 0.5");
  EXPECT_NEAR(rail.seconds_of(rail.dmm, "READ?"), 3 * 0.5 + 0.042, 0.001);
  rail.dmm.write("SAMP:SOUR IMM");
  EXPECT_NEAR(rail.seconds_of(rail.dmm, "READ?"), 4 * 0.042, 0.001);
}

TEST(Multimeter, the_trigger_delay_comes_before_the_reading) {
  SwitchingRail rail("400");
  rail.dmm.write("CONF:VOLT:DC 10;:VOLT:NPLC 1;:TRIG:DEL 2");
  EXPECT_NEAR(rail.seconds_of(rail.dmm, "READ?"), 2.042, 0.001);
}

TEST(Multimeter, the_weak_terminal_has_no_ten_ampere_range) {
  VirtualRail rail;
  rail.psu.write("VOLT 5,(@1);:CURR 5,(@1);:OUTP ON,(@1)");
  rail.load.write("FUNC CURR;:CURR 4;:INP ON");
  rail.pass(1);
  EXPECT_EQ(rail.dmm.query("MEAS:CURR:DC?"), "+9.90000000E+37");
  rail.dmm.write("CURR:TERM 10");
  EXPECT_NEAR(rail.dmm.number("READ?"), 4, 0.05);
  EXPECT_EQ(rail.dmm.number("CURR:RANG?"), 10);
  rail.dmm.write("CURR:RANG 1");
  EXPECT_EQ(rail.dmm.number("CURR:TERM?"), 3);
}

TEST(Multimeter, what_nothing_is_wired_to_is_refused) {
  VirtualRail rail;
  for (const char* command : {"TEMP:TRAN:TYPE TC", "TEMP:TRAN:TC:TYPE J", "TRIG:SLOP POS", "TRIG:LEV 2",
                              "TRIG:SOUR INT", "CALC:LIM ON", "CALC:SCAL:FUNC DBM", "FORM REAL,64"}) {
    rail.dmm.write(command);
    EXPECT_TRUE(rail.dmm.error().starts_with("-241,")) << command;
  }
  EXPECT_EQ(rail.dmm.query("TRIG:SOUR?"), "IMM");
  EXPECT_EQ(rail.dmm.query("ROUT:TERM?"), "FRON");
}

}  // namespace
}  // namespace wheatstone::simulation
