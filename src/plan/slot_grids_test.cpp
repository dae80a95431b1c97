#include <gtest/gtest.h>

#include <set>

#include "plan/slot_grids.hpp"

namespace wheatstone::plan {
namespace {

/// What is due next at `now`, as "instant: slots missed by the grids that are due, - for the others"; taken.
std::string taken(SlotGrids& grids, std::int64_t now) {
  const auto due = grids.next(now);
  if (!due) return "over";
  std::string text = std::to_string(*due) + ":";
  for (const SlotGrids::Share& share : grids.shares()) {
    text += share.due ? " " + std::to_string(share.slot.missed) : std::string(" -");
  }
  grids.take();
  return text;
}

TEST(SlotGrids, share_the_instants_at_which_several_are_due) {
  SlotGrids grids(1000, {20, 30}, 100, false);
  EXPECT_EQ(taken(grids, 1000), "1000: 0 0");
  EXPECT_EQ(taken(grids, 1001), "1020: 0 -");
  EXPECT_EQ(taken(grids, 1021), "1030: - 0");
  EXPECT_EQ(taken(grids, 1031), "1040: 0 -");
  EXPECT_EQ(taken(grids, 1041), "1060: 0 0");
  EXPECT_EQ(taken(grids, 1061), "1080: 0 -");
  EXPECT_EQ(taken(grids, 1081), "1090: - 0");
  EXPECT_EQ(taken(grids, 1091), "over");
}

TEST(SlotGrids, count_their_instants_as_walking_through_them_does) {
  for (const std::vector<std::int64_t>& intervals :
       std::vector<std::vector<std::int64_t>>{{7}, {2, 3}, {6, 10, 15}, {1, 5}, {4, 6, 9, 35}, {1000}, {30, 2000}}) {
    for (const std::int64_t duration : {1, 2, 59, 60, 61, 1000}) {
      std::set<std::int64_t> instants;
      for (const std::int64_t interval : intervals) {
        for (std::int64_t due = 0; due < duration; due += interval) instants.insert(due);
      }
      EXPECT_EQ(SlotGrids(0, intervals, duration, false).size(), instants.size()) << duration;
    }
  }
  EXPECT_FALSE(SlotGrids(0, {7, 3}, std::nullopt, false).size());
}

TEST(SlotGrids, that_overran_miss_their_own_slots_and_hold_up_the_others) {
  SlotGrids grids(0, {10, 75}, 1000, false);
  EXPECT_EQ(taken(grids, 0), "0: 0 0");
  EXPECT_EQ(taken(grids, 1), "10: 0 -");
  EXPECT_EQ(taken(grids, 78), "75: - 0") << "late: the first grid measured while it was due";
  EXPECT_EQ(taken(grids, 79), "80: 6 -") << "20 to 70 passed while the first grid's own row was measured";
  EXPECT_EQ(taken(grids, 95), "100: 1 -");
  EXPECT_EQ(taken(grids, 101), "110: 0 -");
  EXPECT_EQ(taken(grids, 145), "150: 3 0");
  EXPECT_EQ(taken(grids, 151), "160: 0 -");
  EXPECT_EQ(taken(grids, 226), "225: - 0");
  EXPECT_EQ(taken(grids, 262), "260: 9 -") << "passed while the second measured, so that it is taken late";
}

TEST(SlotGrids, miss_what_passed_while_nothing_was_measured) {
  SlotGrids grids(0, {10, 75}, 1000, false);
  EXPECT_EQ(taken(grids, 0), "0: 0 0");
  EXPECT_EQ(taken(grids, 1), "10: 0 -");
  grids.rested();
  EXPECT_EQ(taken(grids, 78), "80: 6 -");
}

TEST(SlotGrids, catching_up_take_every_slot_in_the_order_in_which_they_were_due) {
  SlotGrids grids(0, {10, 25}, 60, true);
  EXPECT_EQ(taken(grids, 0), "0: 0 0");
  EXPECT_EQ(taken(grids, 55), "10: 0 -");
  EXPECT_EQ(taken(grids, 55), "20: 0 -");
  EXPECT_EQ(taken(grids, 55), "25: - 0");
  EXPECT_EQ(taken(grids, 55), "30: 0 -");
  EXPECT_EQ(taken(grids, 55), "40: 0 -");
  EXPECT_EQ(taken(grids, 90), "50: 0 0");
  EXPECT_EQ(taken(grids, 90), "over");
}

}  // namespace
}  // namespace wheatstone::plan
