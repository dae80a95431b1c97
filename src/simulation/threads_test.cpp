#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "simulation/fake_link.hpp"

namespace wheatstone::simulation {
namespace {

TEST(Threads, instruments_of_one_bench_are_driven_from_their_own_threads) {
  SimulatedBench bench;
  std::vector<std::thread> threads;
  std::atomic<int> errors{0};
  const auto drive = [&](const char* alias, const char* profile, std::vector<std::string> writes, std::string query) {
    threads.emplace_back([&, alias, profile, writes = std::move(writes), query = std::move(query)] {
      Link link(bench, alias, profile);
      for (int i = 0; i < 300; ++i) {
        link.write(writes[static_cast<std::size_t>(i) % writes.size()]);
        (void)link.number(query);
      }
      if (link.error() != "+0,\"No error\"") ++errors;
    });
  };
  drive("psu", "keysight/EDU36311A", {"VOLT 1,(@1);:OUTP ON,(@1)", "VOLT 3,(@1)"}, "MEAS:CURR? (@1)");
  drive("dmm", "keysight/34470A", {"VOLT:NPLC 1", "VOLT:NPLC 0.2"}, "READ?");
  drive("load", "keysight/EL33133A", {"CURR 1;:INP ON", "CURR 0.1"}, "MEAS:VOLT?");
  drive("scope", "keysight/DSOX1204G", {":CHAN1:SCAL 1", ":CHAN1:SCAL 0.5"}, "MEAS:VPP? CHAN1");
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(errors, 0);
}

/// A supply thread and a meter thread in virtual time: what the meter reads depends on the seed alone.
std::vector<std::string> run_in_virtual_time(std::uint64_t seed) {
  const auto clock = base::make_virtual_clock();
  SimulatedBench bench({.seed = seed, .pace = Pace::virtual_time, .clock = clock.get()});
  const auto psu = bench.connect("psu", profile::load_profile("keysight/EDU36311A"));
  const auto dmm = bench.connect("dmm", profile::load_profile("keysight/34470A"));
  const std::int64_t start = clock->monotonic();
  std::vector<std::string> answers;
  clock->join();
  clock->join();
  std::thread supply([&] {
    psu->write("OUTP ON,(@1)", INT64_MAX);
    for (std::int64_t i = 1; i <= 20; ++i) {
      psu->write("VOLT " + std::to_string(0.2 * static_cast<double>(i)) + ",(@1)", INT64_MAX);
      (void)clock->wait_until(start + i * 137'000'001, {});
    }
    clock->leave();
  });
  std::thread meter([&] {
    dmm->write("VOLT:NPLC 1", INT64_MAX);
    (void)clock->wait_until(start + 1'000'003, {});
    for (int i = 0; i < 60; ++i) {
      dmm->write("READ?", INT64_MAX);
      answers.push_back(dmm->read_message(INT64_MAX));
    }
    clock->leave();
  });
  supply.join();
  meter.join();
  return answers;
}

TEST(Threads, the_same_seed_gives_the_same_bits_in_virtual_time) {
  const auto first = run_in_virtual_time(3);
  ASSERT_EQ(first.size(), 60U);
  EXPECT_EQ(first, run_in_virtual_time(3));
  EXPECT_NE(first, run_in_virtual_time(4));
  EXPECT_NE(first.front(), first.back()) << "the ramp went by";
}

}  // namespace
}  // namespace wheatstone::simulation
