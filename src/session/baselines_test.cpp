#include "session/baselines.hpp"

#include <gtest/gtest.h>

#include <wheatstone/error.hpp>

#include "session/fake_run.hpp"

namespace wheatstone::session {
namespace {

/// When the baselines of a run were taken.
std::vector<std::string> taken(const RunResult& result) {
  std::vector<std::string> when;
  for (const io::Document& event : events_of(*result.experiment, "baseline")) when.push_back(event.text({"when"}));
  return when;
}

const std::vector<std::string> k_both = {"start", "end"};
const std::vector<std::string> k_start = {"start"};

class EndBaselines : public testing::Test {
 protected:
  EndBaselines() {
    run.vary("x", {1, 2, 3});
    run.baseline("dark", [](const Point&) -> Row { return {{"d", 1}}; });
  }
  FakeRun run{true};
};

TEST_F(EndBaselines, are_taken_outside_of_all_levels) {
  std::vector<std::string> seen;
  run.request.baselines.clear();
  run.baseline("dark", [&](const Point&) -> Row {
    seen.push_back("dark");
    return {};
  });
  run.before("", [&](const Point&) { seen.push_back("lamp on"); });
  run.after("", [&](const Point&) { seen.push_back("lamp off"); });
  run.acquire("measure", [&](const Point&) -> Row { return {}; });
  ASSERT_EQ(run.error_of(run.run()), "");
  EXPECT_EQ(seen, (std::vector<std::string>{"dark", "lamp on", "lamp off", "dark"}));
}

TEST_F(EndBaselines, are_taken_at_the_end_of_a_stopped_run) {
  run.acquire("measure", [&](const Point&) -> Row {
    run.control.stop();
    return {};
  });
  const RunResult result = run.run();
  EXPECT_EQ(result.state, RunState::stopped);
  EXPECT_EQ(taken(result), k_both);
}

TEST_F(EndBaselines, are_not_taken_at_the_end_of_a_failed_run) {
  run.acquire("measure", [](const Point& point) -> Row {
    if (point.index() == 1) throw LimitError("no");
    return {};
  });
  const RunResult result = run.run();
  EXPECT_EQ(result.state, RunState::failed);
  EXPECT_EQ(taken(result), k_start);
}

TEST_F(EndBaselines, are_not_taken_after_a_hook_or_a_task_failed) {
  run.acquire("measure", [](const Point&) -> Row { return {}; });
  run.after("", [](const Point&) { throw LimitError("the valve is stuck"); });
  EXPECT_EQ(taken(run.run()), k_start);

  FakeRun beside;
  beside.vary("x", {1, 2, 3});
  beside.baseline("dark", [](const Point&) -> Row { return {{"d", 1}}; });
  beside.beside("stir", [](std::stop_token) { throw LimitError("jammed"); });
  beside.acquire("measure", [&](const Point&) -> Row {
    await([&] { return beside.control.end() != RunControl::End::none; });
    return {};
  });
  const RunResult result = beside.run();
  EXPECT_TRUE(says(beside.error_of(result), "jammed"));
  EXPECT_EQ(taken(result), k_start);
}

TEST_F(EndBaselines, that_fail_at_the_end_fail_the_run) {
  run.request.baselines.clear();
  int calls = 0;
  run.baseline("dark", [&](const Point&) -> Row {
    if (++calls == 2) throw TimeoutError("no answer");
    return {};
  });
  run.acquire("measure", [](const Point&) -> Row { return {}; });
  const RunResult result = run.run();
  EXPECT_TRUE(says(run.error_of(result), "baseline 'dark' failed at the end of the run: no answer; rows kept: 3"));
  EXPECT_EQ(result.state, RunState::failed);
}

}  // namespace
}  // namespace wheatstone::session
