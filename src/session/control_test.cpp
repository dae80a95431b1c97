#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <wheatstone/error.hpp>

#include "session/fake_run.hpp"
#include "session/interrupts.hpp"

namespace wheatstone::session {
namespace {
using namespace std::chrono_literals;

TEST(Control, stop_ends_after_the_point_without_an_error) {
  FakeRun run;
  run.vary("v", {0, 1, 2, 3});
  run.acquire("m", [&](const Point& p) -> Row {
    if (p.index() == 1) run.control.stop();
    return {{"x", 1}};
  });
  const RunResult result = run.run();
  EXPECT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(result.state, RunState::stopped);
  EXPECT_EQ(result.experiment->row_count(), 2u);
}

TEST(Control, stop_wakes_a_long_wait) {
  FakeRun run;
  std::thread other;
  run.acquire("m", [&](const Point&) -> Row {
    other = std::thread([&] { run.control.stop(); });
    return {{"x", 1}};
  });
  run.request.options.duration = 3600s;
  run.request.options.interval = 1800s;
  EXPECT_EQ(run.run().experiment->row_count(), 1u);
  other.join();
}

TEST(Control, abort_cancels_instruments_and_drops_the_point_in_progress) {
  FakeRun run;
  run.vary("v", {0, 1, 2});
  run.acquire("m", [&](const Point& p) -> Row {
    if (p.index() < 1) return {{"x", 1}};
    run.control.abort();
    throw CommunicationError("cancelled");
  });
  const RunResult result = run.run();
  EXPECT_EQ(run.cancels, 1);
  EXPECT_EQ(result.state, RunState::aborted);
  EXPECT_THROW(std::rethrow_exception(result.error), Interrupted);
  EXPECT_EQ(result.experiment->row_count(), 1u);
  EXPECT_EQ(Experiment::open(result.experiment->folder()).state(), RunState::aborted);
}

TEST(Control, abort_keeps_no_row_of_a_point_whose_wait_it_cut_short) {
  for (const bool parallel : {false, true}) {
    FakeRun run;
    run.vary("v", {0, 1, 2});
    run.request.options.parallel = parallel;
    run.acquire("m", [&](const Point& p) -> Row {
      if (p.index() == 1) {
        run.control.abort();
        run.request.clock->wait_until(INT64_MAX, run.control.abort_token());
      }
      return {{"x", 7}};
    });
    const RunResult result = run.run();
    EXPECT_EQ(result.state, RunState::aborted);
    EXPECT_THROW(std::rethrow_exception(result.error), Interrupted);
    EXPECT_EQ(result.experiment->row_count(), 1u);
    std::ifstream events(result.experiment->folder() / "events.jsonl");
    const std::string text{std::istreambuf_iterator<char>(events), {}};
    EXPECT_NE(text.find(R"("interrupted_point")"), std::string::npos) << text;
    EXPECT_NE(text.find(R"("results":{"m":{"x":7}})"), std::string::npos) << text;
  }
}

TEST(Control, abort_after_the_run_cancels_nothing) {
  FakeRun run;
  run.vary("v", {0});
  run.acquire("m", [](const Point&) -> Row { return {{"x", 1}}; });
  run.run();
  run.control.abort();
  EXPECT_EQ(run.cancels, 0);
}

TEST(Control, pause_holds_the_loop_until_resumed) {
  FakeRun run;
  std::thread other;
  run.vary("v", {0, 1});
  run.acquire("m", [&](const Point& p) -> Row {
    if (p.index() == 0) {
      run.control.pause();
      other = std::thread([&] {
        while (run.progress.state.load() != RunState::paused) std::this_thread::yield();
        run.control.resume();
      });
    }
    return {{"x", 1}};
  });
  const RunResult result = run.run();
  other.join();
  EXPECT_EQ(result.experiment->row_count(), 2u);
  std::string events;
  for (const std::string& line : result.experiment->events()) events += line;
  EXPECT_NE(events.find("paused"), std::string::npos);
  EXPECT_NE(events.find("resumed"), std::string::npos);
}

TEST(Interrupt, once_stops_after_the_point_and_is_raised) {
  FakeRun run;
  run.vary("v", {0, 1, 2});
  run.acquire("m", [&](const Point& p) -> Row {
    if (p.index() == 0) {
      std::raise(SIGINT);
      while (!run.control.attention()) std::this_thread::yield();
    }
    return {{"x", 1}};
  });
  const InterruptScope interrupts(run.control);
  const RunResult result = run.run();
  EXPECT_THROW(std::rethrow_exception(result.error), Interrupted);
  EXPECT_EQ(result.state, RunState::stopped);
  EXPECT_EQ(result.experiment->row_count(), 1u);
}

TEST(Interrupt, twice_aborts) {
  FakeRun run;
  run.vary("v", {0, 1, 2});
  run.acquire("m", [&](const Point&) -> Row {
    std::raise(SIGINT);
    std::raise(SIGINT);
    while (run.control.end() != RunControl::End::abort) std::this_thread::yield();
    throw CommunicationError("cancelled");
  });
  const InterruptScope interrupts(run.control);
  const RunResult result = run.run();
  EXPECT_EQ(run.cancels, 1);
  EXPECT_EQ(result.state, RunState::aborted);
  EXPECT_THROW(std::rethrow_exception(result.error), Interrupted);
}

TEST(Interrupt, ends_a_run_inside_of_another_one_too) {
  FakeRun outer;
  outer.vary("v", {0, 1, 2});
  RunState inner_state = RunState::running;
  outer.acquire("m", [&](const Point&) -> Row {
    FakeRun inner;
    inner.vary("w", {0, 1, 2});
    inner.acquire("n", [&](const Point&) -> Row {
      std::raise(SIGINT);
      while (!inner.control.attention() || !outer.control.attention()) std::this_thread::yield();
      return {{"y", 1}};
    });
    const InterruptScope interrupts(inner.control);
    inner_state = inner.run().state;
    FakeRun late;
    const InterruptScope also(late.control);
    EXPECT_EQ(late.control.end(), RunControl::End::stop);
    return {{"x", 1}};
  });
  const InterruptScope interrupts(outer.control);
  EXPECT_EQ(outer.run().state, RunState::stopped);
  EXPECT_EQ(inner_state, RunState::stopped);
}

TEST(Exit, takes_every_step_though_one_throws_and_one_hangs) {
  std::vector<int> taken;
  const auto release = std::make_shared<std::stop_source>();
  const std::vector<std::string> failures = take_exit({
      {.name = "do the first", .limit = 1s, .work = [&] { taken.push_back(1); }},
      {.name = "throw", .limit = 1s, .work = [] { throw std::runtime_error("refused"); }},
      {.name = "hang",
       .limit = 20ms,
       .work = [release] { base::system_clock().wait_until(INT64_MAX, release->get_token()); }},
      {.name = "do the last", .limit = 1s, .work = [&] { taken.push_back(4); }},
  });
  release->request_stop();
  EXPECT_EQ(taken, (std::vector<int>{1, 4}));
  ASSERT_EQ(failures.size(), 2u);
  EXPECT_NE(failures[0].find("could not throw: refused"), std::string::npos);
  EXPECT_NE(failures[1].find("could not hang within 0.02 s"), std::string::npos);
}

TEST(Exit, that_fails_is_attached_to_the_error_of_the_run) {
  FakeRun run;
  run.vary("v", {0});
  run.acquire("m", [](const Point&) -> Row { throw std::runtime_error("broken"); });
  run.request.safe_steps = {
      {.name = "make 'psu' safe", .limit = 1s, .work = [] { throw std::runtime_error("no answer"); }}};
  const RunResult result = run.run();
  try {
    std::rethrow_exception(result.error);
  } catch (const MeasurementError& error) {
    ASSERT_EQ(error.attached().size(), 1u);
    EXPECT_NE(error.attached()[0].find("could not make 'psu' safe: no answer"), std::string::npos);
  }
}

TEST(Fork, in_a_task_leaves_the_run_to_the_parent) {
  FakeRun run;
  int status = -1;
  run.beside("forks", [&](std::stop_token) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(7);
    ::waitpid(child, &status, 0);
  });
  run.vary("v", {0, 1, 2});
  run.acquire("m", [](const Point&) -> Row { return {{"x", 1}}; });
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(result.experiment->row_count(), 3u);
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

TEST(Fork, in_an_acquisition_ends_the_childs_copy_of_the_run_and_not_the_parents) {
  FakeRun run;
  run.vary("v", {0, 1, 2});
  bool made_safe = false;
  run.request.safe_steps = {{.name = "make 'psu' safe", .limit = 1s, .work = [&] { made_safe = true; }}};
  run.beside("waits", [&](std::stop_token stop) { run.clock().wait_until(INT64_MAX, stop); });
  pid_t child = -1;
  run.acquire("m", [&](const Point& p) -> Row {
    if (p.index() == 1) child = ::fork();
    return {{"x", 1}};
  });
  RunResult result;
  try {
    result = run.run();
  } catch (const ConfigurationError& error) {
    ::_exit(child == 0 && !made_safe && std::string_view(error.what()).starts_with("the run belongs") ? 7 : 8);
  }
  if (child == 0) ::_exit(9);
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 7);
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(result.experiment->row_count(), 3u);
}

TEST(Interrupt, comes_before_what_else_went_wrong) {
  FakeRun run;
  run.vary("v", {0, 1});
  run.acquire("m", [&](const Point&) -> Row {
    std::raise(SIGINT);
    while (!run.control.attention()) std::this_thread::yield();
    throw std::runtime_error("and this too");
  });
  const InterruptScope interrupts(run.control);
  const RunResult result = run.run();
  try {
    std::rethrow_exception(result.error);
  } catch (const Interrupted& error) {
    ASSERT_FALSE(error.attached().empty());
    EXPECT_NE(error.attached()[0].find("and this too"), std::string::npos);
  }
}

}  // namespace
}  // namespace wheatstone::session
