#include <gtest/gtest.h>

#include <wheatstone/wheatstone.hpp>

#include "session/fake_run.hpp"

namespace wheatstone {
namespace {

using namespace std::chrono_literals;

Row measured() { return {{"x", 1}}; }

TEST(Preview, counts_points_shows_both_ends_and_adds_up_what_takes_time) {
  MeasurementSession session("preview", {.pace = "virtual"});
  session.instrument<Multimeter>("dmm", "keysight/34470A", {.simulate = true});
  session.parameter("v", linspace(0, 3, 4), {.unit = "V", .settle = 2s});
  session.parameter("i", linspace(0, 1, 10));
  session.acquire("m", measured);
  const Preview preview = session.preview({}, {.rows = 2});
  EXPECT_EQ(preview.points, 40u);
  ASSERT_EQ(preview.first.size(), 2u);
  ASSERT_EQ(preview.last.size(), 2u);
  EXPECT_EQ(*preview.last[1].find("v")->get_if<double>(), 3);
  EXPECT_EQ(*preview.last[1].find("i")->get_if<double>(), 1);
  EXPECT_DOUBLE_EQ(preview.time->seconds(), 4 * 2 + 40 * 0.2);  // 10 cycles of 50 Hz after a reset
  EXPECT_TRUE(preview.refused.empty());
  EXPECT_EQ(preview.text(),
            "40 points, 16 s\n  settling of 'v': 4 times 2 s\n  readings of 'dmm': 40 times 0.2 s\n"
            "  v = 0, i = 0\n  v = 0, i = 0.1111111111111111\n  ...\n  v = 3, i = 0.8888888888888888\n  v = 3, i = 1");
  EXPECT_EQ(preview.headline(), "40 points, 16 s or more");
  EXPECT_DOUBLE_EQ(session.preview({}, {.per_point = 100ms}).time->seconds(), 4);
  session.close();
}

TEST(Preview, knows_what_a_meter_was_configured_for) {
  MeasurementSession session("preview", {.pace = "virtual"});
  auto& dmm = session.instrument<Multimeter>("dmm", "keysight/34470A", {.simulate = true});
  session.parameter("v", linspace(0, 3, 4), "V");
  session.acquire("m", measured);
  EXPECT_DOUBLE_EQ(session.preview({}).time->seconds(), 4 * 0.2);
  dmm.set_nplc(100);
  EXPECT_DOUBLE_EQ(session.preview({}).time->seconds(), 4 * 2.0);
  dmm.set_aperture(0.01);
  EXPECT_DOUBLE_EQ(session.preview({}).time->seconds(), 4 * 0.01);
  dmm.reset();
  EXPECT_DOUBLE_EQ(session.preview({}).time->seconds(), 4 * 0.2);
  session.close();
}

TEST(Preview, counts_what_constraints_and_dependent_values_leave) {
  MeasurementSession session("preview");
  auto a = session.parameter("a", {1, 2, 3, 4});
  session.parameter("b", [=](const Point& p) { return std::views::iota(std::int64_t{0}, p[a]); });
  session.constrain("even", [=](const Point& p) { return p[a] % 2 == 0; });
  session.acquire("m", measured);
  const Preview preview = session.preview({.repeat = 2}, {.rows = 3});
  EXPECT_EQ(preview.points, 12u);
  EXPECT_EQ(*preview.last.back().find("b")->get_if<std::int64_t>(), 3);
}

TEST(Preview, of_a_billion_points_takes_no_time) {
  MeasurementSession session("preview");
  session.parameter("a", std::views::iota(0, 100'000), ParameterOptions{.settle = 1s});
  session.parameter("b", std::views::iota(0, 10'000));
  session.acquire("m", measured);
  const Preview preview = session.preview({.order = Order::snake});
  EXPECT_EQ(preview.points, 1'000'000'000u);
  EXPECT_EQ(*preview.last.back().find("b")->get_if<std::int64_t>(), 0);
  EXPECT_NEAR(preview.time->seconds(), 100'000, 1);
}

TEST(Preview, pulls_of_an_endless_stream_what_it_shows) {
  MeasurementSession session("preview");
  int pulled = 0;
  session.parameter("n", [&pulled]() -> std::optional<int> { return pulled++; });
  session.acquire("m", measured);
  const Preview preview = session.preview({}, {.rows = 3});
  EXPECT_EQ(preview.points, std::nullopt);
  EXPECT_EQ(preview.time, std::nullopt);
  EXPECT_EQ(preview.first.size(), 3u);
  EXPECT_EQ(pulled, 3);
}

TEST(Preview, tells_what_run_would_refuse) {
  MeasurementSession session("preview");
  session.parameter("a", {1, 2, 3});
  session.parameter("b", {1, 2});
  const Preview preview = session.preview({.order = Order::zip});
  ASSERT_EQ(preview.refused.size(), 2u);
  EXPECT_NE(preview.refused[0].find("no acquisition"), std::string::npos);
  EXPECT_NE(preview.refused[1].find("'a' has 3, 'b' has 2"), std::string::npos);
  EXPECT_NE(preview.text().find("refused: order 'zip'"), std::string::npos);
  EXPECT_FALSE(MeasurementSession("empty").preview().refused.empty());
}

TEST(Preview, tells_that_no_point_is_left) {
  MeasurementSession session("preview");
  session.parameter("v", {1, 2, 3});
  session.acquire("m", measured);
  session.constrain("never", [](const Point&) { return false; });
  const Preview preview = session.preview({});
  EXPECT_EQ(preview.points, 0u);
  ASSERT_EQ(preview.refused.size(), 1u);
  EXPECT_EQ(preview.refused[0].find("no point is left: constraint 'never' refused 3;"), 0u) << preview.refused[0];
}

TEST(Preview, of_a_timed_run_counts_its_slots) {
  MeasurementSession session("preview");
  session.acquire("m", measured);
  const Preview timed = session.preview({.duration = 5s, .interval = 250ms});
  EXPECT_EQ(timed.points, 20u);
  EXPECT_DOUBLE_EQ(timed.time->seconds(), 5);
  session.parameter("a", {1, 2, 3});
  EXPECT_EQ(session.preview({.duration = 5s, .interval = 250ms}).points, 3u);
  EXPECT_EQ(session.preview({.duration = 5s, .interval = 250ms, .cycle = true}).points, 20u);
}

TEST(Preview, of_a_timed_run_counts_the_rows_of_all_its_intervals_but_not_those_of_triggers) {
  MeasurementSession session("preview");
  session.acquire("a", measured, {.interval = 20ms});
  session.acquire("b", measured, {.interval = 30ms});
  const Preview timed = session.preview({.duration = 60ms});
  EXPECT_EQ(timed.points, 4u);
  EXPECT_DOUBLE_EQ(timed.time->seconds(), 0.06);
  EXPECT_EQ(session.preview({.count = 3}).points, 3u);
  EXPECT_EQ(session.preview({.count = 3}).time, std::nullopt);
  session.acquire("c", measured, {.trigger = [] { return false; }});
  EXPECT_EQ(session.preview({.duration = 60ms}).points, std::nullopt);
  EXPECT_DOUBLE_EQ(session.preview({.duration = 60ms}).time->seconds(), 0.06);
  EXPECT_EQ(session.preview({.duration = -1s}).points, std::nullopt);
}

TEST(Preview, says_a_time_as_people_do) {
  const auto headline = [](double seconds) {
    return Preview{.points = 1, .time = std::chrono::duration<double>(seconds)}.headline();
  };
  EXPECT_EQ(headline(0.02), "1 point, 20 ms or more");
  EXPECT_EQ(headline(1), "1 point, 1 s or more");
  EXPECT_EQ(headline(119), "1 point, 119 s or more");
  EXPECT_EQ(headline(120), "1 point, 2 min or more");
  EXPECT_EQ(headline(9000), "1 point, 2.5 h or more");
  EXPECT_EQ(headline(4e9), "1 point, 127 years or more");
  EXPECT_EQ(Preview().headline(), "points whose number is not known");
}

}  // namespace
}  // namespace wheatstone
