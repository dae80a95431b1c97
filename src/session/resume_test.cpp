// Which runs a session goes on with, and which it refuses.

#include <gtest/gtest.h>

#include <fstream>
#include <wheatstone/wheatstone.hpp>

#include "session/fake_run.hpp"

namespace wheatstone {
namespace {

using session::says;
namespace fs = std::filesystem;

/// A session in a store of its own; each run of it is a process of its own, as far as it can tell.
class Resume : public testing::Test {
 protected:
  Resume()
      : store_(fs::temp_directory_path() /
               ("wheatstone-resume-test-" + std::to_string(::getpid()) + "-" + std::to_string(count_++))) {}
  ~Resume() override { fs::remove_all(store_); }

  /// Runs over these values, and stops at `stop_at` rows.
  Experiment run(std::vector<double> values, RunOptions options, std::uint64_t stop_at = UINT64_MAX,
                 const std::string& name = "test") {
    MeasurementSession session(name, {.store = store_});
    auto x = session.parameter("x", std::move(values), "V");
    first_after_resume_.clear();
    session.acquire("measure", [&, x](const Point& point) -> Row {
      if (point.first_after_resume()) first_after_resume_.push_back(point.index());
      if (point.index() + 1 == stop_at) session.stop();
      return {{"square", point[x] * point[x]}};
    });
    return session.run(std::move(options));
  }
  std::string refusal_of(std::vector<double> values, RunOptions options, const std::string& name = "test") {
    try {
      run(std::move(values), std::move(options), UINT64_MAX, name);
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing";
  }

  fs::path store_;
  std::vector<std::uint64_t> first_after_resume_;
  static inline int count_ = 0;
};

TEST_F(Resume, goes_on_at_the_first_point_that_is_not_stored) {
  const Experiment stopped = run({1, 2, 3, 4, 5}, {}, 2);
  ASSERT_EQ(stopped.row_count(), 2u);
  const Experiment finished = run({1, 2, 3, 4, 5}, {.resume = "last"});
  EXPECT_EQ(finished.id(), stopped.id());
  EXPECT_EQ(finished.state(), RunState::finished);
  EXPECT_EQ(finished.column<double>("square"), (std::vector<double>{1, 4, 9, 16, 25}));
  EXPECT_EQ(first_after_resume_, (std::vector<std::uint64_t>{2}));
  EXPECT_TRUE(says(finished.metadata(), "segments"));
}

TEST_F(Resume, begins_a_new_run_where_none_is_unfinished) {
  const Experiment first = run({1, 2}, {.resume = "last"});
  EXPECT_EQ(first.row_count(), 2u);
  EXPECT_NE(run({1, 2}, {.resume = "last"}).id(), first.id());
}

TEST_F(Resume, takes_the_unfinished_run_of_the_same_plan_and_name) {
  const Experiment mine = run({1, 2, 3}, {}, 1);
  run({1, 2, 3}, {}, 1, "another");
  run({7, 8, 9}, {}, 1);
  EXPECT_EQ(run({1, 2, 3}, {.resume = "last"}).id(), mine.id());
}

TEST_F(Resume, refuses_another_plan_with_what_is_different) {
  const Experiment stopped = run({1, 2, 3}, {}, 1);
  const std::string other_value = refusal_of({1, 2.5, 3}, {.resume = "last"});
  EXPECT_TRUE(says(other_value, "value 1 of parameter 'x' was 2.0 and is 2.5"));
  EXPECT_TRUE(says(refusal_of({1, 2, 3}, {.order = Order::random, .resume = stopped.id()}), "order"));
  EXPECT_TRUE(says(refusal_of({1, 2, 3}, {.resume = stopped.id()}, "other"), "'other'"));
  EXPECT_EQ(Experiment::open(stopped.folder()).row_count(), 1u);
}

TEST_F(Resume, refuses_a_finished_run_by_its_id) {
  const Experiment finished = run({1, 2}, {});
  EXPECT_TRUE(says(refusal_of({1, 2}, {.resume = finished.id()}), "has finished with 2 rows"));
}

TEST_F(Resume, of_a_search_with_outer_parameters_goes_on_within_the_search) {
  const auto search = [this](RunOptions options, std::uint64_t stop_at, const std::string& name) {
    MeasurementSession session(name, {.store = store_});
    auto gain = session.parameter("gain", {1.0, 2.0, 3.0});
    auto x = session.parameter<double>("x");
    session.acquire("measure", [&, gain, x](const Point& point) -> Row {
      if (point.index() + 1 == stop_at) session.stop();
      return {{"y", point[gain] * point[x]}};
    });
    options.order = bisect("x", {.of = "y", .threshold = 1, .between = {0, 2}, .tolerance = 0.01});
    return session.run(std::move(options));
  };
  const Experiment whole = search({}, UINT64_MAX, "whole");
  const std::uint64_t rows = whole.row_count();
  ASSERT_GT(rows, 20u);
  search({}, 4, "parts");
  search({.resume = "last"}, rows / 2, "parts");
  const Experiment finished = search({.resume = "last"}, UINT64_MAX, "parts");
  for (const char* const column : {"gain", "x", "y"}) {
    EXPECT_EQ(finished.column<double>(column), whole.column<double>(column)) << column;
  }
}

TEST_F(Resume, looks_at_runs_of_its_name_alone_and_passes_over_what_cannot_be_read) {
  const Experiment mine = run({1, 2, 3}, {}, 1);
  run({1, 2, 3}, {}, 1, "Test");  // the same in folders' names
  const Experiment other = run({1, 2, 3}, {}, 1, "other");
  std::ofstream(other.folder() / "run.json") << "{";
  fs::rename(mine.folder(), store_ / "renamed");
  const Experiment finished = run({1, 2, 3}, {.resume = "last"});
  EXPECT_EQ(finished.id(), mine.id());
  EXPECT_EQ(finished.folder(), store_ / "renamed");
}

TEST_F(Resume, of_a_timed_run_goes_on_with_the_next_slot) {
  const auto timed = [this](RunOptions options, std::uint64_t stop_at) {
    MeasurementSession session("timed", {.store = store_});
    session.acquire("measure", [&](const Point& point) -> Row {
      if (point.index() + 1 == stop_at) session.stop();
      return {{"n", point.slot()}};
    });
    options.count = 10;
    options.interval = std::chrono::milliseconds(1);
    options.overrun = Overrun::catch_up;
    return session.run(options);
  };
  timed({}, 4);
  const Experiment finished = timed({.resume = "last"}, UINT64_MAX);
  EXPECT_EQ(finished.column<std::int64_t>("n"), (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST_F(Resume, of_a_refinement_knows_points_that_were_skipped) {
  const auto refined = [this](RunOptions options, std::uint64_t stop_at) {
    MeasurementSession session("holes", {.store = store_});
    auto x = session.parameter<double>("x");
    session.acquire("measure",
                    [&, x](const Point& point) -> Row {
                      if (point.index() + 1 == stop_at) session.stop();
                      if (point[x] == 0 || point[x] == 0.5) throw std::runtime_error("no answer");
                      return {{"y", point[x]}};
                    },
                    {.on_error = OnError::skip});
    options.order = refine("x", {.of = "y", .between = {0, 1}, .points = 9});
    return session.run(std::move(options));
  };
  const Experiment whole = refined({}, UINT64_MAX);
  EXPECT_EQ(whole.row_count(), 9u);
  EXPECT_TRUE(whole.at(0, "y").is_null());
  const Experiment stopped = refined({}, 1);
  ASSERT_EQ(stopped.row_count(), 1u) << "the first row has no result";
  const Experiment finished = refined({.resume = stopped.id()}, UINT64_MAX);
  EXPECT_EQ(finished.column<double>("x"), whole.column<double>("x"));
}

TEST_F(Resume, of_a_timed_run_may_last_longer_but_on_the_grid_that_it_began) {
  const auto timed = [this](RunOptions options, std::uint64_t stop_at) {
    MeasurementSession session("grid", {.store = store_});
    auto x = session.parameter("x", {1, 2});
    session.acquire("measure", [&, x](const Point& point) -> Row {
      if (point.index() + 1 == stop_at) session.stop();
      return {{"y", point[x]}};
    });
    return session.run(std::move(options));
  };
  using namespace std::chrono_literals;
  const std::string id = timed({.interval = 2ms, .count = 6, .cycle = true}, 3).id();
  const auto refusal = [&](RunOptions options) -> std::string {
    options.resume = id;
    try {
      timed(std::move(options), UINT64_MAX);
    } catch (const ConfigurationError& error) {
      return error.what();
    }
    return "nothing";
  };
  EXPECT_TRUE(says(refusal({.interval = 3ms, .count = 6, .cycle = true}), "the interval was 0.002 s and is 0.003 s"));
  EXPECT_TRUE(says(refusal({.interval = 2ms, .count = 6}), "the cycle was true and is none"));
  const Experiment longer = timed({.interval = 2ms, .count = 8, .cycle = true, .resume = id}, UINT64_MAX);
  EXPECT_EQ(longer.id(), id);
  EXPECT_EQ(longer.column<std::int64_t>("y"), (std::vector<std::int64_t>{1, 2, 1, 2, 1, 2, 1, 2}));
}

TEST_F(Resume, enters_every_level_and_settles_anew) {
  int outer_entered = 0;
  const auto nested = [&](RunOptions options, std::uint64_t stop_at) {
    MeasurementSession session("nested", {.store = store_});
    auto outer = session.parameter("outer", {1, 2});
    session.parameter("inner", {1, 2, 3});
    session.before(outer, [&] { ++outer_entered; });
    session.acquire("measure", [&](const Point& point) -> Row {
      if (point.index() + 1 == stop_at) session.stop();
      return {{"n", point.index()}};
    });
    return session.run(std::move(options));
  };
  nested({}, 2);
  EXPECT_EQ(outer_entered, 1);
  EXPECT_EQ(nested({.resume = "last"}, UINT64_MAX).row_count(), 6u);
  EXPECT_EQ(outer_entered, 3);  // again at the level that was left half, and at the next
}

TEST_F(Resume, ends_at_once_where_the_condition_for_the_end_held_already) {
  run({1, 2, 3}, {}, 2);
  const Experiment finished =
      run({1, 2, 3},
          {.resume = "last", .until = [](const Row& row) { return *row.find("square")->get_if<double>() >= 4; }});
  EXPECT_EQ(finished.row_count(), 2u);
  EXPECT_EQ(finished.state(), RunState::finished);
}

TEST_F(Resume, keeps_whose_the_plain_name_of_a_column_is) {
  const auto clash = [this](RunOptions options, std::uint64_t stop_at) {
    MeasurementSession session("clash", {.store = store_});
    session.parameter("x", {0, 1, 2, 3});
    session.acquire("a", [&](const Point& point) -> Row {
      if (point.index() + 1 == stop_at) session.stop();
      return point.index() == 0 ? Row{} : Row{{"v", "from a"}};
    });
    session.acquire("b", [](const Point&) -> Row { return {{"v", 5.0}}; });
    return session.run(std::move(options));
  };
  clash({}, 2);
  const Experiment finished = clash({.resume = "last"}, UINT64_MAX);
  EXPECT_EQ(finished.column<double>("v"), (std::vector<double>{5, 5, 5, 5}));
  EXPECT_EQ(*finished.at(3, "a.v").get_if<std::string>(), "from a");
}

}  // namespace
}  // namespace wheatstone
