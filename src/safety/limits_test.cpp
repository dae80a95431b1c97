#include "safety/limits.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace wheatstone::safety {
namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
constexpr double k_infinity = std::numeric_limits<double>::infinity();

Limits supply() {
  Limits limits({.alias = "psu", .model = "keysight/EDU36311A"});
  limits.add({.channel = 1, .quantity = "voltage", .range = {0, 6.18}, .unit = "V", .source = "profile"});
  limits.add({.channel = 0, .quantity = "current", .range = {0, 5.15}, .unit = "A", .source = "profile"});
  return limits;
}

TEST(Limits, let_what_is_inside_pass_both_ends_included) {
  const Limits limits = supply();
  EXPECT_NO_THROW(limits.check(1, "voltage", 0));
  EXPECT_NO_THROW(limits.check(1, "voltage", 6.18));
  EXPECT_NO_THROW(limits.check(3, "current", 5.15));
}

TEST(Limits, refuse_the_next_double_outside) {
  const Limits limits = supply();
  EXPECT_THROW(limits.check(1, "voltage", std::nextafter(6.18, 7.0)), LimitError);
  EXPECT_THROW(limits.check(1, "voltage", std::nextafter(0.0, -1.0)), LimitError);
}

TEST(Limits, of_channel_zero_hold_for_every_channel) {
  const Limits limits = supply();
  EXPECT_THROW(limits.check(1, "current", 6), LimitError);
  EXPECT_THROW(limits.check(7, "current", 6), LimitError);
  EXPECT_NO_THROW(limits.check(2, "voltage", 30)) << "channel 2 has no voltage limit here";
}

TEST(Limits, refuse_what_is_not_finite_even_without_a_limit) {
  const Limits none;
  for (const double value : {k_nan, k_infinity, -k_infinity})
    EXPECT_THROW(none.check(1, "anything", value), LimitError);
  EXPECT_NO_THROW(none.check(1, "anything", 1e300));
}

TEST(Limits, narrow_and_never_widen) {
  Limits limits = supply();
  limits.add({.channel = 1, .quantity = "voltage", .range = {-10, 3}, .unit = "V", .source = "bench.yaml line 12"});
  EXPECT_THROW(limits.check(1, "voltage", 4), LimitError);
  EXPECT_THROW(limits.check(1, "voltage", -1), LimitError);
  const auto left = limits.range(1, "voltage");
  ASSERT_TRUE(left);
  EXPECT_EQ(left->minimum, 0);
  EXPECT_EQ(left->maximum, 3);
}

TEST(Limits, say_who_what_where_and_why) {
  Limits limits = supply();
  try {
    limits.check(1, "voltage", 7, "VOLT 7,(@1)");
    FAIL();
  } catch (const LimitError& error) {
    EXPECT_STREQ(error.what(), "psu: voltage of 7 V on channel 1 is outside 0 to 6.18 V (profile); nothing was sent");
    EXPECT_EQ(error.context().command, "VOLT 7,(@1)");
    EXPECT_EQ(error.context().model, "keysight/EDU36311A");
  }
}

TEST(Limits, that_allow_nothing_are_refused) {
  Limits limits;
  EXPECT_THROW(limits.add({.channel = 1, .quantity = "voltage", .range = {3, 1}}), ConfigurationError);
  EXPECT_THROW(limits.add({.channel = 1, .quantity = "voltage", .range = {k_nan, 1}}), ConfigurationError);
}

}  // namespace
}  // namespace wheatstone::safety
