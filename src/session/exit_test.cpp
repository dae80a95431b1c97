// The one exit of a run, with each of its steps throwing and hanging.

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <semaphore>
#include <wheatstone/error.hpp>

#include "io/fault_file.hpp"
#include "session/fake_run.hpp"

namespace wheatstone::session {
namespace {
using namespace std::chrono_literals;

/// Holds whoever comes by until it is opened.
class Bar {
 public:
  void hold() {
    arrived_.release();
    gate_.acquire();
    gate_.release();
  }
  void open() { gate_.release(); }
  void wait_until_somebody_is_held() { arrived_.acquire(); }

 private:
  std::counting_semaphore<1000> arrived_{0};
  std::counting_semaphore<1000> gate_{0};
};

/// A run whose acquisition fails at its second point, with every step that an exit has.
class BrokenRun {
 public:
  BrokenRun() {
    run.request.options.grace = 20s;
    run.vary("v", {0, 1, 2});
    run.acquire("m", [](const Point& point) -> Row {
      if (point.index() == 1) throw std::runtime_error("broken");
      return {{"x", 1}};
    });
    run.after("", [this](const Point&) {
      ++torn_down;
      if (at_tear_down) at_tear_down();
    });
    run.request.tasks.push_back({.name = "stir", .work = [this](std::stop_token stop) {
                                   base::system_clock().wait_until(INT64_MAX, stop);
                                   if (at_task) at_task();
                                 }});
    run.observe([this](const Row&) {
      if (at_observer) at_observer();
    });
    run.request.safe_steps = {{.name = "make 'load' safe",
                               .limit = 20s,
                               .work =
                                   [this] {
                                     ++made_safe;
                                     if (at_safe) at_safe();
                                   }},
                              {.name = "make 'psu' safe", .limit = 20s, .work = [this] { ++made_safe; }}};
    run.request.read_settings = [this, is_first = true]() mutable -> SettingsReport {
      if (!std::exchange(is_first, false) && at_settings) at_settings();
      return {.settings = io::Document::object({{"psu", "set"}})};
    };
  }

  /// Runs it, and tells what must hold whatever is broken besides.
  void go() {
    result = run.run();
    EXPECT_EQ(result.state, RunState::failed);
    EXPECT_TRUE(says(run.error_of(result), "acquisition 'm' failed at point 1 (v = 1): broken; rows kept: 1"));
    EXPECT_EQ(result.experiment->row_count(), 1u);
    EXPECT_EQ(made_safe, 2);
    EXPECT_EQ(torn_down, 1);
  }
  [[nodiscard]] io::Document record() const { return io::Document::parse(result.experiment->metadata()); }

  FakeRun run;
  RunResult result;
  std::function<void()> at_tear_down, at_task, at_observer, at_safe, at_settings;
  std::atomic<int> made_safe{0};
  int torn_down = 0;
};

TEST(OneExit, with_nothing_else_broken_takes_every_step) {
  BrokenRun broken;
  broken.go();
  EXPECT_EQ(attached_to(broken.result), "");
  EXPECT_EQ(broken.record().text({"state"}), "failed");
  EXPECT_NE(broken.record().find("ended"), nullptr);
}

TEST(OneExit, goes_on_where_tearing_down_throws) {
  BrokenRun broken;
  broken.at_tear_down = [] { throw std::runtime_error("the valve is stuck"); };
  broken.go();
  EXPECT_TRUE(says(attached_to(broken.result), "the valve is stuck"));
  EXPECT_EQ(broken.record().text({"state"}), "failed");
}

TEST(OneExit, goes_on_where_a_task_throws) {
  BrokenRun broken;
  broken.at_task = [] { throw std::runtime_error("jammed"); };
  broken.go();
  EXPECT_TRUE(says(attached_to(broken.result), "task 'stir' failed too: jammed"));
}

TEST(OneExit, makes_the_bench_safe_before_it_waits_for_a_task_that_hangs) {
  BrokenRun broken;
  Bar bar;
  broken.run.request.options.grace = 30ms;
  broken.at_task = [&] { bar.hold(); };
  broken.at_safe = [&] {
    if (broken.made_safe == 1) bar.open();  // the run would wait for the task for ever
  };
  broken.go();
  EXPECT_TRUE(says(attached_to(broken.result), "task 'stir' did not end within its grace of 0.03 s"));
}

TEST(OneExit, goes_on_where_making_safe_throws) {
  BrokenRun broken;
  broken.at_safe = [] { throw std::runtime_error("no answer"); };
  broken.go();
  EXPECT_TRUE(says(attached_to(broken.result), "could not make 'load' safe: no answer"));
}

TEST(OneExit, goes_on_where_making_safe_hangs) {
  // The thread that is given up on hangs until the process has ended: what it uses is never destroyed.
  static Bar& bar = *std::make_unique<Bar>().release();
  BrokenRun broken;
  broken.run.request.safe_steps[0].limit = 50ms;
  broken.at_safe = [] { bar.hold(); };
  broken.go();
  EXPECT_TRUE(says(attached_to(broken.result), "could not make 'load' safe within 0.05 s: it hangs"));
  bar.wait_until_somebody_is_held();  // it has read the last of `broken`
}

TEST(OneExit, goes_on_where_an_observer_throws) {
  BrokenRun broken;
  broken.at_observer = [] { throw std::runtime_error("no display"); };
  broken.go();
  ASSERT_EQ(broken.result.warnings.size(), 1u);
  EXPECT_TRUE(says(broken.result.warnings[0], "no display"));
}

TEST(OneExit, goes_on_where_an_observer_hangs) {
  BrokenRun broken;
  Bar bar;
  broken.run.request.options.grace = 1s;
  broken.at_observer = [&] { bar.hold(); };
  broken.go();
  EXPECT_EQ(broken.result.warnings.size(), 1u);
  bar.open();
}

TEST(OneExit, goes_on_where_reading_the_settings_throws) {
  BrokenRun broken;
  broken.at_settings = [] { throw TimeoutError("the meter is silent"); };
  broken.go();
  EXPECT_TRUE(says(events_of(broken.result), "the meter is silent"));
  EXPECT_EQ(broken.record().text({"state"}), "failed");
}

TEST(OneExit, makes_the_bench_safe_where_the_medium_refuses_everything) {
  io::FaultDisk disk;
  std::atomic<bool> is_gone{false};
  disk.before_change([&] {
    if (is_gone.load()) throw StorageError("the medium is gone");
  });
  BrokenRun broken;
  broken.run.request.files = &disk;
  broken.run.request.store = "/disk/runs";
  broken.at_tear_down = [&] { is_gone.store(true); };
  broken.go();
  EXPECT_TRUE(says(attached_to(broken.result), "could not seal the run"));
  EXPECT_TRUE(says(attached_to(broken.result), "the medium is gone"));
}

TEST(OneExit, gives_up_on_a_medium_that_hangs) {
  // The thread that is given up on hangs until the process has ended: what it uses is never destroyed.
  static io::FaultDisk& disk = *std::make_unique<io::FaultDisk>().release();
  static Bar& bar = *std::make_unique<Bar>().release();
  static std::atomic<bool> hangs{false};
  disk.before_change([] {
    if (hangs.load()) bar.hold();
  });
  BrokenRun broken;
  broken.run.request.files = &disk;
  broken.run.request.store = "/disk/runs";
  broken.run.request.seal_limit = 50ms;
  broken.at_settings = [] { hangs.store(true); };
  broken.go();
  EXPECT_TRUE(says(attached_to(broken.result), "could not seal the run"));
  EXPECT_TRUE(says(attached_to(broken.result), "within 0.05 s: it hangs"));
  bar.wait_until_somebody_is_held();
}

}  // namespace
}  // namespace wheatstone::session
