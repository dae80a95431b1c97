#include <gtest/gtest.h>

#include <cmath>
#include <wheatstone/error.hpp>
#include <wheatstone/series.hpp>

namespace wheatstone {
namespace {

using Numbers = std::vector<double>;

TEST(Series, come_to_both_ends_exactly) {
  EXPECT_EQ(Numbers(linspace(0, 6, 4)), (Numbers{0, 2, 4, 6}));
  EXPECT_EQ(Numbers(linspace(3, 9, 1)), Numbers{3});
  EXPECT_EQ(Numbers(geomspace(1, 1000, 4)).back(), 1000);
  EXPECT_NEAR(geomspace(1, 1000, 4)[1], 10, 1e-12);
  EXPECT_EQ(geomspace(-0.1, -0.7, 3)[2], -0.7);
  EXPECT_EQ(Numbers(logspace(0, 3, 4)), (Numbers{1, 10, 100, 1000}));
  EXPECT_EQ(Numbers(logspace(1, 3, 3, 2)), (Numbers{2, 4, 8}));
  EXPECT_EQ(steps(0, 0.3, 0.1)[3], 0.3);
}

TEST(Series, of_steps_include_the_stop_where_a_step_comes_to_it_and_aranges_never) {
  EXPECT_EQ(steps(0, 1, 0.1).size(), 11u);
  EXPECT_EQ(Numbers(steps(0, 1, 0.4)), (Numbers{0, 0.4, 0.8}));
  EXPECT_EQ(Numbers(steps(2, 0, -1)), (Numbers{2, 1, 0}));
  EXPECT_EQ(Numbers(steps(2, 2, 1)), Numbers{2});
  EXPECT_EQ(Numbers(arange(0, 3)), (Numbers{0, 1, 2}));
  EXPECT_EQ(Numbers(arange(1, 0, -0.25)), (Numbers{1, 0.75, 0.5, 0.25}));
}

TEST(Series, are_ranges_that_keep_their_unit_and_know_their_rule) {
  const Series series = linspace(0, 5, 11, "V");
  EXPECT_EQ(series.unit(), "V");
  EXPECT_EQ(series.text(), "linspace(0, 5, 11)");
  EXPECT_EQ(steps(0, 1, 0.5).text(), "steps(0, 1, 0.5)");
  EXPECT_EQ(logspace(0, 1, 2, 2).text(), "logspace(0, 1, 2, base=2)");
  double sum = 0;
  for (const double v : series) sum += v;
  EXPECT_DOUBLE_EQ(sum, 27.5);
  static_assert(std::ranges::forward_range<Series>);
}

TEST(Series, of_a_billion_cost_nothing) {
  const Series series = linspace(0, 1, 1'000'000'001);
  EXPECT_EQ(series[500'000'000], 0.5);
  EXPECT_EQ(series.values()->size(), 1'000'000'001u);
}

TEST(Series, refuse_what_makes_no_values) {
  EXPECT_THROW((void)linspace(0, 1, 0), ConfigurationError);
  EXPECT_THROW((void)linspace(0, NAN, 2), ConfigurationError);
  EXPECT_THROW((void)logspace(0, 1, 2, 1), ConfigurationError);
  EXPECT_THROW((void)geomspace(0, 1, 2), ConfigurationError);
  EXPECT_THROW((void)geomspace(-1, 1, 2), ConfigurationError);
  EXPECT_THROW((void)arange(0, 1, -1), ConfigurationError);
  EXPECT_THROW((void)arange(0, 1, 0), ConfigurationError);
  EXPECT_THROW((void)arange(1, 1), ConfigurationError);
  EXPECT_THROW((void)steps(0, 1, 0), ConfigurationError);
  EXPECT_THROW((void)steps(0, 1, 1e-300), ConfigurationError);
  EXPECT_THROW((void)steps(1, 0, 0.1), ConfigurationError);
}

}  // namespace
}  // namespace wheatstone
