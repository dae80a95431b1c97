#include "simulation/noise.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "simulation/occasion.hpp"

namespace wheatstone::simulation {
namespace {

TEST(Noise, is_the_same_for_the_same_seed_alias_quantity_and_count) {
  const NoiseStream a(7, "dmm", "voltage dc");
  const NoiseStream b(7, "dmm", "voltage dc");
  for (std::uint64_t n = 0; n < 100; ++n) EXPECT_EQ(a.gaussian(n), b.gaussian(n));
}

TEST(Noise, differs_by_each_of_them) {
  const NoiseStream reference(7, "dmm", "voltage dc");
  EXPECT_NE(reference.gaussian(0), reference.gaussian(1));
  EXPECT_NE(reference.gaussian(0), NoiseStream(8, "dmm", "voltage dc").gaussian(0));
  EXPECT_NE(reference.gaussian(0), NoiseStream(7, "dmm2", "voltage dc").gaussian(0));
  EXPECT_NE(reference.gaussian(0), NoiseStream(7, "dmm", "current dc").gaussian(0));
  EXPECT_NE(NoiseStream(7, "ab", "c").gaussian(0), NoiseStream(7, "a", "bc").gaussian(0));
}

TEST(Noise, has_mean_zero_and_deviation_one) {
  const NoiseStream stream(1, "dmm", "voltage dc");
  constexpr int k_count = 100'000;
  double sum = 0;
  double squares = 0;
  for (int n = 0; n < k_count; ++n) {
    const double x = stream.gaussian(static_cast<std::uint64_t>(n));
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / k_count, 0.0, 5 / std::sqrt(k_count));
  EXPECT_NEAR(squares / k_count, 1.0, 5 * std::sqrt(2.0 / k_count));
}

TEST(Noise, neighbouring_readings_are_uncorrelated) {
  const NoiseStream stream(1, "dmm", "voltage dc");
  constexpr int k_count = 100'000;
  double product = 0;
  for (int n = 0; n < k_count; ++n) {
    product += stream.gaussian(static_cast<std::uint64_t>(n)) * stream.gaussian(static_cast<std::uint64_t>(n) + 1);
  }
  EXPECT_NEAR(product / k_count, 0.0, 5 / std::sqrt(k_count));
}

TEST(SystematicError, stays_within_its_limits_and_uses_them) {
  double largest = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const SystematicError error = draw_systematic_error(seed, "psu", "voltage 1", 1e-3, 5e-3);
    EXPECT_LE(std::abs(error.gain), 1e-3);
    EXPECT_LE(std::abs(error.offset), 5e-3);
    largest = std::max(largest, std::abs(error.gain));
  }
  EXPECT_GT(largest, 0.95e-3);
}

TEST(ReadingCounter, numbers_the_readings_of_a_point_alike_whatever_came_before) {
  Occasion occasion;
  ReadingCounter undisturbed, resumed;
  occasion.at_point(1, 6);
  (void)undisturbed.next(&occasion);
  occasion.at_point(1, 7);
  const std::uint64_t first = undisturbed.next(&occasion);
  const std::uint64_t second = undisturbed.next(&occasion);
  EXPECT_EQ(resumed.next(&occasion), first);
  EXPECT_EQ(resumed.next(&occasion), second);
  EXPECT_NE(first, second);
}

TEST(ReadingCounter, tells_runs_points_and_parts_apart) {
  Occasion occasion;
  std::set<std::uint64_t> numbers;
  for (std::uint64_t run = 1; run <= 10; ++run) {
    for (std::uint64_t point = 0; point < 100; ++point) {
      for (std::uint64_t part = 0; part < 2; ++part) {
        ReadingCounter counter;
        occasion.at_point(run, point, part);
        for (int i = 0; i < 10; ++i) numbers.insert(counter.next(&occasion));
      }
    }
  }
  EXPECT_EQ(numbers.size(), 20'000u);
}

TEST(ReadingCounter, counts_on_between_runs) {
  Occasion occasion;
  ReadingCounter counter;
  EXPECT_EQ(counter.next(nullptr), 0u);
  EXPECT_EQ(counter.next(&occasion), 1u);
  occasion.at_point(1, 0);
  (void)counter.next(&occasion);
  occasion.between_runs();
  EXPECT_EQ(counter.next(&occasion), 2u);
}

}  // namespace
}  // namespace wheatstone::simulation
