#include <gtest/gtest.h>

#include <wheatstone/error.hpp>

#include "session/fake_run.hpp"

namespace wheatstone::session {
namespace {
using namespace std::chrono_literals;

TEST(TimedRun, takes_a_row_in_each_slot_and_lasts_its_duration) {
  FakeRun run(true);
  run.acquire("m", [](const Point& p) -> Row { return {{"k", p.slot()}}; });
  run.request.options.duration = 5s;
  run.request.options.interval = 250ms;
  const std::int64_t start = run.clock().monotonic();
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(result.experiment->row_count(), 20u);
  EXPECT_EQ(run.clock().monotonic() - start, 5'000'000'000);
  const std::vector<std::int64_t> scheduled = result.experiment->timing().column<std::int64_t>("scheduled");
  const std::vector<std::int64_t> lateness = result.experiment->timing().column<std::int64_t>("lateness");
  for (std::size_t k = 1; k < 20; ++k) EXPECT_EQ(scheduled[k] - scheduled[k - 1], 250'000'000);
  EXPECT_EQ(lateness, std::vector<std::int64_t>(20, 0));
}

TEST(TimedRun, continues_on_the_grid_after_an_overrun_and_keeps_the_number_missed) {
  FakeRun run(true);
  run.acquire("m", [&](const Point& p) -> Row {
    if (p.slot() == 2) run.wait(250ms);
    return {{"k", p.slot()}};
  });
  run.request.options.duration = 1s;
  run.request.options.interval = 100ms;
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(result.experiment->column<std::int64_t>("k"), (std::vector<std::int64_t>{0, 1, 2, 5, 6, 7, 8, 9}));
  EXPECT_EQ(result.experiment->timing().column<std::int64_t>("missed"),
            (std::vector<std::int64_t>{0, 0, 0, 2, 0, 0, 0, 0}));
}

TEST(TimedRun, catching_up_takes_every_slot_and_tells_how_late) {
  FakeRun run(true);
  run.acquire("m", [&](const Point& p) -> Row {
    if (p.slot() == 1) run.wait(250ms);
    return {{"k", p.slot()}};
  });
  run.request.options.duration = 500ms;
  run.request.options.interval = 100ms;
  run.request.options.overrun = Overrun::catch_up;
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(result.experiment->timing().column<std::int64_t>("lateness"),
            (std::vector<std::int64_t>{0, 0, 150'000'000, 50'000'000, 0}));
}

TEST(TimedRun, visits_parameters_one_point_a_slot_and_ends_with_the_plan_or_cycles) {
  FakeRun run(true);
  run.vary("v", {1, 2, 3});
  run.acquire("m", [](const Point&) -> Row { return {}; });
  run.request.options.duration = 1s;
  run.request.options.interval = 100ms;
  EXPECT_EQ(run.run().experiment->row_count(), 3u);
  run.request.options.cycle = true;
  EXPECT_EQ(run.run().experiment->column<double>("v"), (std::vector<double>{1, 2, 3, 1, 2, 3, 1, 2, 3, 1}));
}

TEST(TimedRun, ends_after_its_count) {
  FakeRun run(true);
  run.acquire("m", [](const Point&) -> Row { return {{"x", 1}}; });
  run.request.options.count = 7;
  EXPECT_EQ(run.run().experiment->row_count(), 7u);
}

TEST(Task, runs_beside_the_rows_and_is_told_to_stop_at_the_end) {
  FakeRun run(true);
  int calls = 0;
  bool stopped = false;
  run.beside("once", [&](std::stop_token stop) {
    run.clock().wait_until(INT64_MAX, stop);
    stopped = true;
  });
  run.request.tasks.push_back(
      {.name = "again", .work = [&](std::stop_token) { ++calls; }, .takes_stop = false, .every = 100ms});
  run.acquire("m", [](const Point&) -> Row { return {{"x", 1}}; });
  run.request.options.duration = 1s;
  run.request.options.interval = 500ms;
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_TRUE(stopped);
  EXPECT_GE(calls, 10);
  EXPECT_LE(calls, 11);
}

TEST(Task, that_fails_ends_the_run_and_is_named) {
  FakeRun run;
  std::stop_source failed;
  run.beside("ramp", [&](std::stop_token) { throw std::runtime_error("no such channel"); });
  run.beside("other", [&](std::stop_token stop) {
    run.clock().wait_until(INT64_MAX, stop);
    throw std::runtime_error("left in a huff");
  });
  run.acquire("m", [](const Point&) -> Row { return {{"x", 1}}; });
  run.request.options.duration = 3600s;
  run.request.options.interval = 10ms;
  const RunResult result = run.run();
  EXPECT_EQ(result.state, RunState::failed);
  try {
    std::rethrow_exception(result.error);
  } catch (const MeasurementError& error) {
    EXPECT_NE(std::string(error.what()).find("task 'ramp' failed: no such channel"), std::string::npos) << error.what();
    ASSERT_EQ(error.attached().size(), 1u);
    EXPECT_NE(error.attached()[0].find("task 'other' failed too: left in a huff"), std::string::npos);
    EXPECT_TRUE(error.has_experiment());
  }
}

TEST(Task, that_fails_in_virtual_time_ends_the_run_before_time_goes_on) {
  for (int repeat = 0; repeat < 20; ++repeat) {
    FakeRun run(true);
    run.beside("ramp", [&](std::stop_token) {
      run.wait(250ms);
      throw std::runtime_error("no such channel");
    });
    run.acquire("m", [](const Point&) -> Row { return {{"x", 1}}; });
    run.request.options.duration = 10s;
    run.request.options.interval = 100ms;
    const RunResult result = run.run();
    EXPECT_EQ(result.state, RunState::failed);
    ASSERT_EQ(result.experiment->row_count(), 3u);
  }
}

TEST(Task, that_ignores_its_stop_is_an_error_that_names_it) {
  FakeRun run;
  std::stop_source release;
  run.request.tasks.push_back(
      {.name = "deaf",
       .work = [&](std::stop_token) { base::system_clock().wait_until(INT64_MAX, release.get_token()); },
       .launch = [](std::function<void()> body) { std::thread(std::move(body)).detach(); }});
  run.vary("v", {1});
  run.acquire("m", [](const Point&) -> Row { return {{"x", 1}}; });
  run.request.options.grace = 50ms;
  const RunResult result = run.run();
  EXPECT_NE(run.error_of(result).find("task 'deaf' did not end within its grace of 0.05 s"), std::string::npos)
      << run.error_of(result);
  EXPECT_EQ(result.experiment->row_count(), 1u);
  release.request_stop();
}

}  // namespace
}  // namespace wheatstone::session
