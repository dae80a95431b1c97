#include "session/run_progress.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "session/fake_run.hpp"

namespace wheatstone::session {
namespace {
using namespace std::chrono_literals;

constexpr std::int64_t k_one_second = 1'000'000'000;

TEST(Progress, tells_points_rate_and_what_is_left) {
  FakeRun run(true);
  run.vary("v", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  std::vector<Progress> seen;
  run.acquire("m", [&](const Point&) -> Row {
    run.wait(2s);
    seen.push_back(run.progress.snapshot(run.clock()));
    return {{"x", 1}};
  });
  const RunResult result = run.run();
  ASSERT_EQ(seen.size(), 10u);
  EXPECT_EQ(seen[0].rate, 0);
  EXPECT_FALSE(seen[0].remaining);
  const Progress& fifth = seen[4];
  EXPECT_EQ(fifth.state, RunState::running);
  EXPECT_EQ(fifth.done, 4u);
  EXPECT_EQ(fifth.total, 10u);
  EXPECT_DOUBLE_EQ(fifth.rate, 0.5);
  EXPECT_EQ(fifth.remaining, Duration(12s));
  EXPECT_EQ(fifth.elapsed, Duration(10s));
  ASSERT_EQ(fifth.parameters.size(), 1u);
  EXPECT_EQ(fifth.parameters[0].key, "v");
  EXPECT_EQ(*fifth.parameters[0].value.get_if<double>(), 5);
  run.wait(100s);
  const Progress after = run.progress.snapshot(run.clock());
  EXPECT_EQ(after.state, RunState::finished);
  EXPECT_EQ(after.done, 10u);
  EXPECT_EQ(after.elapsed, Duration(20s));
}

TEST(Progress, forgets_the_rate_before_a_pause) {
  RunProgress progress;
  progress.state.store(RunState::running);
  Point::Data point;
  for (std::uint64_t k = 0; k < 5; ++k) {
    progress.done.store(k);
    progress.sample(static_cast<std::int64_t>(k) * k_one_second, point);
  }
  progress.hold(RunState::paused, {});
  progress.go_on();
  for (std::uint64_t k = 5; k < 8; ++k) {
    progress.done.store(k);
    progress.sample(static_cast<std::int64_t>(1000 + k) * k_one_second, point);
  }
  const auto clock = base::make_virtual_clock();
  EXPECT_DOUBLE_EQ(progress.snapshot(*clock).rate, 1);
}

TEST(Progress, looks_back_a_few_seconds_and_no_further) {
  RunProgress progress;
  progress.state.store(RunState::running);
  Point::Data point;
  std::int64_t now = 0;
  std::uint64_t done = 0;
  const auto run_at = [&](double per_second, double seconds) {
    const auto step = static_cast<std::int64_t>(1e9 / per_second);
    for (double t = 0; t < seconds * 1e9; t += static_cast<double>(step)) {
      progress.done.store(++done);
      progress.sample(now += step, point);
    }
  };
  run_at(100, 60);
  run_at(10, 5);
  const auto clock = base::make_virtual_clock();
  EXPECT_NEAR(progress.snapshot(*clock).rate, 10, 0.01);
}

TEST(Progress, is_whole_though_it_is_read_while_it_is_written) {
  RunProgress progress;
  Point::Data point;
  point.names = {"v"};
  point.values = {Value("text")};
  std::atomic<bool> over{false};
  const auto clock = base::make_virtual_clock();
  std::thread reader([&] {
    while (!over.load()) {
      const Progress seen = progress.snapshot(*clock);
      if (seen.parameters.empty()) continue;
      EXPECT_EQ(*seen.parameters[0].value.get_if<std::string>(), "text");
    }
  });
  for (std::int64_t k = 0; k < 100'000; ++k) progress.sample(k, point);
  over.store(true);
  reader.join();
}

/// A plan whose third point is asked for in vain until it is let go.
struct BlockingPlan final : AdaptivePlan {
  std::optional<Row> ask() override {
    if (++asked > 2) released.wait(false);
    return Row{{"v", 1.0}};
  }
  void tell(const Point&, const Row&) override {}
  std::string description() const override { return "the blocking plan"; }
  std::atomic<int> asked{0};
  std::atomic<bool> released{false};
};

TEST(RunProgress, names_what_the_end_of_a_run_waits_for) {
  FakeRun run;
  run.vary("v", {1});
  run.acquire("m", [](const Point&) -> Row { return {{"x", 1}}; });
  const auto plan = std::make_shared<BlockingPlan>();
  run.request.options.order = plan;
  Progress before;
  Progress after;
  std::jthread other([&] {
    await([&] { return plan->asked > 2; });
    before = run.progress.snapshot(run.clock(), false);
    run.control.abort();
    after = run.progress.snapshot(run.clock(), true);
    plan->released = true;
    plan->released.notify_all();
  });
  const RunResult result = run.run();
  other.join();
  EXPECT_EQ(before.state, RunState::running);
  EXPECT_EQ(before.reason, "");
  EXPECT_EQ(after.state, RunState::stopping);
  EXPECT_EQ(after.reason, "waiting for the blocking plan (ask or tell) to return");
  EXPECT_EQ(result.state, RunState::aborted);
  EXPECT_EQ(result.experiment->row_count(), 2u);
}

TEST(RunProgress, names_the_acquisition_that_a_stop_waits_for) {
  FakeRun run;
  run.vary("v", {1, 2});
  run.acquire("first", [](const Point&) -> Row { return {{"x", 1}}; });
  std::string reason;
  run.acquire("second", [&](const Point&) -> Row {
    run.control.stop();
    reason = run.progress.snapshot(run.clock(), true).reason;
    return {{"y", 1}};
  });
  EXPECT_EQ(run.run().state, RunState::stopped);
  EXPECT_EQ(reason, "waiting for acquisition 'second' to return");
}

}  // namespace
}  // namespace wheatstone::session
