#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <wheatstone/error.hpp>

#include "simulation/fake_link.hpp"

namespace wheatstone::simulation {
namespace {

/// A supply, a load and a scope on one rail; the supply at 2 V, on and settled.
struct Rail {
  Rail() {
    psu.write("VOLT 2,(@1);:CURR 3,(@1);:OUTP ON,(@1)");
    for (int i = 0; i < 10; ++i) (void)psu.query("MEAS:VOLT? (@1)");
    scope.write(":CHAN1:PROB 1");
  }
  SimulatedBench bench;
  Link psu{bench, "psu", "keysight/EDU36311A"};
  Link load{bench, "load", "keysight/EL33133A"};
  Link scope{bench, "scope", "keysight/DSOX1204G"};
};

TEST(Oscilloscope, a_quiet_rail_on_a_coarse_scale_reads_no_more_than_one_step) {
  Rail rail;
  rail.scope.write(":CHAN1:SCAL 1");
  const double step = 1.0 / 32;
  const double vpp = rail.scope.number("MEAS:VPP? CHAN1");
  EXPECT_TRUE(vpp == 0 || std::abs(vpp - step) < 1e-9) << vpp;
  EXPECT_NEAR(rail.scope.number("MEAS:VAV? CHAN1"), 2.0, 0.0325 * 8 + 0.1 + 0.002);
  EXPECT_EQ(rail.scope.query("MEAS:FREQ? CHAN1"), "+9.90000000E+37");
}

TEST(Oscilloscope, peak_to_peak_follows_a_load_that_switches) {
  Rail rail;
  rail.scope.write(":CHAN1:OFFS 1.97;SCAL 0.01;:TIM:SCAL 0.0005");
  rail.load.write("FUNC CURR;:CURR 1;TLEV 0.1;:TRAN:FREQ 1000;:INP ON;:INIT:TRAN;:TRIG:TRAN");
  const double drop = 0.9 * 0.025;
  EXPECT_NEAR(rail.scope.number("MEAS:VAMP? CHAN1"), drop, 0.1 * drop + 0.01 / 16);
  EXPECT_NEAR(rail.scope.number("MEAS:FREQ? CHAN1"), 1000, 5);
  EXPECT_NEAR(rail.scope.number("MEAS:DUTY? CHAN1"), 50, 2);
  rail.load.write("ABOR:TRAN");
  (void)rail.psu.query("MEAS:VOLT? (@1)");  // lets a screen's time pass
  EXPECT_LT(rail.scope.number("MEAS:VPP? CHAN1"), 0.4 * drop) << "the load stands still";
}

TEST(Oscilloscope, peak_to_peak_follows_a_voltage_ramp) {
  Rail rail;
  rail.scope.write(":CHAN1:SCAL 0.5;OFFS 2;:TIM:SCAL 0.05");
  (void)rail.scope.query("MEAS:VPP? CHAN1");
  rail.psu.write("VOLT 3,(@1)");
  for (int i = 0; i < 5; ++i) (void)rail.psu.query("MEAS:VOLT? (@1)");
  EXPECT_NEAR(rail.scope.number("MEAS:VPP? CHAN1"), 1.0, 0.1);
}

TEST(Oscilloscope, digitises_a_rise_at_its_trigger) {
  Rail rail;
  rail.psu.write("OUTP OFF,(@1)");
  for (int i = 0; i < 10; ++i) (void)rail.psu.query("MEAS:VOLT? (@1)");
  rail.scope.write(":CHAN1:SCAL 0.5;OFFS 1;:TIM:SCAL 0.01;:TRIG:SWE NORM;:TRIG:LEV 1");
  rail.scope.write(":SING");
  EXPECT_EQ(rail.scope.number("OPER:COND?"), 8) << "fills the screen's left half first";
  for (int i = 0; i < 3; ++i) (void)rail.psu.query("MEAS:VOLT? (@1)");
  EXPECT_EQ(rail.scope.number("OPER:COND?"), 8 + 32) << "waits for its trigger";
  rail.psu.write("OUTP ON,(@1)");
  for (int i = 0; i < 5; ++i) (void)rail.psu.query("MEAS:VOLT? (@1)");
  EXPECT_EQ(rail.scope.number("OPER:COND?"), 0);
  EXPECT_EQ(rail.scope.query("TER?"), "1");
  EXPECT_NEAR(rail.scope.number("MEAS:VMIN? CHAN1"), 0, 0.2);
  EXPECT_NEAR(rail.scope.number("MEAS:VMAX? CHAN1"), 1.9, 0.2);
}

TEST(Oscilloscope, without_a_trigger_the_normal_sweep_digitises_until_device_clear) {
  Rail rail;
  rail.scope.write(":CHAN1:SCAL 1;:TRIG:SWE NORM;:TRIG:LEV -1");
  rail.scope.write(":DIG CHAN1;:WAV:PRE?");
  const std::int64_t now = base::system_clock().monotonic();
  EXPECT_THROW((void)rail.scope.transport().read_message(now + 20'000'000), TimeoutError);
  rail.scope.transport().clear(now + k_second);
  EXPECT_EQ(rail.scope.error(), "+0,\"No error\"");
  EXPECT_TRUE(rail.scope.query("*IDN?").starts_with("KEYSIGHT TECHNOLOGIES,DSOX1204G,"));
}

TEST(Oscilloscope, a_forced_trigger_completes_a_single_acquisition) {
  Rail rail;
  rail.scope.write(":CHAN1:SCAL 1;:TRIG:SWE NORM;:TRIG:LEV -1;:TIM:SCAL 1e-5;:SING");
  (void)rail.psu.query("MEAS:VOLT? (@1)");
  EXPECT_EQ(rail.scope.number("OPER:COND?"), 8 + 32);
  rail.scope.write(":TRIG:FORC");
  (void)rail.psu.query("MEAS:VOLT? (@1)");
  EXPECT_EQ(rail.scope.number("OPER:COND?"), 0);
}

TEST(Oscilloscope, transfers_a_block_that_its_preamble_describes) {
  Rail rail;
  rail.scope.write(":CHAN1:SCAL 0.5;OFFS 1.5;:DIG CHAN1;:WAV:SOUR CHAN1;FORM BYTE;POIN 250");
  const std::string preamble = rail.scope.query(":WAV:PRE?");
  const std::string block = rail.scope.query(":WAV:DATA?");
  EXPECT_EQ(std::count(preamble.begin(), preamble.end(), ','), 9);
  EXPECT_TRUE(preamble.starts_with("+0,+0,+250,+1,")) << preamble;
  ASSERT_EQ(block.size(), 10U + 250U);
  EXPECT_EQ(block.substr(0, 10), "#800000250");
  const double increment = rail.scope.number(":WAV:YINC?");
  const double origin = rail.scope.number(":WAV:YOR?");
  const double reference = rail.scope.number(":WAV:YREF?");
  for (const char c : block.substr(10)) {
    const double volts = (static_cast<unsigned char>(c) - reference) * increment + origin;
    EXPECT_NEAR(volts, 2.0, 0.0325 * 4 + 0.05 + 0.02 + increment);
  }
  rail.scope.write(":WAV:FORM WORD");
  EXPECT_EQ(rail.scope.query(":WAV:DATA?").size(), 10U + 500U);
}

TEST(Oscilloscope, clips_what_leaves_the_screen) {
  Rail rail;
  rail.scope.write(":CHAN1:SCAL 0.1;OFFS 0;:DIG CHAN1;:WAV:POIN 100");
  EXPECT_EQ(rail.scope.query("MEAS:VPP? CHAN1"), "+9.90000000E+37");
  const std::string block = rail.scope.query(":WAV:DATA?");
  EXPECT_EQ(static_cast<unsigned char>(block.back()), 0xff);
}

TEST(Oscilloscope, scales_by_the_probe_and_refuses_what_it_cannot) {
  Rail rail;
  rail.scope.write(":CHAN1:SCAL 0.5;:CHAN1:PROB 10");
  EXPECT_EQ(rail.scope.number(":CHAN1:SCAL?"), 5);
  EXPECT_EQ(rail.scope.number(":CHAN1:RANG?"), 40);
  rail.scope.write(":CHAN1:SCAL 0.001");
  EXPECT_EQ(rail.scope.error(), "-222,\"Data out of range\"");
  rail.scope.write(":ACQ:MODE SEGM");
  EXPECT_TRUE(rail.scope.error().starts_with("-241,"));
  EXPECT_EQ(rail.scope.number(":CHAN1:SCAL?"), 5);
}

TEST(Oscilloscope, inputs_that_nothing_is_wired_to_read_nothing) {
  Rail rail;
  rail.scope.write(":CHAN2:PROB 1;:CHAN2:SCAL 0.1");
  EXPECT_NEAR(rail.scope.number("MEAS:VAV? CHAN2"), 0, 0.02);
}

}  // namespace
}  // namespace wheatstone::simulation
