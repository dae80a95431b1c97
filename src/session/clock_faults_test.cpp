// Runs while the machine's clocks are set or the machine is suspended.

#include <gtest/gtest.h>

#include "session/fake_run.hpp"

namespace wheatstone::session {
namespace {
using namespace std::chrono_literals;

constexpr std::int64_t k_second = 1'000'000'000;
constexpr std::int64_t k_hour = 3600 * k_second;

/// A machine's clocks, one thread: a wait is over at once, the machine may be suspended and its calendar set.
class FakeClock final : public base::Clock {
 public:
  std::int64_t monotonic() const override { return monotonic_; }
  std::int64_t boottime() const override { return monotonic_ + suspended_; }
  Time wall() const override { return Time{boottime() + wall_}; }
  Wake wait_until(std::int64_t deadline, std::stop_token stop) override {
    if (stop.stop_requested()) return Wake::stopped;
    monotonic_ = std::max(monotonic_, deadline);
    if (asleep_at_ != 0 && monotonic_ >= asleep_at_) {
      suspended_ += std::exchange(asleep_for_, 0);
      asleep_at_ = 0;
    }
    return Wake::deadline;
  }

  void pass(std::int64_t nanoseconds) { monotonic_ += nanoseconds; }
  void suspend(std::int64_t nanoseconds) { suspended_ += nanoseconds; }
  /// In the wait that ends at that instant or later.
  void suspend_at(std::int64_t monotonic, std::int64_t nanoseconds) {
    asleep_at_ = monotonic;
    asleep_for_ = nanoseconds;
  }
  void set_calendar(std::int64_t by) { wall_ += by; }

 private:
  std::int64_t monotonic_ = k_hour;
  std::int64_t suspended_ = 0;
  std::int64_t wall_ = 1'700'000'000 * k_second;
  std::int64_t asleep_at_ = 0;
  std::int64_t asleep_for_ = 0;
};

struct FaultyRun : FakeRun {
  FaultyRun() { request.clock = &machine; }
  FakeClock machine;
};

std::vector<std::int64_t> nanoseconds_of(const std::vector<Time>& times) {
  std::vector<std::int64_t> found;
  for (const Time time : times) found.push_back(time.nanoseconds);
  return found;
}

TEST(CalendarSetBack, leaves_rows_in_order_and_is_kept_as_an_anchor) {
  FaultyRun run;
  run.vary("v", {0, 1, 2, 3, 4, 5});
  run.acquire("m", [&](const Point& point) -> Row {
    run.machine.pass(k_second);
    if (point.index() == 2) run.machine.set_calendar(-k_hour);
    return {{"x", point.index()}};
  });
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  const Experiment timing = result.experiment->timing();
  const auto started = timing.column<std::int64_t>("started");
  for (std::size_t k = 1; k < started.size(); ++k) EXPECT_EQ(started[k] - started[k - 1], k_second);
  const auto anchors = events_of(*result.experiment, "clock_anchor");
  ASSERT_EQ(anchors.size(), 2u);
  EXPECT_EQ(*anchors[1].find("wall_minus_boottime_ns")->get_if<std::int64_t>() -
                *anchors[0].find("wall_minus_boottime_ns")->get_if<std::int64_t>(),
            -k_hour);
  // Stored rows are as they were; later ones follow the calendar as it is.
  const auto stamps = nanoseconds_of(result.experiment->column<Time>("timestamp"));
  EXPECT_EQ(stamps[2] - stamps[0], 2 * k_second);
  EXPECT_EQ(stamps[3] - stamps[2], k_second - k_hour);
  EXPECT_EQ(stamps[5] - stamps[3], 2 * k_second);
}

TEST(Suspend, of_the_machine_in_a_wait_moves_the_grid_of_a_timed_run) {
  FaultyRun run;
  run.acquire("m", [](const Point& point) -> Row { return {{"x", point.index()}}; });
  run.request.options.count = 6;
  run.request.options.interval = 1s;
  run.request.options.precise = false;
  run.machine.suspend_at(run.machine.monotonic() + 3 * k_second, k_hour);
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  const Experiment timing = result.experiment->timing();
  EXPECT_EQ(timing.column<std::int64_t>("slot"), (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(timing.column<std::int64_t>("lateness"), (std::vector<std::int64_t>(6, 0)));
  EXPECT_EQ(timing.column<std::int64_t>("missed"), (std::vector<std::int64_t>(6, 0)));
  const auto stamps = nanoseconds_of(result.experiment->column<Time>("timestamp"));
  EXPECT_EQ(stamps[3] - stamps[2], k_hour + k_second);
  EXPECT_EQ(stamps[4] - stamps[3], k_second);
  const auto slept = events_of(*result.experiment, "machine_suspended");
  ASSERT_EQ(slept.size(), 1u);
  EXPECT_DOUBLE_EQ(*slept[0].find("duration_s")->get_if<double>(), 3600);
}

TEST(Suspend, of_the_machine_in_an_acquisition_shows_in_its_time_and_not_in_the_next_rows) {
  FaultyRun run;
  run.acquire("m", [&](const Point& point) -> Row {
    if (point.index() == 1) run.machine.suspend(k_hour);
    return {{"x", point.index()}};
  });
  run.request.options.count = 4;
  run.request.options.interval = 1s;
  run.request.options.precise = false;
  const RunResult result = run.run();
  const Experiment timing = result.experiment->timing();
  EXPECT_EQ(timing.column<std::int64_t>("finished")[1] - timing.column<std::int64_t>("started")[1], k_hour);
  EXPECT_EQ(timing.column<std::int64_t>("lateness"), (std::vector<std::int64_t>(4, 0)));
  EXPECT_EQ(timing.column<std::int64_t>("slot"), (std::vector<std::int64_t>{0, 1, 2, 3}));
}

TEST(Suspend, of_the_machine_leaves_the_rows_of_a_sweep_in_order) {
  FaultyRun run;
  run.vary("v", {0, 1, 2, 3});
  run.acquire("m", [&](const Point& point) -> Row {
    run.machine.pass(k_second);
    if (point.index() == 1) run.machine.suspend(k_hour);
    return {{"x", point.index()}};
  });
  const RunResult result = run.run();
  const auto stamps = nanoseconds_of(result.experiment->column<Time>("timestamp"));
  EXPECT_EQ(stamps[1] - stamps[0], k_second);
  EXPECT_EQ(stamps[2] - stamps[1], k_hour + k_second);
  EXPECT_EQ(stamps[3] - stamps[2], k_second);
  EXPECT_EQ(events_of(*result.experiment, "clock_anchor").size(), 2u);  // the second as a minute has passed
}

}  // namespace
}  // namespace wheatstone::session
