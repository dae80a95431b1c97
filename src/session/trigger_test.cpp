// Acquisitions that are called by a callable, or by an instrument's request for service.

#include <gtest/gtest.h>

#include <set>
#include <wheatstone/error.hpp>

#include "instrument/fake_transport.hpp"
#include "instrument/make_instrument.hpp"
#include "session/fake_run.hpp"

namespace wheatstone::session {
namespace {
using namespace std::chrono_literals;

/// A supply behind a link of the test's own.
struct FakeInstrument {
  FakeInstrument() {
    auto made = std::make_unique<instrument::FakeTransport>();
    link = made.get();
    opened = instrument::make_instrument("psu", profile::load_profile("keysight/EDU36311A"), std::move(made),
                                         base::system_clock());
  }
  instrument::FakeTransport* link;
  std::unique_ptr<Instrument> opened;
};

std::vector<std::int64_t> milliseconds_of(const Experiment& timing, const std::string& column, std::int64_t since) {
  std::vector<std::int64_t> times;
  for (const std::int64_t time : timing.column<std::int64_t>(column)) times.push_back((time - since) / 1'000'000);
  return times;
}

/// True at each of these instants, once.
std::function<bool()> at_instants(FakeRun& run, std::multiset<std::int64_t> instants) {
  return [&run, start = run.clock().monotonic(), instants]() mutable {
    if (instants.empty() || run.clock().monotonic() - start < *instants.begin() * 1'000'000) return false;
    instants.erase(instants.begin());
    return true;
  };
}

TEST(Trigger, makes_a_row_of_its_own_each_time_beside_those_of_the_grid) {
  FakeRun run(true);
  run.acquire("grid", [](const Point& p) -> Row { return {{"g", p.slot()}}; }, {.interval = 100ms});
  run.acquire("event", [](const Point& p) -> Row { return {{"e", p.slot()}}; },
              {.trigger = at_instants(run, {30, 150, 170})});
  run.request.options.duration = 300ms;
  const std::int64_t start = run.clock().monotonic();
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(run.clock().monotonic() - start, 300'000'000);
  const Experiment timing = result.experiment->timing();
  const std::int64_t first = timing.column<std::int64_t>("scheduled")[0];
  EXPECT_EQ(milliseconds_of(timing, "scheduled", first), (std::vector<std::int64_t>{0, 30, 100, 150, 170, 200}));
  EXPECT_EQ(timing.column<std::int64_t>("lateness"), std::vector<std::int64_t>(6, 0));
  EXPECT_TRUE(result.experiment->at(1, "g").is_null());
  EXPECT_EQ(*result.experiment->at(4, "e").get_if<std::int64_t>(), 2);
  EXPECT_TRUE(result.experiment->at(5, "e").is_null());
}

TEST(Trigger, alone_ends_with_the_count_or_the_duration) {
  FakeRun run(true);
  run.acquire("event", [](const Point&) -> Row { return {{"e", 1}}; }, {.trigger = [] { return true; }, .poll = 10ms});
  run.request.options.count = 4;
  const std::int64_t start = run.clock().monotonic();
  EXPECT_EQ(run.run().experiment->row_count(), 4u);
  EXPECT_EQ(run.clock().monotonic() - start, 30'000'000) << "one call a poll, however long it stays true";
  run.request.options.count.reset();
  run.request.options.duration = 100ms;
  EXPECT_EQ(run.run().experiment->row_count(), 10u);
}

TEST(Trigger, that_is_always_true_leaves_a_grid_that_is_late_its_turn) {
  FakeRun run(true);
  run.acquire("grid", [](const Point&) -> Row { return {{"g", 1}}; }, {.interval = 10ms});
  run.acquire("event",
              [&](const Point&) -> Row {
                run.wait(15ms);
                return {{"e", 1}};
              },
              {.trigger = [] { return true; }});
  run.request.options.duration = 150ms;
  const RunResult result = run.run();
  const std::vector<double> grid = result.experiment->column<double>("g");
  EXPECT_GE(std::count(grid.begin(), grid.end(), 1.0), 9);
}

TEST(Trigger, that_throws_ends_the_run_and_names_its_acquisition) {
  FakeRun run(true);
  run.acquire("event", [](const Point&) -> Row { return {{"e", 1}}; }, {.trigger = [calls = 0]() mutable {
                if (++calls == 3) throw std::runtime_error("no such pin");
                return true;
              }});
  run.request.options.duration = 1s;
  const RunResult result = run.run();
  EXPECT_EQ(result.state, RunState::failed);
  EXPECT_TRUE(says(run.error_of(result), "the trigger of acquisition 'event' failed: no such pin"));
  EXPECT_EQ(result.experiment->row_count(), 2u);
}

TEST(Trigger, wait_for_one_ends_with_a_stop) {
  FakeRun run;
  std::atomic<int> asked{0};
  run.acquire("event", [](const Point&) -> Row { return {{"e", 1}}; }, {.trigger = [&] {
                ++asked;
                return false;
              }});
  run.request.options.count = 1;
  const std::jthread stopper([&] {
    await([&] { return asked > 3; });
    run.control.stop();
  });
  EXPECT_EQ(run.run().state, RunState::stopped);
}

TEST(Trigger, by_a_service_request_that_the_link_tells_of_makes_a_row) {
  FakeInstrument psu;
  psu.link->tells_of_requests = true;
  FakeRun run;
  std::atomic<int> rows{0};
  run.acquire("event", [&](const Point&) -> Row { return {{"e", ++rows}}; }, {.trigger = *psu.opened});
  run.request.options.count = 2;
  const std::jthread requester([&] {
    await([&] { return run.progress.state.load() == RunState::running && psu.link->has_listener(); });
    psu.link->request_service(0x60);
    await([&] { return rows == 1; });
    psu.link->request_service(0x60);
  });
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(result.experiment->row_count(), 2u);
  EXPECT_FALSE(psu.link->has_listener()) << "nobody is told any more";
}

TEST(Trigger, by_service_requests_that_come_at_once_is_one_row_that_missed_the_others_or_one_each) {
  for (const Overrun overrun : {Overrun::skip, Overrun::catch_up}) {
    FakeInstrument psu;
    psu.link->tells_of_requests = true;
    FakeRun run;
    run.acquire("event",
                [&](const Point& p) -> Row {
                  if (p.index() == 0) {
                    for (int i = 0; i < 3; ++i) psu.link->request_service(0x40);
                  }
                  if (p.slot() == (overrun == Overrun::skip ? 1 : 3)) run.control.stop();
                  return {{"e", 1}};
                },
                {.trigger = *psu.opened});
    run.request.options.overrun = overrun;
    run.request.options.duration = 3600s;
    const std::jthread requester([&] {
      await([&] { return run.progress.state.load() == RunState::running && psu.link->has_listener(); });
      psu.link->request_service(0x40);
    });
    const RunResult result = run.run();
    ASSERT_FALSE(result.error) << run.error_of(result);
    EXPECT_EQ(result.experiment->timing().column<std::int64_t>("missed"),
              overrun == Overrun::skip ? (std::vector<std::int64_t>{0, 2}) : (std::vector<std::int64_t>{0, 0, 0, 0}));
  }
}

TEST(Trigger, by_an_instrument_whose_link_tells_of_nothing_asks_for_its_status_byte) {
  FakeInstrument psu;
  int asked = 0;
  psu.link->status = [&]() -> std::uint8_t { return ++asked % 5 == 0 ? 0x40 : 0x20; };
  FakeRun run;
  run.acquire("event", [&](const Point&) -> Row { return {{"e", asked}}; }, {.trigger = *psu.opened, .poll = 100us});
  run.request.options.count = 2;
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(result.experiment->column<std::int64_t>("e"), (std::vector<std::int64_t>{5, 10}));
}

TEST(Trigger, by_an_instrument_that_does_not_answer_ends_the_run_and_names_both) {
  FakeInstrument psu;
  psu.link->status = []() -> std::uint8_t { throw TimeoutError("No answer within the time-out"); };
  FakeRun run;
  run.acquire("event", [&](const Point&) -> Row { return {{"e", 1}}; }, {.trigger = *psu.opened});
  run.request.options.count = 1;
  const RunResult result = run.run();
  EXPECT_TRUE(says(run.error_of(result), "the trigger of acquisition 'event' failed"));
  EXPECT_TRUE(says(run.error_of(result), "psu"));
}

TEST(Trigger, that_cannot_be_is_refused) {
  const auto measure = [](const Point&) -> Row { return {}; };
  const auto ready = [] { return true; };
  const auto refusal = [](auto attempt) -> std::string {
    try {
      attempt();
    } catch (const ConfigurationError& error) {
      return error.what();
    }
    return "accepted";
  };
  MeasurementSession session("refusing");
  EXPECT_TRUE(says(refusal([&] { session.acquire("x", measure, {.interval = 1s, .trigger = ready}); }),
                   "acquisition 'x' has an interval and a trigger"));
  EXPECT_TRUE(says(refusal([&] { session.acquire("x", measure, {.poll = 1s}); }), "a poll time but no trigger"));
  EXPECT_TRUE(says(refusal([&] { session.acquire("x", measure, {.trigger = ready, .poll = 0s}); }), "every 0 s"));
  EXPECT_TRUE(says(refusal([&] { session.baseline("x", measure, {.trigger = ready}); }), "baseline 'x'"));
  FakeRun sweep;
  sweep.vary("v", {1});
  sweep.acquire("x", measure, {.trigger = ready});
  EXPECT_TRUE(says(refusal([&] { check(sweep.request); }), "trigger of acquisition 'x' without duration or count"));
  FakeInstrument psu;
  FakeRun twice;
  twice.acquire("x", measure, {.trigger = *psu.opened});
  twice.acquire("y", measure, {.trigger = *psu.opened});
  twice.request.options.count = 1;
  EXPECT_TRUE(says(refusal([&] { check(twice.request); }), "both called by the service requests of 'psu'"));
}

}  // namespace
}  // namespace wheatstone::session
