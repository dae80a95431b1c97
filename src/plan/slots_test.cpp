#include <gtest/gtest.h>

#include "plan/slots.hpp"

namespace wheatstone::plan {
namespace {

/// The next slot at `now`, taken.
std::optional<Slots::Slot> next(Slots& slots, std::int64_t now, bool held_up = false) {
  const auto slot = slots.peek(now, held_up);
  if (slot) slots.take(*slot);
  return slot;
}

TEST(Slots, of_5_s_at_250_ms_are_20) {
  const Slots slots(0, 250'000'000, 5'000'000'000, false);
  EXPECT_EQ(slots.size(), 20u);
  EXPECT_EQ(Slots(0, 300, 1000, false).size(), 4u);
  EXPECT_EQ(Slots(0, 300, std::nullopt, false).size(), UINT64_MAX);
}

TEST(Slots, after_an_overrun_the_next_one_on_the_grid_is_taken_and_the_missed_are_counted) {
  Slots slots(1000, 100, 1000, false);
  EXPECT_EQ(next(slots, 1000)->due, 1000);
  const auto late = next(slots, 1250);
  ASSERT_TRUE(late);
  EXPECT_EQ(late->number, 3u);
  EXPECT_EQ(late->due, 1300);
  EXPECT_EQ(late->missed, 2u);
  EXPECT_EQ(next(slots, 1400)->number, 4u);
  EXPECT_FALSE(next(slots, 1901));
}

TEST(Slots, the_first_is_taken_though_it_is_reached_a_little_late) {
  Slots slots(1000, 100, 1000, false);
  EXPECT_EQ(next(slots, 1003)->number, 0u);
  EXPECT_EQ(next(slots, 1003)->number, 1u);
}

TEST(Slots, catching_up_takes_every_one) {
  Slots slots(0, 100, 400, true);
  EXPECT_EQ(next(slots, 0)->number, 0u);
  EXPECT_EQ(next(slots, 350)->number, 1u);
  EXPECT_EQ(next(slots, 350)->number, 2u);
  EXPECT_EQ(next(slots, 900)->number, 3u);
  EXPECT_FALSE(next(slots, 900));
}

TEST(Slots, that_passed_while_something_else_was_measured_are_taken_late_the_last_of_them_alone) {
  Slots slots(0, 100, 400, false);
  EXPECT_EQ(next(slots, 0)->number, 0u);
  const auto late = next(slots, 250, true);
  ASSERT_TRUE(late);
  EXPECT_EQ(late->number, 2u);
  EXPECT_EQ(late->missed, 1u);
  EXPECT_EQ(next(slots, 260, true)->number, 3u);
  EXPECT_FALSE(next(slots, 500, true));
}

TEST(Slots, held_up_past_the_end_the_last_one_is_taken) {
  Slots slots(0, 100, 400, false);
  EXPECT_EQ(next(slots, 0)->number, 0u);
  EXPECT_EQ(next(slots, 700, true)->number, 3u);
  EXPECT_FALSE(next(slots, 700, true));
}

}  // namespace
}  // namespace wheatstone::plan
