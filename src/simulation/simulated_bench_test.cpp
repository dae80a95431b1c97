#include "simulation/simulated_bench.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>
#include <wheatstone/error.hpp>

#include "scpi/number.hpp"
#include "simulation/fake_link.hpp"

namespace wheatstone::simulation {
namespace {

TEST(SimulatedBench, a_supply_keeps_its_set_points) {
  SimulatedBench bench;
  Link psu(bench, "psu", "keysight/EDU36311A");
  psu.write("VOLT 1.5,(@1);CURR 0.25,(@1)");
  EXPECT_EQ(psu.number("VOLT? (@1)"), 1.5);
  EXPECT_EQ(psu.number("SOURce:CURRent:LEVel:IMMediate:AMPLitude? (@1)"), 0.25);
  EXPECT_EQ(psu.number("VOLT? MAX,(@1)"), 6.18);
  EXPECT_EQ(psu.query("OUTP? (@1)"), "0");
  EXPECT_EQ(psu.error(), "+0,\"No error\"");
}

TEST(SimulatedBench, unknown_and_out_of_range_commands_are_queued_as_errors) {
  SimulatedBench bench;
  Link psu(bench, "psu", "keysight/EDU36311A");
  psu.write("VOLTAGES 1");
  EXPECT_EQ(psu.error(), "-113,\"Undefined header\"");
  psu.write("VOLT 7,(@1)");
  EXPECT_EQ(psu.error(), "-222,\"Data out of range\"");
  psu.write("VOLT");
  EXPECT_EQ(psu.error(), "-109,\"Missing parameter\"");
  EXPECT_EQ(psu.number("VOLT? (@1)"), 0.0);
  EXPECT_EQ(psu.error(), "+0,\"No error\"");
}

TEST(SimulatedBench, an_unread_answer_is_lost_to_the_next_message) {
  SimulatedBench bench;
  Link psu(bench, "psu", "keysight/EDU36311A");
  psu.write("VOLT? (@1)");
  EXPECT_TRUE(psu.query("*IDN?").starts_with("Keysight Technologies,EDU36311A,"));
  EXPECT_EQ(psu.error(), "-410,\"Query INTERRUPTED\"");
}

TEST(SimulatedBench, reading_without_a_question_times_out_and_is_queued) {
  SimulatedBench bench;
  Link psu(bench, "psu", "keysight/EDU36311A");
  const std::int64_t now = base::system_clock().monotonic();
  EXPECT_THROW((void)psu.transport().read_message(now + 1'000'000), TimeoutError);
  EXPECT_EQ(psu.error(), "-420,\"Query UNTERMINATED\"");
}

TEST(SimulatedBench, a_question_that_it_does_not_know_takes_its_time_out_of_the_benchs_time_alone) {
  SimulatedBench bench;
  Link psu(bench, "psu", "keysight/EDU36311A");
  const BenchTime& time = bench.instrument("psu", profile::load_profile("keysight/EDU36311A"))->time();
  constexpr std::int64_t k_hour = 3'600'000'000'000;
  psu.write("NONSENSE?");
  const std::int64_t before = time.now();
  EXPECT_THROW((void)psu.transport().read_message(base::system_clock().monotonic() + k_hour), TimeoutError);
  EXPECT_GE(time.now(), before + k_hour);
  EXPECT_LT(time.now(), before + 2 * k_hour);
  EXPECT_EQ(psu.error(), "-113,\"Undefined header\"");
}

TEST(SimulatedBench, the_meter_reads_what_the_supply_gives) {
  SimulatedBench bench;
  Link psu(bench, "psu", "keysight/EDU36311A");
  Link dmm(bench, "dmm", "keysight/34470A");
  EXPECT_NEAR(dmm.number("READ?"), 0.0, 1e-5);
  for (const double volts : {0.5, 1.0, 2.0, 5.0}) {
    psu.write(fmt::format("VOLT {},(@1);:CURR 0.5,(@1);:OUTP ON,(@1)", volts));
    const double read = dmm.number("READ?");
    const double supply = 0.001 * volts + 0.005;
    const double meter = 30e-6 * volts + 40e-6;
    EXPECT_NEAR(read, volts, supply + meter + 0.00025) << "half a programming step comes on top";
    EXPECT_NE(read, volts);
  }
  psu.write("OUTP OFF,(@1)");
  EXPECT_GT(dmm.number("READ?"), 0.5) << "an unloaded output falls slowly";
  EXPECT_NEAR(dmm.number("READ?"), 0.0, 1e-4);
  EXPECT_EQ(dmm.error(), "+0,\"No error\"");
}

TEST(SimulatedBench, readings_differ_by_noise_only_and_repeat_with_the_seed) {
  const auto readings = [](std::uint64_t seed) {
    const auto clock = base::make_virtual_clock();
    const base::ClockParticipant participant(*clock);
    SimulatedBench bench({.seed = seed, .pace = Pace::virtual_time, .clock = clock.get()});
    auto psu = bench.connect("psu", profile::load_profile("keysight/EDU36311A"));
    auto dmm = bench.connect("dmm", profile::load_profile("keysight/34470A"));
    const std::int64_t deadline = clock->monotonic() + 1000 * k_second;
    psu->write("VOLT 2,(@1);:OUTP ON,(@1)", deadline);
    std::vector<std::string> answers;
    for (int i = 0; i < 20; ++i) {
      dmm->write("READ?", deadline);
      answers.push_back(dmm->read_message(deadline));
    }
    return answers;
  };
  const auto first = readings(5);
  EXPECT_EQ(first, readings(5));
  EXPECT_NE(first, readings(6));
  const double a = *scpi::parse_response_number(first[10]);
  const double b = *scpi::parse_response_number(first[11]);
  EXPECT_NE(a, b);
  EXPECT_NEAR(a, b, 20e-6);
}

TEST(SimulatedBench, a_load_above_the_limit_puts_the_supply_in_constant_current_and_the_voltage_down) {
  SimulatedBench bench;
  Link psu(bench, "psu", "keysight/EDU36311A");
  Link load(bench, "load", "keysight/EL33133A");
  Link dmm(bench, "dmm", "keysight/34470A");
  psu.write("VOLT 5,(@1);:CURR 0.5,(@1);:OUTP ON,(@1)");
  (void)dmm.query("READ?");
  EXPECT_EQ(psu.number("STAT:QUES:INST:ISUM1:COND?"), 2) << "constant voltage";
  load.write("FUNC CURR,(@1);:CURR 1,(@1);:INP ON,(@1)");
  EXPECT_LT(dmm.number("READ?"), 0.1);
  EXPECT_EQ(psu.number("STAT:QUES:INST:ISUM1:COND?"), 1) << "constant current";
  EXPECT_NEAR(load.number("MEAS:CURR? (@1)"), 0.5, 0.02);
  EXPECT_EQ(static_cast<int>(load.number("STAT:QUES:COND? (@1)")) & 1024, 1024) << "unregulated";
  load.write("CURR 0.1,(@1)");
  EXPECT_NEAR(dmm.number("READ?"), 5.0, 0.05);
  EXPECT_EQ(psu.number("STAT:QUES:INST:ISUM1:COND?"), 2);
  EXPECT_EQ(load.error(), "+0,\"No error\"");
}

TEST(SimulatedBench, a_meter_counts_a_switching_load_and_answers_zero_for_a_quiet_rail) {
  SimulatedBench bench;
  Link psu(bench, "psu", "keysight/EDU36311A");
  Link load(bench, "load", "keysight/EL33133A");
  Link dmm(bench, "dmm", "keysight/34470A");
  psu.write("VOLT 5,(@1);:CURR 3,(@1);:OUTP ON,(@1)");
  (void)dmm.query("READ?");
  EXPECT_EQ(dmm.number("MEAS:FREQ?"), 0.0);
  load.write("CURR 2.5;:CURR:TLEV 0.1;:TRAN:FREQ 400;:INP ON;:INIT:TRAN;:TRIG:TRAN");
  EXPECT_NEAR(dmm.number("MEAS:FREQ?"), 400.0, 0.1);
  EXPECT_NEAR(dmm.number("MEAS:PER?"), 1 / 400.0, 1e-6);
}

TEST(SimulatedBench, states_that_cannot_be_kept_are_refused) {
  SimulatedBench bench;
  Link psu(bench, "psu", "keysight/EDU36311A");
  psu.write("*SAV 1");
  EXPECT_TRUE(psu.error().starts_with("-241,"));
}

TEST(SimulatedBench, the_real_pace_waits_the_aperture_and_cancel_ends_the_wait) {
  SimulatedBench bench({.seed = 1, .pace = Pace::real});
  Link dmm(bench, "dmm", "keysight/34470A");
  const std::int64_t start = base::system_clock().monotonic();
  dmm.write("VOLT:NPLC 1");
  (void)dmm.query("READ?");
  EXPECT_GE(base::system_clock().monotonic() - start, 40'000'000);
  dmm.write("VOLT:NPLC 100;:READ?");
  std::thread canceller([&] { dmm.transport().cancel(); });
  EXPECT_THROW((void)dmm.transport().read_message(start + 100 * k_second), Interrupted);
  canceller.join();
  dmm.transport().reset_cancel();
  dmm.transport().clear(start + 100 * k_second);
  EXPECT_EQ(dmm.error(), "+0,\"No error\"");
}

TEST(SimulatedBench, the_second_alias_of_another_model_is_refused) {
  SimulatedBench bench;
  Link psu(bench, "psu", "keysight/EDU36311A");
  EXPECT_THROW((void)bench.connect("psu", profile::load_profile("generic/scpi")), ConfigurationError);
}

}  // namespace
}  // namespace wheatstone::simulation
