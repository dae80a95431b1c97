#include "session/row_observers.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "plan/text.hpp"
#include "session/fake_run.hpp"

namespace wheatstone::session {
namespace {
using namespace std::chrono_literals;

std::vector<double> counted_values(std::size_t n) {
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<double>(i);
  return values;
}

/// Holds whoever waits at it until it is opened.
class Gate {
 public:
  void open() {
    const std::scoped_lock lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

std::string text_of_row(const Row& row) {
  std::string text;
  for (const Row::Entry& entry : row) {
    const bool is_instant = entry.value.kind() == Value::Kind::time;
    text += entry.key + "=" + (is_instant ? std::string("time") : plan::text_of(entry.value)) + " ";
  }
  return text;
}

TEST(Observer, sees_each_row_in_order_named_as_the_columns_are) {
  FakeRun run;
  run.vary("v", {1, 2});
  run.acquire("first", [](const Point& p) -> Row { return {{"x", p.index()}}; });
  run.acquire("second", [](const Point&) -> Row { return {{"x", true}, {"text", "t"}}; });
  std::vector<Row> seen;
  const ObserverHandle handle = run.observe([&](const Row& row) { seen.push_back(row); });
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(text_of_row(seen[1]), "v=2 timestamp=time x=1 second.x=true text='t' ");
  ASSERT_NE(seen[1].find("timestamp"), nullptr);
  EXPECT_EQ(seen[1].find("timestamp")->get_if<Time>()->nanoseconds,
            result.experiment->at(1, "timestamp").get_if<Time>()->nanoseconds);
  EXPECT_EQ(handle.seen(), 2u);
  EXPECT_EQ(handle.dropped(), 0u);
  ASSERT_EQ(events_of(*result.experiment, "observer").size(), 1u);
  EXPECT_TRUE(result.warnings.empty());
}

TEST(Observer, sees_keys_that_come_late_and_keys_that_stay_away) {
  FakeRun run;
  run.vary("v", counted_values(3));
  run.acquire("m", [](const Point& p) -> Row {
    if (p.index() == 1) return {{"a", 1}, {"b", 2}};
    return {{"b", 3}};
  });
  std::vector<std::string> seen;
  run.observe([&](const Row& row) {
    Row results;
    for (const Row::Entry& entry : row) {
      if (entry.key == "a" || entry.key == "b") results.push_back(entry);
    }
    seen.push_back(text_of_row(results));
  });
  run.run();
  EXPECT_EQ(seen, (std::vector<std::string>{"b=3 ", "a=1 b=2 ", "b=3 "}));
}

TEST(Observer, that_is_behind_loses_the_oldest_rows_and_counts_them) {
  FakeRun run;
  run.vary("v", counted_values(1000));
  Gate gate;
  std::atomic<bool> in_first{false};
  run.acquire("m", [&](const Point& p) -> Row {
    if (p.index() == 1) await([&] { return in_first.load(); });
    if (p.index() == 999) gate.open();
    return {{"x", p.index()}};
  });
  std::vector<std::int64_t> seen;
  const ObserverHandle handle = run.observe(
      [&](const Row& row) {
        seen.push_back(*row.find("x")->get_if<std::int64_t>());
        in_first.store(true);
        gate.wait();
      },
      10);
  const RunResult result = run.run();
  EXPECT_EQ(result.experiment->row_count(), 1000u);
  EXPECT_EQ(handle.seen() + handle.dropped(), 1000u);
  EXPECT_EQ(handle.seen(), seen.size());
  ASSERT_GE(seen.size(), 11u);
  EXPECT_EQ(seen.front(), 0);
  EXPECT_EQ(seen.back(), 999);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
  const auto event = events_of(*result.experiment, "observer").at(0);
  EXPECT_EQ(*event.find("dropped")->get_if<std::int64_t>(), static_cast<std::int64_t>(handle.dropped()));
}

TEST(Observer, that_raises_is_left_out_and_the_run_goes_on) {
  FakeRun run;
  run.vary("v", counted_values(50));
  std::atomic<bool> raised{false};
  std::atomic<int> others{0};
  run.acquire("m", [&](const Point& p) -> Row {
    if (p.index() == 40) await([&] { return raised.load(); });
    if (p.index() > 40) std::this_thread::sleep_for(1ms);  // so that the loop looks up while rows flow
    return {{"x", 1}};
  });
  const ObserverHandle bad = run.observe([&](const Row&) {
    raised.store(true);
    throw std::runtime_error("no window");
  });
  const ObserverHandle good = run.observe([&](const Row&) { ++others; });
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(result.experiment->row_count(), 50u);
  EXPECT_EQ(others.load(), 50);
  EXPECT_EQ(bad.error(), "no window");
  EXPECT_EQ(bad.seen(), 0u);
  EXPECT_EQ(bad.dropped(), 50u);
  EXPECT_EQ(good.seen(), 50u);
  ASSERT_EQ(result.warnings.size(), 1u);
  EXPECT_EQ(result.warnings[0],
            "the observer 'observer 1' failed after 0 rows and was given no more of this run: no window");
  const auto events = events_of(*result.experiment, "observer_failed");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].text({"error"}), "no window");
}

TEST(Observer, that_blocks_neither_slows_the_run_nor_holds_up_its_end) {
  FakeRun run;
  run.vary("v", counted_values(100));
  run.acquire("m", [](const Point&) -> Row { return {{"x", 1}}; });
  run.request.options.grace = 50ms;
  const auto gate = std::make_shared<Gate>();
  const auto left = std::make_shared<std::atomic<bool>>(false);
  const ObserverHandle handle = run.observe([gate, left](const Row&) {
    gate->wait();
    left->store(true);
  });
  const auto start = std::chrono::steady_clock::now();
  RunResult result = run.run();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 30s);
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(result.experiment->row_count(), 100u);
  ASSERT_EQ(result.warnings.size(), 1u);
  EXPECT_NE(result.warnings[0].find("was still at a row"), std::string::npos) << result.warnings[0];
  EXPECT_NE(events_of(*result.experiment, "observer").at(0).find("stuck"), nullptr);

  result = run.run();  // it takes no part while it is still there
  ASSERT_EQ(result.warnings.size(), 1u);
  gate->open();
  await([&] { return left->load(); });
}

TEST(Observer, is_not_waited_for_by_an_abort) {
  FakeRun run;
  run.vary("v", counted_values(200));
  std::atomic<int> seen{0};
  run.acquire("m", [&](const Point& p) -> Row {
    if (p.index() == 199) {
      await([&] { return seen.load() > 0; });
      run.control.abort();
    }
    return {{"x", 1}};
  });
  run.request.options.grace = 3600s;
  run.observe([&](const Row&) {
    ++seen;
    std::this_thread::sleep_for(20ms);
  });
  const RunResult result = run.run();
  EXPECT_EQ(result.state, RunState::aborted);
  EXPECT_LT(seen.load(), 100);
}

}  // namespace
}  // namespace wheatstone::session
