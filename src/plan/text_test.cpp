#include "plan/text.hpp"

#include <gtest/gtest.h>

namespace wheatstone::plan {
namespace {

TEST(PlanText, shows_an_instant_in_utc_with_the_digits_that_it_needs) {
  EXPECT_EQ(text_of(Value(Time{0})), "1970-01-01T00:00:00Z");
  EXPECT_EQ(text_of(Value(Time{1'764'000'000'500'000'000})), "2025-11-24T16:00:00.5Z");
  EXPECT_EQ(text_of(Value(Time{-1})), "1969-12-31T23:59:59.999999999Z");
}

TEST(PlanText, shows_other_values_as_they_are_written) {
  EXPECT_EQ(text_of(Value(0.1)), "0.1");
  EXPECT_EQ(text_of(Value("on")), "'on'");
  EXPECT_EQ(text_of(Value(std::complex<double>(1, -2))), "1-2j");
}

}  // namespace
}  // namespace wheatstone::plan
