#include <gtest/gtest.h>

#include <cmath>
#include <wheatstone/error.hpp>

#include "base/test_refusal.hpp"
#include "session/fake_run.hpp"

namespace wheatstone::session {
namespace {

TEST(Samples, become_mean_and_standard_deviation) {
  FakeRun run;
  run.vary("x", {1, 2});
  int calls = 0;
  run.acquire("measure",
              [&](const Point&) -> Row {
                ++calls;
                return {{"v", Value::measured(1e6 + calls % 4, "V", 0.5)}, {"label", calls % 2 == 0 ? "even" : "odd"}};
              },
              {.samples = 4});
  const RunResult result = run.run();
  ASSERT_EQ(run.error_of(result), "");
  EXPECT_EQ(calls, 8);
  EXPECT_EQ(column_names(*result.experiment),
            (std::vector<std::string>{"x", "timestamp", "v", "v_uncertainty", "v_std", "label"}));
  EXPECT_EQ(result.experiment->column<double>("v"), (std::vector<double>{1e6 + 1.5, 1e6 + 1.5}));
  const double deviation = std::sqrt(5.0 / 3.0);  // of 0, 1, 2, 3
  EXPECT_NEAR(result.experiment->column<double>("v_std")[0], deviation, 1e-9);
  EXPECT_EQ(result.experiment->column<double>("v_uncertainty"), (std::vector<double>{0.5, 0.5}));
  EXPECT_EQ(result.experiment->unit("v_std").label(), "V");
  EXPECT_EQ(result.experiment->column<std::string>("label"), (std::vector<std::string>{"even", "even"}));
}

TEST(Retries, try_again_after_the_named_errors_and_keep_each_try_in_the_events) {
  FakeRun run(true);
  run.vary("x", {1, 2, 3});
  int calls = 0;
  std::vector<std::int64_t> times;
  run.acquire("measure",
              [&](const Point& point) -> Row {
                times.push_back(run.clock().monotonic());
                if (point.index() == 1 && ++calls < 3) throw TimeoutError("the meter is asleep");
                return {{"v", 1.0}};
              },
              {.retries = 2, .backoff = std::chrono::milliseconds(100)});
  const RunResult result = run.run();
  ASSERT_EQ(run.error_of(result), "");
  EXPECT_EQ(result.experiment->row_count(), 3u);
  ASSERT_EQ(times.size(), 5u);
  EXPECT_EQ(times[2] - times[1], 100'000'000);
  EXPECT_EQ(times[3] - times[2], 200'000'000);  // twice as long
  const std::string events = events_of(result);
  EXPECT_TRUE(says(events, R"("event":"retry")"));
  EXPECT_TRUE(says(events, R"("attempt":2)"));
  EXPECT_TRUE(says(events, "the meter is asleep"));
}

TEST(Retries, are_for_the_named_classes_only) {
  FakeRun run;
  run.vary("x", {1});
  int calls = 0;
  run.acquire("measure",
              [&](const Point&) -> Row {
                ++calls;
                throw LimitError("-222, out of range");
              },
              {.retries = 5});
  EXPECT_TRUE(says(run.error_of(run.run()), "-222"));
  EXPECT_EQ(calls, 1);

  FakeRun named;
  named.vary("x", {1});
  calls = 0;
  named.acquire("measure",
                [&](const Point&) -> Row {
                  if (++calls < 4) throw LimitError("-222, out of range");
                  return {{"v", 1}};
                },
                {.retries = 5, .retry_on = retry_on<LimitError, std::logic_error>()});
  EXPECT_EQ(named.error_of(named.run()), "");
  EXPECT_EQ(calls, 4);
}

TEST(Retries, end_with_an_abort) {
  FakeRun run(true);
  run.vary("x", {1});
  int calls = 0;
  run.acquire("measure",
              [&](const Point&) -> Row {
                if (++calls == 2) run.control.abort();
                throw TimeoutError("nobody answers");
              },
              {.retries = 1000, .backoff = std::chrono::hours(1)});
  EXPECT_EQ(run.run().state, RunState::aborted);
  EXPECT_EQ(calls, 2);
}

TEST(Retries, are_needed_by_what_is_said_of_them) {
  MeasurementSession session("retries");
  const auto measure = [](const Point&) -> Row { return {{"x", 1}}; };
  base::expect_says(
      base::reason<ConfigurationError>([&] { session.acquire("x", measure, {.backoff = std::chrono::seconds(1)}); }),
      "acquisition 'x' has a backoff and no retries");
  base::expect_says(
      base::reason<ConfigurationError>([&] { session.acquire("x", measure, {.retry_on = retry_on<TimeoutError>()}); }),
      "acquisition 'x' has errors after which it is tried again (retry_on) and no retries");
  session.acquire("x", measure,
                  {.retries = 1, .backoff = std::chrono::seconds(1), .retry_on = retry_on<TimeoutError>()});
}

TEST(Skipping, keeps_the_row_with_nulls_and_the_error) {
  FakeRun run;
  run.vary("x", {1, 2, 3});
  run.acquire("first",
              [&](const Point& point) -> Row {
                if (point.index() == 1) throw LimitError("overload");
                return {{"v", 10.0 + static_cast<double>(point.index())}};
              },
              {.on_error = OnError::skip});
  run.acquire("second", [](const Point&) -> Row { return {{"i", 2.0}}; });
  run.derive("power", [](const Point& point) -> Row {
    const auto v = detail::number_at(point, "v");
    return {{"power", v ? Value(*v * 2) : Value()}};
  });
  const RunResult result = run.run();
  ASSERT_EQ(run.error_of(result), "");
  EXPECT_EQ(column_names(*result.experiment),
            (std::vector<std::string>{"x", "timestamp", "v", "first.error", "i", "power"}));
  EXPECT_TRUE(result.experiment->at(1, "v").is_null());
  EXPECT_TRUE(result.experiment->at(1, "power").is_null());
  EXPECT_TRUE(result.experiment->at(0, "first.error").is_null());
  EXPECT_EQ(*result.experiment->at(1, "first.error").get_if<std::string>(), "overload");
  EXPECT_EQ(result.experiment->at(2, "power").get_if<double>()[0], 24.0);
  EXPECT_EQ(result.experiment->at(1, "i").get_if<double>()[0], 2.0);
}

TEST(Derived, columns_come_last_and_see_parameters_and_results) {
  FakeRun run;
  run.vary("voltage", {1, 2});
  run.derive("resistance", [](const Point& point) -> Row {
    return {{"resistance", *detail::number_at(point, "voltage") / *detail::number_at(point, "i")}};
  });
  run.acquire("measure", [](const Point&) -> Row { return {{"i", 0.5}}; });
  const RunResult result = run.run();
  ASSERT_EQ(run.error_of(result), "");
  EXPECT_EQ(result.experiment->column<double>("resistance"), (std::vector<double>{2, 4}));
  EXPECT_EQ(column_names(*result.experiment).back(), "resistance");
}

TEST(Derived, takes_the_parameter_of_a_name_that_a_result_has_too_as_the_table_does) {
  FakeRun run;
  run.vary("voltage", {1, 2});
  run.acquire("measure", [](const Point&) -> Row { return {{"voltage", 7.0}}; });
  run.derive("same", [](const Point& point) -> Row { return {{"same", *detail::number_at(point, "voltage")}}; });
  const RunResult result = run.run();
  ASSERT_EQ(run.error_of(result), "");
  EXPECT_EQ(result.experiment->column<double>("same"), result.experiment->column<double>("voltage"));
}

TEST(Derived, column_without_a_value_yet_is_none_that_others_lack) {
  FakeRun run;
  run.vary("x", {1, 2});
  run.acquire("measure", [](const Point&) -> Row { return {{"i", 0.5}}; });
  run.derive("late", [](const Point& point) -> Row {
    if (point.index() == 0) return {};
    return {{"late", 4.0}};
  });
  run.derive("twice", [](const Point& point) -> Row {
    const auto late = detail::number_at(point, "late");
    return {{"twice", late ? Value(*late * 2) : Value()}};
  });
  const RunResult result = run.run();
  ASSERT_EQ(run.error_of(result), "");
  EXPECT_TRUE(result.experiment->at(0, "twice").is_null());
  EXPECT_EQ(*result.experiment->at(1, "twice").get_if<double>(), 8.0);
}

TEST(Derived, column_of_an_unknown_name_says_what_there_is) {
  FakeRun run;
  run.vary("voltage", {1, 2});
  run.acquire("measure", [](const Point&) -> Row { return {{"i", 0.5}}; });
  run.derive("resistance",
             [](const Point& point) -> Row { return {{"resistance", *detail::number_at(point, "current")}}; });
  {
    const std::string sentence = run.error_of(run.run());
    EXPECT_TRUE(says(sentence, "'resistance'"));
    EXPECT_TRUE(says(sentence, "'current'"));
    EXPECT_TRUE(says(sentence, "voltage"));
    EXPECT_TRUE(says(sentence, "i"));
  }
}

TEST(Baselines, are_measured_at_the_start_and_at_the_end) {
  FakeRun run;
  run.vary("x", {1, 2});
  int order = 0;
  std::vector<int> baselines;
  run.baseline("dark", [&](const Point&) -> Row {
    baselines.push_back(order++);
    return {{"current", Value::measured(1e-12 * order, "A")}};
  });
  run.acquire("measure", [&](const Point&) -> Row { return {{"v", order++}}; });
  const RunResult result = run.run();
  ASSERT_EQ(run.error_of(result), "");
  EXPECT_EQ(baselines, (std::vector<int>{0, 3}));
  const std::vector<Baseline> kept = result.experiment->baselines();
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[0].when, "start");
  EXPECT_EQ(kept[1].when, "end");
  EXPECT_EQ(kept[1].name, "dark");
  EXPECT_EQ(*kept[1].results.find("current")->get_if<double>(), 4e-12);
  EXPECT_EQ(kept[1].results.find("current")->unit().label(), "A");
  EXPECT_EQ(result.experiment->row_count(), 2u);
}

}  // namespace
}  // namespace wheatstone::session
