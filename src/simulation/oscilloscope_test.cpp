#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <wheatstone/error.hpp>

#include "simulation/fake_link.hpp"

namespace wheatstone::simulation {
namespace {

/// A supply, a load and a scope on one rail; the supply at 2 V, on and settled.
struct ScopeRail {
  ScopeRail() {
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
  ScopeRail rail;
  rail.scope.write(":CHAN1:SCAL 1");
  const double step = 1.0 / 32;
  const double vpp = rail.scope.number("MEAS:VPP? CHAN1");
  EXPECT_TRUE(vpp == 0 || std::abs(vpp - step) < 1e-9) << vpp;
  EXPECT_NEAR(rail.scope.number("MEAS:VAV? CHAN1"), 2.0, 0.0325 * 8 + 0.1 + 0.002);
  EXPECT_EQ(rail.scope.query("MEAS:FREQ? CHAN1"), "+9.90000000E+37");
}

TEST(Oscilloscope, peak_to_peak_follows_a_load_that_switches) {
  ScopeRail rail;
  rail.scope.write(":CHAN1:OFFS 1.97;SCAL 0.01;:TIM:SCAL 0.0005");
  rail.load.write("FUNC CURR;:CURR 1;:CURR:TLEV 0.1;:TRAN:FREQ 1000;:INP ON;:INIT:TRAN;:TRIG:TRAN");
  const double drop = 0.9 * 0.025;
  EXPECT_NEAR(rail.scope.number("MEAS:VAMP? CHAN1"), drop, 0.1 * drop + 0.01 / 16);
  EXPECT_NEAR(rail.scope.number("MEAS:FREQ? CHAN1"), 1000, 5);
  EXPECT_NEAR(rail.scope.number("MEAS:DUTY? CHAN1"), 50, 2);
  rail.load.write("ABOR:TRAN");
  (void)rail.psu.query("MEAS:VOLT? (@1)");  // lets a screen's time pass
  EXPECT_LT(rail.scope.number("MEAS:VPP? CHAN1"), 0.4 * drop) << "the load stands still";
}

TEST(Oscilloscope, peak_to_peak_follows_a_voltage_ramp) {
  ScopeRail rail;
  rail.scope.write(":CHAN1:SCAL 0.5;OFFS 2;:TIM:SCAL 0.05");
  (void)rail.scope.query("MEAS:VPP? CHAN1");
  rail.psu.write("VOLT 3,(@1)");
  (void)rail.psu.query("MEAS:VOLT? (@1)");  // lets the output settle, within the screen
  EXPECT_NEAR(rail.scope.number("MEAS:VPP? CHAN1"), 1.0, 0.1);
}

TEST(Oscilloscope, digitises_a_rise_at_its_trigger) {
  ScopeRail rail;
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
  ScopeRail rail;
  rail.scope.write(":CHAN1:SCAL 1;:TRIG:SWE NORM;:TRIG:LEV -1");
  rail.scope.write(":DIG CHAN1;:WAV:PRE?");
  const std::int64_t now = base::system_clock().monotonic();
  EXPECT_THROW((void)rail.scope.transport().read_message(now + 20'000'000), TimeoutError);
  rail.scope.transport().clear(now + k_second);
  EXPECT_EQ(rail.scope.error(), "+0,\"No error\"");
  EXPECT_TRUE(rail.scope.query("*IDN?").starts_with("KEYSIGHT TECHNOLOGIES,DSOX1204G,"));
}

TEST(Oscilloscope, a_forced_trigger_completes_a_single_acquisition) {
  ScopeRail rail;
  rail.scope.write(":CHAN1:SCAL 1;:TRIG:SWE NORM;:TRIG:LEV -1;:TIM:SCAL 1e-5;:SING");
  (void)rail.psu.query("MEAS:VOLT? (@1)");
  EXPECT_EQ(rail.scope.number("OPER:COND?"), 8 + 32);
  rail.scope.write(":TRIG:FORC");
  (void)rail.psu.query("MEAS:VOLT? (@1)");
  EXPECT_EQ(rail.scope.number("OPER:COND?"), 0);
}

TEST(Oscilloscope, transfers_a_block_that_its_preamble_describes) {
  ScopeRail rail;
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
  ScopeRail rail;
  rail.scope.write(":CHAN1:SCAL 0.1;OFFS 0;:DIG CHAN1;:WAV:POIN 100");
  EXPECT_EQ(rail.scope.query("MEAS:VPP? CHAN1"), "+9.90000000E+37");
  const std::string block = rail.scope.query(":WAV:DATA?");
  EXPECT_EQ(static_cast<unsigned char>(block.back()), 0xff);
}

TEST(Oscilloscope, scales_by_the_probe_and_refuses_what_it_cannot) {
  ScopeRail rail;
  rail.scope.write(":CHAN1:SCAL 0.5;:CHAN1:PROB 10");
  EXPECT_EQ(rail.scope.number(":CHAN1:SCAL?"), 5);
  EXPECT_EQ(rail.scope.number(":CHAN1:RANG?"), 40);
  rail.scope.write(":CHAN1:SCAL 0.001");
  EXPECT_EQ(rail.scope.error(), "-222,\"Data out of range\"");
  rail.scope.write(":ACQ:MODE SEGM");
  EXPECT_TRUE(rail.scope.error().starts_with("-241,"));
  EXPECT_EQ(rail.scope.number(":CHAN1:SCAL?"), 5);
}

/// The rail in a time of its own, with a load that switches a thousand times a second between two levels.
struct SwitchedRail : VirtualRail {
  SwitchedRail() {
    psu.write("VOLT 2,(@1);:CURR 3,(@1);:OUTP ON,(@1)");
    load.write("FUNC CURR;:CURR 1;:CURR:TLEV 0.1;:TRAN:FREQ 1000;:INP ON;:INIT:TRAN;:TRIG:TRAN");
    scope.write(":CHAN1:PROB 1;OFFS 1.985;SCAL 0.005;:TIM:SCAL 0.0005;:TRIG:LEV 1.985");
    pass(1);
  }
  /// When a single acquisition triggered, in seconds of the rail.
  double single() {
    scope.write(":SING");
    const std::int64_t from = clock->monotonic();
    for (int i = 0; i < 10'000 && scope.number("OPER:COND?") != 0; ++i) pass(0.001);
    return static_cast<double>(clock->monotonic() - from) * 1e-9;
  }
};

std::string samples(Link& scope) { return scope.query(":WAV:DATA?").substr(10); }

double spread(const std::string& samples) {
  double sum = 0;
  double squares = 0;
  for (const char c : samples) {
    sum += static_cast<unsigned char>(c);
    squares += static_cast<unsigned char>(c) * static_cast<unsigned char>(c);
  }
  const auto n = static_cast<double>(samples.size());
  return std::sqrt(std::max(0.0, squares / n - sum / n * (sum / n)));
}

TEST(Oscilloscope, a_hold_off_keeps_the_next_trigger_away) {
  SwitchedRail rail;
  rail.scope.write(":TRIG:SWE NORM");
  EXPECT_LT(rail.single(), 0.02);
  EXPECT_LT(rail.single(), 0.02) << "60 ns hold nothing off";
  rail.scope.write(":TRIG:HOLD 0.5");
  EXPECT_GT(rail.single(), 0.45);
  EXPECT_EQ(rail.scope.query("TER?"), "1");
}

TEST(Oscilloscope, noise_reject_asks_for_twice_the_swing) {
  SwitchedRail rail;
  // 22.5 mV of signal are 0.9 divisions here: more than 0.6, less than 1.2.
  rail.scope.write(":TRIG:SWE NORM;:CHAN1:SCAL 0.025;OFFS 1.985;:TRIG:LEV 1.985");
  EXPECT_LT(rail.single(), 0.02);
  rail.scope.write(":TRIG:NREJ ON;:SING");
  rail.pass(1);
  EXPECT_EQ(rail.scope.number("OPER:COND?"), 8 + 32) << "waits";
  rail.scope.write(":TRIG:NREJ OFF;:SING");
  rail.pass(1);
  EXPECT_EQ(rail.scope.number("OPER:COND?"), 0);
}

TEST(Oscilloscope, high_frequency_reject_lets_a_kilohertz_pass_and_low_frequency_reject_takes_the_level_away) {
  SwitchedRail rail;
  rail.scope.write(":TRIG:SWE NORM;:TRIG:HFR ON");
  EXPECT_LT(rail.single(), 0.02) << "a kilohertz passes";
  rail.scope.write(":TRIG:HFR OFF;:TRIG:REJ LFR;:SING");
  rail.pass(1);
  EXPECT_EQ(rail.scope.number("OPER:COND?"), 8 + 32) << "nothing stands at 1.985 V behind the filter";
  rail.scope.write(":TRIG:REJ OFF;:TRIG:COUP DC;:SING");
  rail.pass(1);
  EXPECT_EQ(rail.scope.number("OPER:COND?"), 0);
}

TEST(Oscilloscope, averaging_and_high_resolution_lower_the_noise_and_peak_detection_raises_it) {
  VirtualRail rail;
  rail.psu.write("VOLT 2,(@1);:OUTP ON,(@1)");
  rail.pass(1);
  rail.scope.write(":CHAN1:PROB 1;SCAL 0.0005;OFFS 2;:CHAN1:COUP AC;:CHAN1:OFFS 0;:TIM:SCAL 0.001");
  rail.scope.write(":WAV:SOUR CHAN1;FORM BYTE;POIN 1000");
  const auto noise = [&](const char* type) {
    rail.scope.write(std::string(":ACQ:TYPE ") + type + ";COUN 64;:DIG CHAN1");
    return spread(samples(rail.scope));
  };
  const double normal = noise("NORM");
  ASSERT_GT(normal, 5) << "steps";
  EXPECT_LT(noise("AVER"), 0.25 * normal);
  EXPECT_LT(noise("HRES"), 0.25 * normal);
  EXPECT_GT(noise("PEAK"), 1.3 * normal);
  EXPECT_TRUE(rail.scope.query(":WAV:PRE?").starts_with("+0,+1,")) << "peak";
}

TEST(Oscilloscope, high_resolution_fills_the_low_bits_of_a_word) {
  SwitchedRail rail;
  rail.scope.write(":WAV:SOUR CHAN1;FORM WORD;POIN 100;:DIG CHAN1");
  const auto low_bits = [&] {
    int bits = 0;
    const std::string words = samples(rail.scope);
    for (std::size_t i = 1; i < words.size(); i += 2) bits |= static_cast<unsigned char>(words[i]);
    return bits;
  };
  EXPECT_EQ(low_bits(), 0);
  rail.scope.write(":ACQ:TYPE HRES;:DIG CHAN1");
  EXPECT_NE(low_bits() & 0xf0, 0);
  EXPECT_EQ(low_bits() & 0x0f, 0) << "twelve bits";
}

TEST(Oscilloscope, peak_detection_shows_a_pulse_that_falls_between_two_points) {
  VirtualRail rail;
  rail.psu.write("VOLT 2,(@1);:CURR 3,(@1);:OUTP ON,(@1)");
  rail.load.write("FUNC CURR;:CURR 0.1;:CURR:TLEV 3;:TRAN:FREQ 10;DCYC 1.8;:INP ON;:INIT:TRAN;:TRIG:TRAN");
  rail.scope.write(":CHAN1:PROB 1;OFFS 1.98;SCAL 0.02;:TIM:SCAL 0.1;:TRIG:LEV 1.98;:WAV:SOUR CHAN1;POIN 100");
  rail.pass(3);
  const auto lowest = [&](const char* type) {
    rail.scope.write(std::string(":ACQ:TYPE ") + type + ";:DIG CHAN1");
    const std::string all = samples(rail.scope);
    return std::count_if(all.begin(), all.end(), [](char c) { return static_cast<unsigned char>(c) < 100; });
  };
  const auto seen = lowest("PEAK");
  EXPECT_GE(seen, 8) << "ten pulses of 1.8 ms in points of 10 ms";
  EXPECT_LT(lowest("NORM"), seen);
}

TEST(Oscilloscope, the_bandwidth_limit_lowers_the_noise_of_the_front_end) {
  VirtualRail rail;  // an input that nothing is wired to shows that noise alone
  rail.scope.write(":CHAN2:PROB 1;SCAL 0.0005;DISP ON;:TIM:SCAL 1e-5;:WAV:SOUR CHAN2;FORM BYTE;POIN 1000");
  rail.scope.write(":DIG CHAN2");
  const double wide = spread(samples(rail.scope));
  rail.scope.write(":CHAN2:BWL ON;:DIG CHAN2");
  EXPECT_NEAR(spread(samples(rail.scope)), wide * std::sqrt(20.0 / 70.0), 0.2 * wide);
}

TEST(Oscilloscope, skew_shows_an_input_later) {
  SwitchedRail rail;
  rail.scope.write(":CHAN1:SCAL 0.01;:TIM:SCAL 1e-7;:TRIG:SWE NORM;:ACQ:TYPE AVER;COUN 64;:DIG CHAN1");
  const double before = rail.scope.number("MEAS:VAV? CHAN1");
  rail.scope.write(":CHAN1:PROB:SKEW 1e-7;:DIG CHAN1");
  // The rise of 22.5 mV stands a tenth of the screen further to the right.
  EXPECT_NEAR(before - rail.scope.number("MEAS:VAV? CHAN1"), 0.1 * 0.0225, 4e-4);
}

TEST(Oscilloscope, the_registers_bit_reaches_the_status_byte_through_its_enable) {
  SwitchedRail rail;
  rail.scope.write("*CLS");
  EXPECT_EQ(static_cast<int>(rail.scope.number("*STB?")) & 128, 0);
  rail.scope.write(":OPEE 8;:STOP");
  (void)rail.scope.query("OPER:COND?");
  rail.scope.write(":RUN");
  (void)rail.scope.query("OPER:COND?");
  EXPECT_EQ(static_cast<int>(rail.scope.number("*STB?")) & 128, 128);
}

TEST(Oscilloscope, the_generator_is_wired_to_nothing_and_says_so) {
  VirtualRail rail;
  for (const char* command : {":WGEN:OUTP ON", ":WGEN:FREQ 1e4", ":WGEN:VOLT 1", ":ACQ:SEGM:COUN 10"}) {
    rail.scope.write(command);
    EXPECT_TRUE(rail.scope.error().starts_with("-241,")) << command;
  }
  rail.scope.write(":WGEN:OUTP OFF;:WGEN:FUNC SIN;:WGEN:FREQ 1000");
  EXPECT_EQ(rail.scope.error(), "+0,\"No error\"") << "the state that it is in";
}

TEST(Oscilloscope, inputs_that_nothing_is_wired_to_read_nothing) {
  ScopeRail rail;
  rail.scope.write(":CHAN2:PROB 1;:CHAN2:SCAL 0.1");
  EXPECT_NEAR(rail.scope.number("MEAS:VAV? CHAN2"), 0, 0.02);
}

}  // namespace
}  // namespace wheatstone::simulation
