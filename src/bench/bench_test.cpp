#include <wheatstone/bench.hpp>

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <wheatstone/electronic_load.hpp>
#include <wheatstone/multimeter.hpp>
#include <wheatstone/power_supply.hpp>

#include "bench/bench_access.hpp"
#include "bench/bench_file.hpp"

namespace wheatstone::bench {
namespace {

class BenchTest : public ::testing::Test {
 protected:
  BenchTest() { std::filesystem::create_directories(folder); }
  ~BenchTest() override { std::filesystem::remove_all(folder); }

  std::filesystem::path write(const std::string& text) const {
    const std::filesystem::path file = folder / "bench.yaml";
    std::ofstream(file) << text;
    return file;
  }
  std::string refusal(const std::string& text) const {
    try {
      static_cast<void>(parse_bench_file(text, "bench.yaml"));
    } catch (const ConfigurationError& error) {
      return error.what();
    }
    return "it was taken";
  }

  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("wheatstone-bench-test-" + std::to_string(::getpid()));
};

constexpr const char* k_bench = R"(
bench_name: IV bench
description: a supply and a meter
simulate: true
seed: 7
experiment:
  title: IV curve
  description: of a diode
  database_path: runs.db
instruments:
  psu: {profile: keysight/EDU36311A}
  dmm: {profile: keysight/34470A, timeout: 2.5}
)";

TEST_F(BenchTest, opens_and_lends_its_instruments_by_alias_and_kind) {
  Bench bench = Bench::open(write(k_bench));
  EXPECT_EQ(bench.name(), "IV bench");
  EXPECT_EQ(bench.experiment().database_path, "runs.db");
  EXPECT_EQ(BenchAccess::seed(bench), 7U);
  auto& psu = bench.instrument<PowerSupply>("psu");
  auto& dmm = bench.instrument<Multimeter>("dmm");
  EXPECT_EQ(dmm.timeout(), Duration(std::chrono::milliseconds(2500)));
  psu.channel(1).set(2.0, 0.5).on();
  EXPECT_NEAR(dmm.measure_voltage_dc().value, 2.0, 0.02);
}

TEST_F(BenchTest, tells_every_fault_of_a_file_with_its_place) {
  try {
    static_cast<void>(
        parse_bench_file("simulate: maybe\nwiring: {}\ninstruments:\n  psu: {profile: keysight/EDU3631}\n"
                         "  2nd: {profile: generic/scpi}\n  dmm: {profile: generic/scpi, adress: x}\n",
                         "bench.yaml"));
    FAIL();
  } catch (const ConfigurationError& error) {
    std::vector<std::string> all = error.attached();
    all.insert(all.begin(), error.what());
    ASSERT_EQ(all.size(), 5U);
    EXPECT_TRUE(all[0].starts_with("bench.yaml:2:1: the key 'wiring'")) << all[0];
    EXPECT_TRUE(all[1].starts_with("bench.yaml:1:11: true or false")) << all[1];
    EXPECT_TRUE(all[2].starts_with("bench.yaml:4:18: there is no profile")) << all[2];
    EXPECT_TRUE(all[3].starts_with("bench.yaml:5:3: '2nd' cannot name")) << all[3];
    EXPECT_EQ(all[4], "bench.yaml:6:32: unknown key 'adress'; did you mean 'address'?");
  }
}

TEST_F(BenchTest, is_described_without_being_connected) {
  const BenchDescription bench =
      describe_bench(write("simulate: false\ninstruments:\n"
                           "  psu: {address: 'TCPIP::nowhere.invalid::5025::SOCKET'}\n"));
  EXPECT_EQ(bench.name, "bench");
  EXPECT_EQ(bench.pace, "fast");
  ASSERT_EQ(bench.entries.size(), 1U);
  EXPECT_EQ(bench.entries[0].options.address, "TCPIP::nowhere.invalid::5025::SOCKET");
}

TEST_F(BenchTest, names_the_nearest_alias_and_the_kind_that_an_instrument_is) {
  Bench bench = Bench::open(write(k_bench));
  try {
    static_cast<void>(bench.instrument("dnm"));
    FAIL();
  } catch (const ConfigurationError& error) {
    EXPECT_STREQ(error.what(), "The bench 'IV bench' has no instrument 'dnm'; did you mean 'dmm'?");
  }
  EXPECT_THROW(static_cast<void>(bench.instrument<ElectronicLoad>("psu")), ConfigurationError);
}

TEST_F(BenchTest, turns_off_what_was_turned_on_when_it_closes) {
  Bench bench = Bench::open(write(k_bench));
  const auto world = BenchAccess::simulated(bench).instrument("psu", profile::load_profile("keysight/EDU36311A"));
  bench.instrument<PowerSupply>("psu").output(1);
  bench.close_all();
  EXPECT_FALSE(bench.instrument("psu").is_open());
  EXPECT_THROW(static_cast<void>(bench.instrument("psu").id()), ConnectionError);
  world->write("OUTP? (@1)");
  EXPECT_EQ(world->read().response.value_or("nothing"), "0");
  bench.close_all();
}

TEST_F(BenchTest, says_what_an_instrument_that_does_not_answer_is_called) {
  const auto file = write(
      "bench_name: b\ninstruments:\n"
      "  psu: {profile: keysight/EDU36311A, simulate: true}\n"
      "  gone: {profile: keysight/34470A, address: 'TCPIP::127.0.0.1::1::SOCKET', timeout: 1}\n");
  try {
    static_cast<void>(Bench::open(file));
    FAIL();
  } catch (const ConnectionError& error) {
    EXPECT_EQ(error.context().alias, "gone");
    EXPECT_EQ(std::string(error.what()).substr(0, 6), "gone: ");
  }
}

TEST_F(BenchTest, names_the_place_of_each_instrument_that_has_nothing_to_connect_to_before_any_is_connected) {
  const auto file = write(
      "instruments:\n"
      "  psu: {profile: keysight/EDU36311A, address: 'TCPIP::127.0.0.1::1::SOCKET'}\n"
      "  dmm: {profile: keysight/34470A}\n"
      "  load: keysight/EL33133A\n");
  try {
    static_cast<void>(Bench::open(file));
    FAIL();
  } catch (const ConfigurationError& error) {
    EXPECT_EQ(error.what(),
              file.string() + ":3:8: 'dmm' has nothing to connect to; give its address, or say simulate: true");
    ASSERT_EQ(error.attached().size(), 1U);
    EXPECT_TRUE(error.attached().front().starts_with(file.string() + ":4:9: 'load'")) << error.attached().front();
  }
  EXPECT_EQ(Bench::open(file, {.simulate = true}).entries().size(), 3U);
}

TEST_F(BenchTest, points_at_the_place_of_a_mistake_and_names_the_nearest_key) {
  EXPECT_EQ(refusal("bench_name: b\ninstruments:\n  psu: {profil: keysight/EDU36311A}\n"),
            "bench.yaml:3:9: unknown key 'profil'; did you mean 'profile'?");
  EXPECT_EQ(refusal("bench_name: b\nsimulat: true\ninstruments: {psu: {profile: p}}\n"),
            "bench.yaml:2:1: unknown key 'simulat'; did you mean 'simulate'?");
  EXPECT_EQ(refusal("bench_name: b\ninstrments:\n  psu: {profile: p}\n").substr(0, 33),
            "bench.yaml:2:1: unknown key 'inst");
  EXPECT_EQ(refusal("").substr(0, 16), "bench.yaml:1:1: ");
  EXPECT_EQ(refusal("bench_name: b\ninstruments: [psu\n").substr(0, 13), "bench.yaml:3:");
}

TEST_F(BenchTest, refuses_keys_that_it_would_not_act_on) {
  EXPECT_EQ(refusal("bench_name: b\ninstruments:\n  psu:\n    profile: p\n    wiring: {}\n"),
            "bench.yaml:5:5: the key 'wiring' is not supported by this version; take it out");
  EXPECT_NE(refusal("bench_name: b\nautomation: {}\ninstruments: {psu: {profile: p}}\n").find("'automation'"),
            std::string::npos);
}

TEST_F(BenchTest, points_at_an_unknown_profile_and_at_a_malformed_address) {
  EXPECT_EQ(refusal("bench_name: b\ninstruments:\n  psu: {profile: keysight/EDU36311}\n").substr(0, 69),
            "bench.yaml:3:18: there is no profile 'keysight/EDU36311'; the nearest");
  EXPECT_EQ(refusal("instruments:\n  psu:\n    address: TCPIP::psu::SOCKET\n").substr(0, 58),
            "bench.yaml:3:14: 'TCPIP::psu::SOCKET' is no VISA resource ");
  EXPECT_EQ(refusal("instruments:\n  psu: {profile: none.yaml}\n").substr(0, 45),
            "bench.yaml:2:18: the profile file 'none.yaml'");
}

TEST_F(BenchTest, refuses_what_no_bench_can_be) {
  EXPECT_NE(refusal("- a\n").find("mapping"), std::string::npos);
  EXPECT_NE(refusal("bench_name: b\n").find("'instruments' is missing"), std::string::npos);
  EXPECT_NE(refusal("bench_name: b\ninstruments: {}\n").find("one instrument"), std::string::npos);
  EXPECT_NE(refusal("instruments: {2psu: {profile: p}}\n").find("cannot name"), std::string::npos);
  EXPECT_NE(refusal("instruments: {psu: {}}\n").find("needs a profile"), std::string::npos);
  EXPECT_NE(refusal("instruments: {psu: {profile: p, timeout: -1}}\n").find("time-out"), std::string::npos);
  EXPECT_NE(refusal("seed: 1.5\ninstruments: {psu: {profile: p}}\n").find("seed"), std::string::npos);
  EXPECT_NE(refusal("pace: quick\ninstruments: {psu: {profile: p}}\n").find("1:7"), std::string::npos);
  EXPECT_THROW(static_cast<void>(Bench::open(folder / "none.yaml")), ConfigurationError);
}

}  // namespace
}  // namespace wheatstone::bench
