#include "bench/bench_limits.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <wheatstone/oscilloscope.hpp>
#include <wheatstone/power_supply.hpp>

#include "bench/bench_file.hpp"

namespace wheatstone::bench {
namespace {

constexpr const char* k_limited_bench = R"(simulate: true
instruments:
  psu:
    profile: keysight/EDU36311A
    safety_limits:
      channels:
        1: {voltage: {max: 3.3}, current: {min: 0.01, max: 0.5}}
        2:
          voltage:
            min: -5
            max: 12
  free: {profile: keysight/EDU36311A}
)";

std::string refusal(const std::string& limits, const std::string& profile = "keysight/EDU36311A") {
  try {
    static_cast<void>(parse_bench_file(
        "instruments:\n  psu:\n    profile: " + profile + "\n    safety_limits: " + limits + "\n", "bench.yaml"));
  } catch (const ConfigurationError& error) {
    return error.what();
  }
  return "it was taken";
}

TEST(BenchLimits, are_read_with_their_places) {
  const BenchFile bench = parse_bench_file(k_limited_bench, "bench.yaml");
  const std::vector<BenchLimit>& limits = bench.entries.at(0).limits;
  ASSERT_EQ(limits.size(), 3U);
  EXPECT_EQ(limits[0].channel, 1);
  EXPECT_EQ(limits[0].quantity, "voltage");
  EXPECT_EQ(limits[0].minimum, std::nullopt);
  EXPECT_EQ(limits[0].maximum, 3.3);
  EXPECT_EQ(limits[1].minimum, 0.01);
  EXPECT_EQ(limits[2].source, "bench.yaml:10:13");
  EXPECT_TRUE(bench.entries.at(1).limits.empty());
}

TEST(BenchLimits, hold_for_the_instrument_that_they_stand_under_and_no_other) {
  const auto folder = std::filesystem::temp_directory_path() / ("wheatstone-limits-test-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "bench.yaml") << k_limited_bench;
  {
    const Bench bench = Bench::open(folder / "bench.yaml");
    auto& psu = bench.instrument<PowerSupply>("psu");
    EXPECT_THROW(psu.set_voltage(1, 3.4), LimitError);
    EXPECT_THROW(psu.set_voltage(2, 12.5), LimitError);
    EXPECT_THROW(psu.set_current(1, 0.005), LimitError);
    EXPECT_THROW(psu.write("FOO 1"), LimitError);
    try {
      psu.channel(1).set(5, 0.1);
      FAIL();
    } catch (const LimitError& error) {
      EXPECT_EQ(std::string(error.what()), "psu: voltage of 5 V on channel 1 is outside 0 to 3.3 V (" +
                                               (folder / "bench.yaml").string() + ":7:22); nothing was sent");
    }
    // A reset puts the current back to 5 A, which the limit forbids to switch on.
    psu.reset();
    EXPECT_THROW(psu.channel(1).on(), LimitError);
    psu.channel(1).set(3.3, 0.5).on();
    EXPECT_NEAR(psu.channel(1).measure_voltage().value, 3.3, 0.05);
    bench.instrument<PowerSupply>("free").channel(1).set(5, 1).on();
  }
  std::filesystem::remove_all(folder);
}

TEST(BenchLimits, are_refused_at_their_place_before_anything_is_connected) {
  EXPECT_EQ(refusal("{channels: {1: {voltage: {maximum: 5}}}}"), "bench.yaml:4:46: unknown key 'maximum'");
  EXPECT_EQ(refusal("{channels: {1: {voltage: {}}}}"), "bench.yaml:4:45: a limit has a 'min', a 'max' or both");
  EXPECT_EQ(refusal("{channels: {one: {voltage: {max: 5}}}}"),
            "bench.yaml:4:37: 'one' is no channel; limits stand under its number");
  EXPECT_EQ(refusal("{channel: {1: {voltage: {max: 5}}}}").substr(0, 55),
            "bench.yaml:4:21: unknown key 'channel'; did you mean 'c");
  EXPECT_EQ(refusal("{channels: {1: {voltage: {min: 5, max: 1}}}}"),
            "bench.yaml:4:45: this limit allows nothing: its min 5 is above its max 1");
  EXPECT_EQ(refusal("{channels: {1: {voltage: {max: .nan}}}}").substr(0, 17), "bench.yaml:4:51: ");
  const std::string unknown = refusal("{channels: {1: {volts: {max: 5}}}}");
  EXPECT_EQ(unknown,
            "bench.yaml:4:43: keysight/EDU36311A has no set-point 'volts' to limit; 'voltage', 'current' and "
            "'protection_voltage'");
  EXPECT_NE(refusal("{channels: {4: {voltage: {max: 5}}}}").find("has no channel 4"), std::string::npos);
  EXPECT_NE(refusal("{channels: {1: {voltage: {min: 7}}}}").find("allows nothing"), std::string::npos);
  EXPECT_NE(refusal("{channels: {1: {voltage: {max: 7}}}}", "keysight/34470A").find("no set-point"), std::string::npos);
}

}  // namespace
}  // namespace wheatstone::bench
