#include "progress_line.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "terminal.hpp"

namespace wheatstone::cli {
namespace {

using namespace std::chrono_literals;

TEST(ProgressLine, says_how_far_how_fast_and_how_long_still) {
  const Progress progress = {.state = RunState::running, .done = 10, .total = 40, .elapsed = 2s};
  EXPECT_EQ(progress_line(progress, "IV curve", 60, false),
            "IV curve  #####................  10/40  5 points/s  6 s left");
}

TEST(ProgressLine, says_how_long_it_took_once_all_is_done) {
  const Progress progress = {.state = RunState::finished, .done = 40, .total = 40, .elapsed = 8s};
  EXPECT_EQ(progress_line(progress, "IV", 50, false), "IV  ######################  40/40  5 points/s  8 s");
}

TEST(ProgressLine, takes_the_rate_of_the_last_seconds_and_says_what_holds_it) {
  Progress progress = {.state = RunState::running, .done = 10, .total = 40, .elapsed = 2s, .rate = 10};
  EXPECT_EQ(progress_line(progress, "IV", 40, false), "IV    10/40  10 points/s  3 s left");
  progress.state = RunState::paused;
  EXPECT_EQ(progress_line(progress, "IV", 60, false), "IV  ########........................  10/40  paused");
  progress.reason = "the beam is off";
  EXPECT_EQ(progress_line(progress, "IV", 40, false), "IV    10/40  held: the beam is off");
}

TEST(ProgressInWords, say_what_a_run_does) {
  Progress progress = {.state = RunState::running, .done = 10, .total = 40, .elapsed = 2s, .rate = 5};
  progress.remaining = Duration(6s);
  EXPECT_EQ(progress_in_words(progress), "running, 10 of 40 points, 5 points/s, 6 s left");
  progress.state = RunState::paused;
  progress.reason = "the beam is off";
  EXPECT_EQ(progress_in_words(progress), "paused (the beam is off), 10 of 40 points");
}

TEST(ProgressLine, has_no_bar_where_nobody_knows_the_end) {
  const Progress progress = {.state = RunState::running, .done = 10, .total = {}, .elapsed = 2s};
  EXPECT_EQ(progress_line(progress, "watch", 60, true), "watch    10  5 points/s  2 s");
}

TEST(ProgressLine, never_is_wider_than_the_terminal) {
  const Progress progress = {.state = RunState::running, .done = 123456, .total = 99999999, .elapsed = 1234s};
  for (std::size_t width = 1; width < 120; ++width) {
    EXPECT_LE(columns_of(progress_line(progress, "a long name, with Ω in it", width, true)), width);
  }
}

}  // namespace
}  // namespace wheatstone::cli
