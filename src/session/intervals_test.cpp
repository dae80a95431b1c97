// Acquisitions of a timed run that have intervals of their own.

#include <gtest/gtest.h>

#include <wheatstone/error.hpp>

#include "session/fake_run.hpp"

namespace wheatstone::session {
namespace {
using namespace std::chrono_literals;

std::string column_text(const Experiment& table, const std::string& name) {
  std::string text;
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    const Value value = table.at(row, name);
    const auto* const number = value.get_if<std::int64_t>();
    text += (text.empty() ? "" : " ") + (value.is_null() ? "-" : std::to_string(number ? *number : -1));
  }
  return text;
}

TEST(Intervals, of_each_acquisition_are_a_grid_and_cells_of_others_are_null) {
  FakeRun run(true);
  run.acquire("fast", [](const Point& p) -> Row { return {{"f", p.index()}}; });
  run.acquire("slow", [](const Point& p) -> Row { return {{"s", p.index()}}; }, {.interval = 250ms});
  run.request.options.duration = 600ms;
  run.request.options.interval = 100ms;
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(column_text(*result.experiment, "f"), "0 1 2 - 4 5 6");
  EXPECT_EQ(column_text(*result.experiment, "s"), "0 - - 3 - - 6");
  const Experiment timing = result.experiment->timing();
  const std::vector<std::int64_t> scheduled = timing.column<std::int64_t>("scheduled");
  std::vector<std::int64_t> after_start;
  for (const std::int64_t due : scheduled) after_start.push_back((due - scheduled[0]) / 1'000'000);
  EXPECT_EQ(after_start, (std::vector<std::int64_t>{0, 100, 200, 250, 300, 400, 500}));
  EXPECT_EQ(column_text(timing, "slot"), "0 1 2 1 3 4 5");
  EXPECT_EQ(column_text(timing, "fast.missed"), "0 0 0 - 0 0 0");
  EXPECT_EQ(column_text(timing, "slow.missed"), "0 - - 0 - - 0");
  EXPECT_EQ(timing.column<std::int64_t>("lateness"), std::vector<std::int64_t>(7, 0));
  EXPECT_EQ(run.progress.total.load(), 7u);
}

TEST(Intervals, that_are_the_same_make_one_grid) {
  FakeRun run(true);
  run.acquire("a", [](const Point&) -> Row { return {{"a", 1}}; }, {.interval = 200ms});
  run.acquire("b", [](const Point&) -> Row { return {{"b", 1}}; }, {.interval = 200ms});
  run.request.options.duration = 1s;
  const RunResult result = run.run();
  EXPECT_EQ(column_text(*result.experiment, "a"), "1 1 1 1 1");
  EXPECT_EQ(column_text(*result.experiment, "b"), "1 1 1 1 1");
}

TEST(Intervals, count_rows_of_all_grids) {
  FakeRun run(true);
  run.acquire("a", [](const Point&) -> Row { return {{"a", 1}}; }, {.interval = 20ms});
  run.acquire("b", [](const Point&) -> Row { return {{"b", 1}}; }, {.interval = 30ms});
  run.request.options.count = 5;
  const RunResult result = run.run();
  EXPECT_EQ(column_text(*result.experiment, "a"), "1 1 - 1 1");
  EXPECT_EQ(column_text(*result.experiment, "b"), "1 - 1 - 1");
}

TEST(Intervals, take_a_slot_late_that_passed_while_another_acquisition_measured) {
  FakeRun run(true);
  run.acquire("hog",
              [&](const Point& p) -> Row {
                if (p.slot() == 2) run.wait(120ms);
                return {{"h", p.slot()}};
              },
              {.interval = 100ms});
  run.acquire("rare", [](const Point& p) -> Row { return {{"r", p.slot()}}; }, {.interval = 250ms});
  run.request.options.duration = 500ms;
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(column_text(*result.experiment, "h"), "0 1 2 - 4") << "slot 3 passed while it measured itself";
  EXPECT_EQ(column_text(*result.experiment, "r"), "0 - - 1 -");
  const std::vector<std::int64_t> lateness = result.experiment->timing().column<std::int64_t>("lateness");
  EXPECT_EQ(lateness[3], 70'000'000);
  EXPECT_EQ(lateness[4], 0);
  EXPECT_EQ(column_text(result.experiment->timing(), "hog.missed"), "0 0 0 - 1");
}

TEST(Intervals, tell_each_grids_missed_slots_and_their_sum) {
  FakeRun run(true);
  run.acquire("a",
              [&](const Point& p) -> Row {
                if (p.index() == 0) run.wait(510ms);
                return {{"a", p.slot()}};
              },
              {.interval = 100ms});
  run.acquire("b", [](const Point& p) -> Row { return {{"b", p.slot()}}; }, {.interval = 200ms});
  run.request.options.duration = 700ms;
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  const Experiment timing = result.experiment->timing();
  EXPECT_EQ(column_text(timing, "a.missed"), "0 5");
  EXPECT_EQ(column_text(timing, "b.missed"), "0 2");
  EXPECT_EQ(column_text(timing, "missed"), "0 7");
}

TEST(Intervals, catching_up_take_every_slot_of_every_grid) {
  FakeRun run(true);
  run.acquire("a",
              [&](const Point& p) -> Row {
                if (p.index() == 0) run.wait(350ms);
                return {{"a", p.slot()}};
              },
              {.interval = 100ms});
  run.acquire("b", [](const Point& p) -> Row { return {{"b", p.slot()}}; }, {.interval = 150ms});
  run.request.options.duration = 500ms;
  run.request.options.overrun = Overrun::catch_up;
  const RunResult result = run.run();
  EXPECT_EQ(column_text(*result.experiment, "a"), "0 1 - 2 3 4 -");
  EXPECT_EQ(column_text(*result.experiment, "b"), "0 - 1 - 3 - 3") << "the slot is that of the first that is due";
  EXPECT_EQ(column_text(result.experiment->timing(), "missed"), "0 0 0 0 0 0 0");
}

TEST(Intervals, leave_derived_columns_null_where_their_inputs_are_not_measured) {
  FakeRun run(true);
  run.acquire("a", [](const Point&) -> Row { return {{"v", 2}}; }, {.interval = 100ms});
  run.acquire("b", [](const Point&) -> Row { return {{"i", 3}}; }, {.interval = 200ms});
  run.derive("p", [](const Point& point) -> Row {
    const auto v = detail::number_at(point, "v"), i = detail::number_at(point, "i");
    return {{"p", v && i ? Value(static_cast<std::int64_t>(*v * *i)) : Value()}};
  });
  run.request.options.duration = 400ms;
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(column_text(*result.experiment, "p"), "6 - 6 -");
}

TEST(Intervals, take_one_point_of_the_plan_a_row_whatever_is_due) {
  FakeRun run(true);
  run.vary("v", {1, 2, 3});
  run.acquire("a", [](const Point&) -> Row { return {{"a", 1}}; }, {.interval = 100ms});
  run.acquire("b", [](const Point&) -> Row { return {{"b", 1}}; }, {.interval = 150ms});
  run.request.options.duration = 1s;
  const RunResult result = run.run();
  EXPECT_EQ(result.experiment->column<double>("v"), (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(column_text(*result.experiment, "b"), "1 - 1");
}

TEST(Intervals, miss_what_passed_during_a_pause) {
  FakeRun run;
  std::atomic<bool> paused{false};
  run.acquire("a",
              [&](const Point& p) -> Row {
                if (p.index() == 0) {
                  run.control.pause();
                  paused = true;
                }
                return {{"a", 1}};
              },
              {.interval = 1ms});
  run.acquire("b", [](const Point&) -> Row { return {{"b", 1}}; }, {.interval = 3ms});
  run.request.options.count = 3;
  const std::jthread resumer([&] {
    await([&] { return paused.load(); });
    await([until = std::chrono::steady_clock::now() + 50ms] { return std::chrono::steady_clock::now() > until; });
    run.control.resume();
  });
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_GE(result.experiment->timing().column<std::int64_t>("missed")[1], 40);
}

TEST(Intervals, that_cannot_be_are_refused) {
  const auto refusal = [](auto prepare) -> std::string {
    FakeRun run;
    prepare(run);
    try {
      check(run.request);
    } catch (const ConfigurationError& error) {
      return error.what();
    }
    return "accepted";
  };
  const auto measure = [](const Point&) -> Row { return {}; };
  EXPECT_TRUE(says(refusal([&](FakeRun& run) {
                     run.vary("v", {1});
                     run.acquire("x", measure, {.interval = 1s});
                   }),
                   "interval of acquisition 'x' without duration or count"));
  EXPECT_TRUE(says(refusal([&](FakeRun& run) {
                     run.acquire("x", measure, {.interval = 1s});
                     run.request.options.duration = 1s;
                     run.request.options.interval = 1s;
                   }),
                   "an interval of the run, though every acquisition has an interval or trigger of its own"));
  MeasurementSession session("refusing");
  try {
    session.acquire("x", measure, {.interval = 0s});
    FAIL() << "accepted";
  } catch (const ConfigurationError& error) {
    EXPECT_TRUE(says(error.what(), "the interval of acquisition 'x' is 0 s"));
  }
}

}  // namespace
}  // namespace wheatstone::session
