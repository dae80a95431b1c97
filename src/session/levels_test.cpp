#include <gtest/gtest.h>

#include <wheatstone/error.hpp>

#include "session/fake_run.hpp"
#include "session/settling.hpp"

namespace wheatstone::session {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string place(const Point& point) {
  std::string text;
  for (const Value& value : point.data().values) text += std::to_string(static_cast<int>(*value.get_if<double>()));
  return text;
}

TEST(Levels, are_entered_outermost_first_and_left_innermost_first) {
  FakeRun run;
  run.vary("a", {1, 2});
  run.vary("b", {1, 2});
  std::vector<std::string> seen;
  run.before("", [&](const Point&) { seen.push_back("run"); });
  run.after("", [&](const Point&) { seen.push_back("/run"); });
  run.before("b", [&](const Point& point) { seen.push_back("b" + place(point)); });
  run.before("a", [&](const Point& point) { seen.push_back("a" + place(point)); });
  run.after("a", [&](const Point& point) { seen.push_back("/a" + place(point)); });
  run.acquire("measure", [&](const Point& point) -> Row {
    seen.push_back(place(point));
    return {{"v", 1}};
  });
  ASSERT_EQ(run.error_of(run.run()), "");
  EXPECT_EQ(seen, (std::vector<std::string>{"run", "a11", "b11", "11", "b12", "12", "/a12", "a21", "b21", "21", "b22",
                                            "22", "/a22", "/run"}));
}

TEST(Levels, are_left_after_a_failure_too) {
  FakeRun run;
  run.vary("a", {1, 2});
  int left = 0;
  run.after("a", [&](const Point&) { ++left; });
  run.after("", [&](const Point&) { ++left; });
  run.acquire("measure", [](const Point&) -> Row { throw LimitError("no"); });
  EXPECT_EQ(run.run().state, RunState::failed);
  EXPECT_EQ(left, 2);
}

TEST(Levels, that_fail_name_the_hook_and_the_level) {
  FakeRun run;
  run.vary("a", {1, 2});
  run.before("a", [&](const Point& point) {
    if (point.index() == 1) throw LimitError("the oven is cold");
  });
  run.acquire("measure", [](const Point&) -> Row { return {{"v", 1}}; });
  const RunResult result = run.run();
  {
    const std::string sentence = run.error_of(result);
    EXPECT_TRUE(says(sentence, "set up"));
    EXPECT_TRUE(says(sentence, "a = 2"));
    EXPECT_TRUE(says(sentence, "the oven is cold"));
  }
  EXPECT_EQ(result.experiment->row_count(), 1u);
}

TEST(Levels, tear_down_that_fails_is_an_error_of_a_run_that_ended_well) {
  FakeRun run;
  run.vary("a", {1});
  run.after("a", [&](const Point&) { throw LimitError("the valve is stuck"); });
  run.acquire("measure", [](const Point&) -> Row { return {{"v", 1}}; });
  const RunResult result = run.run();
  EXPECT_TRUE(says(run.error_of(result), "the valve is stuck"));
  EXPECT_EQ(result.state, RunState::failed);
  EXPECT_EQ(result.experiment->row_count(), 1u);
}

TEST(Levels, that_fail_behind_a_point_count_its_row) {
  for (const std::vector<double>& values : {std::vector<double>{1, 2}, std::vector<double>{1}}) {
    FakeRun run;
    run.vary("t", values);
    run.acquire("m", [](const Point&) -> Row { return {{"x", 1}}; });
    run.after("t", [](const Point&) { throw std::runtime_error("stuck"); });
    const RunResult result = run.run();
    EXPECT_NE(run.error_of(result).find("rows kept: 1"), std::string::npos) << run.error_of(result);
    EXPECT_EQ(result.experiment->row_count(), 1u);
  }
}

TEST(Levels, are_left_by_every_hook_though_others_fail) {
  FakeRun run;
  run.vary("a", {1, 2});
  int left = 0;
  run.after("a", [&](const Point&) { throw LimitError("the valve is stuck"); });
  run.after("a", [&](const Point&) { ++left; });
  run.after("a", [&](const Point&) { throw LimitError("the pump is loud"); });
  run.after("", [&](const Point&) { ++left; });
  run.acquire("measure", [](const Point&) -> Row { return {{"v", 1}}; });
  const RunResult result = run.run();
  EXPECT_EQ(left, 2);
  EXPECT_TRUE(says(run.error_of(result), "the valve is stuck"));
  EXPECT_TRUE(says(attached_to(result), "the pump is loud"));
  EXPECT_EQ(result.experiment->row_count(), 1u);
}

TEST(Levels, are_left_too_where_one_of_their_hooks_before_failed) {
  FakeRun run;
  run.vary("a", {1, 2});
  int is_open = 0;
  run.before("a", [&](const Point&) { ++is_open; });
  run.before("a", [&](const Point&) { throw LimitError("the oven is cold"); });
  run.after("a", [&](const Point&) { --is_open; });
  run.acquire("measure", [](const Point&) -> Row { return {{"v", 1}}; });
  EXPECT_TRUE(says(run.error_of(run.run()), "the oven is cold"));
  EXPECT_EQ(is_open, 0);
}

TEST(Levels, of_an_unknown_parameter_are_refused_before_anything_moves) {
  FakeRun run;
  run.vary("a", {1});
  run.before("b", [](const Point&) {});
  run.acquire("measure", [](const Point&) -> Row { return {{"v", 1}}; });
  EXPECT_THROW(run.run(), ConfigurationError);
}

TEST(Settle, is_waited_only_where_the_parameter_changed) {
  FakeRun run(true);
  run.vary("slow", {1, 2}, {.settle = seconds(10)});
  run.vary("fast", {1, 2, 3}, {.settle = milliseconds(1)});
  std::vector<std::int64_t> times;
  run.acquire("measure", [&](const Point&) -> Row {
    times.push_back(run.clock().monotonic());
    return {{"v", 1}};
  });
  const std::int64_t start = run.clock().monotonic();
  ASSERT_EQ(run.error_of(run.run()), "");
  ASSERT_EQ(times.size(), 6u);
  EXPECT_EQ(times[0] - start, 10'000'000'000);
  EXPECT_EQ(times[1] - times[0], 1'000'000);
  EXPECT_EQ(times[3] - times[2], 10'000'000'000);
}

TEST(Settle, waits_until_a_result_stays_within_its_band) {
  FakeRun run(true);
  run.vary("setpoint", {0, 100}, {.settle = stable(0.5, "K", {.over = seconds(5), .of = "temperature"})});
  std::int64_t changed = 0;
  double last = -1;
  int calls = 0;
  run.acquire("measure", [&](const Point& point) -> Row {
    ++calls;
    const double target = *point["setpoint"].get_if<double>();
    if (target != last) changed = run.clock().monotonic();
    last = target;
    const double age = static_cast<double>(run.clock().monotonic() - changed) * 1e-9;
    return {{"temperature", target * (1 - std::exp(-age / 2.0))}, {"noise", calls % 2 * 100}};
  });
  const std::int64_t start = run.clock().monotonic();
  const RunResult result = run.run();
  ASSERT_EQ(run.error_of(result), "");
  EXPECT_EQ(result.experiment->row_count(), 2u);
  const std::vector<double> temperature = result.experiment->column<double>("temperature");
  EXPECT_NEAR(temperature[1], 100, 0.5);
  EXPECT_LT(temperature[1], 100);
  // 5 s at 0; then until exp(-t / 2 s) * 100 K varies by less than 0.5 K over 5 s: t = 15.4 s, rounded up to a look
  const double took = static_cast<double>(run.clock().monotonic() - start) * 1e-9;
  EXPECT_NEAR(took, 5 + 15.5, 0.6);
}

TEST(Settle, by_a_result_tries_again_and_passes_over_failures_as_its_acquisition_does) {
  FakeRun run(true);
  run.vary("x", {1}, {.settle = stable(0.5, "K", {.over = seconds(5), .of = "t"})});
  int calls = 0;
  run.acquire("retried",
              [&](const Point&) -> Row {
                if (++calls % 2 == 1) throw TimeoutError("asleep");
                return {{"t", 300.0}};
              },
              {.retries = 1, .backoff = milliseconds(0)});
  run.acquire("skipped",
              [&](const Point&) -> Row {
                if (calls == 4) throw TimeoutError("out of reach");
                return {{"level", 1.0}};
              },
              {.on_error = OnError::skip});
  const RunResult result = run.run();
  ASSERT_EQ(run.error_of(result), "");
  EXPECT_EQ(result.experiment->row_count(), 1u);
  EXPECT_EQ(events_of(*result.experiment, "skipped").size(), 1u);
}

TEST(Settle, by_a_result_that_is_missing_begins_again_and_takes_single_samples) {
  FakeRun run(true);
  run.vary("x", {1}, {.settle = stable(0.5, "K", {.over = seconds(5), .of = "t"})});
  int calls = 0;
  run.acquire("measure",
              [&](const Point&) -> Row {
                if (++calls == 6) throw TimeoutError("out of reach");
                return {{"t", 300.0}};
              },
              {.samples = 3, .on_error = OnError::skip});
  const std::int64_t start = run.clock().monotonic();
  ASSERT_EQ(run.error_of(run.run()), "");
  EXPECT_EQ(calls, 6 + 11 + 3);  // looks until the failure, those of 5 s, the samples of the row
  EXPECT_EQ(run.clock().monotonic() - start, 8'000'000'000);
}

TEST(Settle, that_never_comes_to_rest_fails_at_its_limit) {
  FakeRun run(true);
  double reading = 0;
  run.vary("x", {1, 2},
           {.settle = stable(1, "%", {.over = seconds(1), .limit = seconds(10), .reading = [&](const Point&) {
                                        return Value(reading += 1);
                                      }})});
  run.acquire("measure", [](const Point&) -> Row { return {{"v", 1}}; });
  const std::int64_t start = run.clock().monotonic();
  const RunResult result = run.run();
  {
    const std::string sentence = run.error_of(result);
    EXPECT_TRUE(says(sentence, "x = 1"));
    EXPECT_TRUE(says(sentence, "within 10 s"));
  }
  EXPECT_NEAR(static_cast<double>(run.clock().monotonic() - start) * 1e-9, 10, 0.2);
}

TEST(Settle, waits_for_a_condition_to_hold) {
  FakeRun run(true);
  run.vary("x", {1});
  run.request.parameters[0].options.settle = stable(
      [&](const Point&) { return run.clock().monotonic() % 10'000'000'000 > 3'000'000'000; }, {.over = seconds(2)});
  run.acquire("measure", [](const Point&) -> Row { return {{"v", 1}}; });
  ASSERT_EQ(run.error_of(run.run()), "");
  EXPECT_GE(run.clock().monotonic() % 10'000'000'000, 5'000'000'000);
}

TEST(Settle, ends_with_a_stop) {
  FakeRun run(true);
  run.vary("x", {1, 2});
  run.request.parameters[0].options.settle = stable(
      [&](const Point&) {
        run.control.stop();
        return false;
      },
      {.over = seconds(2)});
  run.acquire("measure", [](const Point&) -> Row { return {{"v", 1}}; });
  const RunResult result = run.run();
  EXPECT_EQ(result.state, RunState::stopped);
  EXPECT_EQ(result.experiment->row_count(), 0u);
}

TEST(StableBand, needs_the_whole_time_and_begins_again_at_nan) {
  StableBand band(1, false, 10);
  EXPECT_FALSE(band.add(0, {5}));
  EXPECT_FALSE(band.add(5, {5.5}));
  EXPECT_TRUE(band.add(10, {5}));
  EXPECT_FALSE(band.add(11, {7}));
  EXPECT_FALSE(band.add(15, {std::nan("")}));
  EXPECT_FALSE(band.add(20, {7}));
  EXPECT_TRUE(band.add(30, {7}));
  EXPECT_FALSE(band.add(40, {7, 8}));
}

TEST(Stable, refuses_what_is_no_band) {
  EXPECT_THROW(static_cast<void>(stable(0, "V")), ConfigurationError);
  EXPECT_THROW(static_cast<void>(stable(-1, "%")), ConfigurationError);
  EXPECT_THROW(static_cast<void>(stable(1, "%", {.over = seconds(0)})), ConfigurationError);
  EXPECT_THROW(static_cast<void>(stable(1, "%", {.over = seconds(10), .limit = seconds(5)})), ConfigurationError);
}

}  // namespace
}  // namespace wheatstone::session
