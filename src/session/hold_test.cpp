#include "session/hold.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <wheatstone/error.hpp>

#include "session/fake_run.hpp"

namespace wheatstone::session {
namespace {
using namespace std::chrono_literals;

std::vector<double> numbers(std::size_t n) {
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<double>(i);
  return values;
}

Row one(const Point&) { return {{"x", 1}}; }

bool is_paused(const FakeRun& run) { return run.progress.state.load() == RunState::paused; }

TEST(Step, takes_exactly_one_point_and_stays_paused) {
  FakeRun run;
  run.vary("v", numbers(10));
  run.acquire("m", one);
  run.control.pause();
  std::vector<std::uint64_t> done;
  std::thread other([&] {
    for (std::uint64_t k = 0; k <= 3; ++k) {
      await([&] { return is_paused(run) && run.progress.done.load() == k; });
      done.push_back(run.progress.done.load());
      EXPECT_TRUE(run.control.step().accepted);
    }
    await([&] { return is_paused(run) && run.progress.done.load() == 4; });
    run.control.resume();
  });
  const RunResult result = run.run();
  other.join();
  EXPECT_EQ(done, (std::vector<std::uint64_t>{0, 1, 2, 3}));
  EXPECT_EQ(result.experiment->row_count(), 10u);
  const auto resumed = events_of(*result.experiment, "resumed");
  ASSERT_EQ(resumed.size(), 5u);
  EXPECT_NE(resumed[0].find("step"), nullptr);
  EXPECT_EQ(resumed[4].find("step"), nullptr);
}

TEST(Step, of_several_asked_for_at_once_takes_as_many) {
  FakeRun run;
  run.vary("v", numbers(10));
  run.acquire("m", one);
  run.control.pause();
  for (int k = 0; k < 3; ++k) run.control.step();
  std::thread other([&] {
    await([&] { return is_paused(run) && run.progress.done.load() == 3; });
    run.control.stop();
  });
  EXPECT_EQ(run.run().experiment->row_count(), 3u);
  other.join();
}

TEST(Step, of_a_timed_run_takes_its_next_slot) {
  FakeRun run(true);
  run.acquire("m", one);
  run.request.options.count = 5;
  run.request.options.interval = 1s;
  run.control.pause();
  std::thread other([&] {
    for (std::uint64_t k = 0; k < 2; ++k) {
      await([&] { return is_paused(run) && run.progress.done.load() == k; });
      run.control.step();
    }
    await([&] { return is_paused(run) && run.progress.done.load() == 2; });
    run.control.stop();
  });
  EXPECT_EQ(run.run().experiment->row_count(), 2u);
  other.join();
}

TEST(Step, is_refused_where_nothing_is_paused) {
  FakeRun run;
  run.vary("v", numbers(1));
  run.acquire("m", one);
  const RunControl::Answer answer = run.control.step();
  EXPECT_FALSE(answer.accepted);
  EXPECT_EQ(answer.sentence, "a step is for a paused run; pause it first");
  const RunResult result = run.run();
  ASSERT_EQ(events_of(*result.experiment, "control").size(), 1u);
  EXPECT_EQ(events_of(*result.experiment, "control")[0].text({"refused"}), answer.sentence);
  EXPECT_EQ(run.control.step().sentence, "the run has ended");
}

TEST(Pause, ten_thousand_times_loses_no_row_and_no_pause) {
  constexpr std::size_t k_rows = 200'000;
  constexpr int k_pauses = 10'000;
  FakeRun run;
  run.vary("v", numbers(k_rows));
  std::atomic<bool> over{false};
  run.acquire("m", [&](const Point& point) -> Row {
    // The last point waits for all pauses, so that each falls while rows flow.
    if (point.index() == k_rows - 1) await([&] { return over.load(); });
    return {{"x", point.index()}};
  });
  std::thread other([&] {
    for (int k = 0; k < k_pauses; ++k) {
      run.control.pause();
      run.control.resume();
    }
    over.store(true);
  });
  const RunResult result = run.run();
  other.join();
  ASSERT_FALSE(result.error) << run.error_of(result);
  const std::vector<std::int64_t> x = result.experiment->column<std::int64_t>("x");
  ASSERT_EQ(x.size(), k_rows);
  for (std::size_t k = 0; k < k_rows; ++k) ASSERT_EQ(x[k], static_cast<std::int64_t>(k));
  EXPECT_EQ(events_of(*result.experiment, "control").size(), 2u * k_pauses);
  EXPECT_EQ(events_of(*result.experiment, "paused").size(), events_of(*result.experiment, "resumed").size());
}

TEST(Pause, says_who_asked) {
  FakeRun run;
  run.vary("v", numbers(1));
  run.acquire("m", one);
  run.control.ask(Action::pause, origin_of_this_thread("MainThread"));
  run.control.ask(Action::resume, origin_of_signal(SIGUSR1));
  const RunResult result = run.run();
  const auto control = events_of(*result.experiment, "control");
  ASSERT_EQ(control.size(), 2u);
  EXPECT_EQ(control[0].text({"action"}), "pause");
  EXPECT_EQ(control[0].text({"by"}), "thread");
  EXPECT_EQ(control[0].text({"thread"}), "MainThread");
  EXPECT_EQ(control[1].text({"by"}), "signal");
  EXPECT_EQ(control[1].text({"signal"}), "USR1");
}

TEST(Suspension, holds_the_run_while_its_condition_is_true) {
  FakeRun run(true);
  run.vary("v", numbers(6));
  run.acquire("m", [&](const Point&) -> Row {
    run.wait(1s);
    return {{"x", 1}};
  });
  int asked = 0;
  run.hold_while([&](const Point& next) { return next.index() == 3 && ++asked <= 4; },
                 {.reason = "the beam is off", .every = 500ms});
  std::string reason;
  run.beside("looks", [&](std::stop_token stop) {
    while (!stop.stop_requested() && reason.empty()) {
      reason = run.progress.snapshot(run.clock()).reason;
      run.clock().wait_until(run.clock().monotonic() + 100'000'000, stop);
    }
  });
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(result.experiment->row_count(), 6u);
  EXPECT_EQ(asked, 5);
  EXPECT_EQ(reason, "the beam is off");
  const auto began = events_of(*result.experiment, "suspended");
  const auto ended = events_of(*result.experiment, "suspension_ended");
  ASSERT_EQ(began.size(), 1u);
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(began[0].text({"reason"}), "the beam is off");
  EXPECT_EQ(*began[0].find("index")->get_if<std::int64_t>(), 3);
  EXPECT_DOUBLE_EQ(*ended[0].find("duration_s")->get_if<double>(), 2.0);
}

TEST(Suspension, is_looked_at_no_more_often_than_it_says) {
  FakeRun run(true);
  run.vary("v", numbers(100));
  run.acquire("m", [&](const Point&) -> Row {
    run.wait(10ms);
    return {{"x", 1}};
  });
  int asked = 0;
  run.hold_while([&](const Point&) { return ++asked < 0; }, {.reason = "never", .every = 250ms});
  run.run();
  EXPECT_EQ(asked, 4);
}

TEST(Suspension, is_left_by_a_stop_and_by_an_abort) {
  for (const Action action : {Action::stop, Action::abort}) {
    FakeRun run;
    run.vary("v", numbers(3));
    run.acquire("m", one);
    run.hold_while([](const Point&) { return true; }, {.reason = "for ever", .every = 3600s});
    std::thread other([&] {
      await([&] { return is_paused(run); });
      run.control.ask(action, origin_of_this_thread());
    });
    const RunResult result = run.run();
    other.join();
    EXPECT_EQ(result.experiment->row_count(), 0u);
    EXPECT_EQ(result.state, action == Action::stop ? RunState::stopped : RunState::aborted);
    EXPECT_EQ(events_of(*result.experiment, "suspension_ended").size(), 1u);
  }
}

TEST(Suspension, whose_condition_fails_ends_the_run_and_is_named) {
  FakeRun run;
  run.vary("v", {1.5, 2.5});
  run.acquire("m", one);
  run.hold_while(
      [](const Point& next) -> bool {
        if (next.index() == 1) throw std::runtime_error("no answer");
        return false;
      },
      {.reason = "the beam is off", .every = 1ns});
  const RunResult result = run.run();
  EXPECT_EQ(result.state, RunState::failed);
  EXPECT_EQ(run.error_of(result),
            "the condition 'the beam is off' of suspend_when failed before point 1 (v = 2.5): no answer; rows kept: 1");
  EXPECT_EQ(result.experiment->row_count(), 1u);
}

TEST(Suspension, and_a_pause_are_left_when_both_are_over) {
  FakeRun run;
  run.vary("v", numbers(2));
  run.acquire("m", one);
  std::atomic<bool> held{true};
  run.hold_while([&](const Point&) { return held.load(); }, {.reason = "held", .every = 1ms});
  std::thread other([&] {
    await([&] { return run.progress.snapshot(run.clock()).reason == "held"; });
    run.control.pause();
    held.store(false);
    await([&] { return is_paused(run) && run.progress.snapshot(run.clock()).reason.empty(); });
    EXPECT_EQ(run.progress.done.load(), 0u);
    run.control.resume();
  });
  EXPECT_EQ(run.run().experiment->row_count(), 2u);
  other.join();
}

TEST(Hold, says_nothing_where_nobody_asks) {
  FakeRun run;
  run.vary("v", numbers(3));
  run.acquire("m", one);
  const RunResult result = run.run();
  for (const char* event : {"control", "paused", "resumed", "suspended", "observer", "warning"}) {
    EXPECT_TRUE(events_of(*result.experiment, event).empty()) << event;
  }
}

}  // namespace
}  // namespace wheatstone::session
