#include <gtest/gtest.h>

#include "plan/slots.hpp"

namespace wheatstone::plan {
namespace {

TEST(Slots, of_5_s_at_250_ms_are_20) {
  const Slots slots(0, 250'000'000, 5'000'000'000, std::nullopt, false);
  EXPECT_EQ(slots.size(), 20u);
  EXPECT_EQ(Slots(0, 300, 1000, std::nullopt, false).size(), 4u);
  EXPECT_EQ(Slots(0, 300, 1000, 2, false).size(), 2u);
}

TEST(Slots, after_an_overrun_the_next_one_on_the_grid_is_taken_and_the_missed_are_counted) {
  Slots slots(1000, 100, 1000, std::nullopt, false);
  EXPECT_EQ(slots.next(1000)->due, 1000);
  const auto late = slots.next(1250);
  ASSERT_TRUE(late);
  EXPECT_EQ(late->number, 3u);
  EXPECT_EQ(late->due, 1300);
  EXPECT_EQ(late->missed, 2u);
  EXPECT_EQ(slots.next(1400)->number, 4u);
  EXPECT_FALSE(slots.next(1901));
}

TEST(Slots, the_first_is_taken_though_it_is_reached_a_little_late) {
  Slots slots(1000, 100, 1000, std::nullopt, false);
  EXPECT_EQ(slots.next(1003)->number, 0u);
  EXPECT_EQ(slots.next(1003)->number, 1u);
}

TEST(Slots, catching_up_takes_every_one) {
  Slots slots(0, 100, 400, std::nullopt, true);
  EXPECT_EQ(slots.next(0)->number, 0u);
  EXPECT_EQ(slots.next(350)->number, 1u);
  EXPECT_EQ(slots.next(350)->number, 2u);
  EXPECT_EQ(slots.next(900)->number, 3u);
  EXPECT_FALSE(slots.next(900));
}

}  // namespace
}  // namespace wheatstone::plan
