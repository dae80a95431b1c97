#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <wheatstone/adaptive.hpp>
#include <wheatstone/error.hpp>

#include "plan/fake_values.hpp"
#include "plan/proposed.hpp"

namespace wheatstone::plan {
namespace {

/// The points that a plan takes of a curve y of a.
std::vector<double> taken_of(const std::shared_ptr<AdaptivePlan>& search, const std::function<double(double)>& curve) {
  Proposed plan(search, {"a"}, {std::make_shared<FakeOpen>()});
  Place place = place_for(1);
  std::vector<double> taken;
  while (taken.size() < 1000 && plan.next(place)) {
    taken.push_back(numbers_of(place).front());
    plan.tell(place, Row{{"a", taken.back()}, {"y", curve(taken.back())}});
  }
  return taken;
}

double diode(double v) { return std::exp(8 * (v - 1)); }

TEST(Refine, takes_the_ends_and_most_points_where_the_curve_bends) {
  const auto taken = taken_of(refine("a", {.of = "y", .between = {0, 1}, .points = 40}), diode);
  EXPECT_EQ(taken.size(), 40u);
  EXPECT_EQ(std::ranges::min(taken), 0);
  EXPECT_EQ(std::ranges::max(taken), 1);
  EXPECT_GT(std::ranges::count_if(taken, [](double v) { return v > 0.5; }), 25);
  const std::vector<double> again = taken_of(refine("a", {.of = "y", .between = {0, 1}, .points = 40}), diode);
  EXPECT_EQ(taken, again);
}

/// The greatest distance of the curve from straight lines between the points.
double greatest_miss(std::vector<double> taken, const std::function<double(double)>& curve) {
  std::ranges::sort(taken);
  double worst = 0;
  for (std::size_t i = 0; i + 1 < taken.size(); ++i) {
    for (double t = 0; t <= 1; t += 0.05) {
      const double x = std::lerp(taken[i], taken[i + 1], t);
      const double line = std::lerp(curve(taken[i]), curve(taken[i + 1]), t);
      worst = std::max(worst, std::abs(curve(x) - line));
    }
  }
  return worst;
}

TEST(Refine, misses_the_curve_less_than_even_points_do) {
  std::vector<double> even;
  for (int i = 0; i < 40; ++i) even.push_back(i / 39.0);
  const auto taken = taken_of(refine("a", {.of = "y", .between = {0, 1}, .points = 40}), diode);
  EXPECT_LT(greatest_miss(taken, diode), greatest_miss(even, diode) / 3);
}

TEST(Refine, leaves_points_for_the_rest_beside_a_jump) {
  const auto taken =
      taken_of(refine("a", {.of = "y", .between = {0, 1}, .points = 60}), [](double v) { return v < 0.3 ? 0.0 : 1.0; });
  EXPECT_GT(std::ranges::count_if(taken, [](double v) { return std::abs(v - 0.3) < 0.01; }), 5);
  std::vector<double> sorted = taken;
  std::ranges::sort(sorted);
  for (std::size_t i = 0; i + 1 < sorted.size(); ++i) EXPECT_LT(sorted[i + 1] - sorted[i], 0.1);
}

TEST(Refine, goes_on_where_a_result_is_no_number) {
  const auto taken = taken_of(refine("a", {.of = "y", .between = {0, 1}, .points = 30}),
                              [](double v) { return v < 0.5 ? std::nan("") : v; });
  EXPECT_EQ(taken.size(), 30u);
}

TEST(Refine, ends_where_no_interval_is_left_to_halve) {
  const auto taken = taken_of(refine("a", {.of = "y", .between = {1, 1 + 1e-15}, .points = 500}), diode);
  EXPECT_LT(taken.size(), 50u);
}

TEST(Bisect, finds_the_crossing_to_its_tolerance_in_either_direction) {
  for (const auto& between : {std::pair{0.0, 4.0}, std::pair{4.0, 0.0}}) {
    const auto search = bisect("a", {.of = "y", .threshold = 2, .between = between, .tolerance = 1e-6});
    EXPECT_EQ(search->crossing(), std::nullopt);
    const auto taken = taken_of(search, [](double v) { return v * v; });
    EXPECT_NEAR(search->crossing().value(), std::sqrt(2.0), 1e-6);
    EXPECT_EQ(taken.size(), 2u + 22u);  // 4 / 2^22 is below 1e-6
  }
}

TEST(Bisect, ends_where_numbers_come_no_closer) {
  const auto search = bisect("a", {.of = "y", .threshold = 0.5, .between = {0, 1}, .tolerance = 1e-300});
  EXPECT_LT(taken_of(search, [](double v) { return v; }).size(), 1100u);
  EXPECT_NEAR(search->crossing().value(), 0.5, 1e-15);
}

TEST(Bisect, finds_a_threshold_that_is_reached_and_not_passed) {
  const auto step = bisect("a", {.of = "y", .threshold = 1, .between = {0, 4}, .tolerance = 1e-6});
  (void)taken_of(step, [](double v) { return v < 2.7 ? 0.0 : 1.0; });
  ASSERT_TRUE(step->crossing());
  EXPECT_NEAR(*step->crossing(), 2.7, 1e-6);

  const auto end = bisect("a", {.of = "y", .threshold = 4, .between = {4, 0}, .tolerance = 1e-6});
  (void)taken_of(end, [](double v) { return v; });
  ASSERT_TRUE(end->crossing());
  EXPECT_NEAR(*end->crossing(), 4, 1e-6);
}

TEST(Bisect, tells_both_ends_where_they_are_on_one_side) {
  try {
    taken_of(bisect("a", {.of = "y", .threshold = 9, .between = {0, 1}}), [](double v) { return v; });
    FAIL();
  } catch (const MeasurementError& error) {
    EXPECT_NE(std::string(error.what()).find("'y' is 0 at a = 0 and 1 at 1, both on one side of the threshold 9"),
              std::string::npos)
        << error.what();
  }
}

TEST(Searches, say_what_is_wrong) {
  EXPECT_THROW((void)refine("a", {.of = "y", .between = {1, 1}}), ConfigurationError);
  EXPECT_THROW((void)refine("a", {.of = "y", .between = {1, NAN}}), ConfigurationError);
  EXPECT_THROW((void)refine("a", {.of = "y", .points = 1}), ConfigurationError);
  EXPECT_THROW((void)refine("a", {}), ConfigurationError);
  EXPECT_THROW((void)bisect("a", {.of = "y", .tolerance = 0}), ConfigurationError);
  EXPECT_THROW(refine("a", {.of = "y"})->begin({"a", "b"}), ConfigurationError);
  try {
    taken_of(refine("a", {.of = "z"}), diode);
    FAIL();
  } catch (const MeasurementError& error) {
    EXPECT_NE(std::string(error.what()).find("the row has no 'z'; it has 'a' and 'y'"), std::string::npos)
        << error.what();
  }
}

TEST(Searches, describe_themselves) {
  EXPECT_EQ(refine("a", {.of = "y"})->description(), "refine('a', of='y', between=(0, 1), points=50)");
  EXPECT_EQ(bisect("a", {.of = "y", .threshold = 2})->description(),
            "bisect('a', of='y', between=(0, 1), threshold=2, tolerance=0.001)");
}

}  // namespace
}  // namespace wheatstone::plan
