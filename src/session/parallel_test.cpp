// Acquisitions on distinct instruments that measure at the same time.

#include <gtest/gtest.h>

#include <latch>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <wheatstone/error.hpp>

#include "session/fake_run.hpp"
#include "session/parallel_stages.hpp"

namespace wheatstone::session {
namespace {
using namespace std::chrono_literals;

Row nothing(const Point&) { return {}; }

/// Stages as text: "[0,2 | 1] [3]".
std::string stages_text(const std::vector<std::vector<std::string>>& uses) {
  std::vector<std::shared_ptr<binding::Acquisition>> acquisitions;
  for (const auto& aliases : uses) {
    acquisitions.push_back(std::make_shared<FunctionAcquisition>("m", nothing, AcquisitionOptions{.uses = aliases}));
  }
  std::string text;
  for (const ParallelStage& stage : stages_of(acquisitions)) {
    text += text.empty() ? "[" : " [";
    for (std::size_t g = 0; g < stage.size(); ++g) {
      if (g > 0) text += " | ";
      for (std::size_t k = 0; k < stage[g].size(); ++k) text += (k > 0 ? "," : "") + std::to_string(stage[g][k]);
    }
    text += "]";
  }
  return text;
}

std::string text_of_cells(const Experiment& experiment) {
  std::string text;
  for (std::size_t row = 0; row < experiment.row_count(); ++row) {
    for (const Column& column : experiment.columns()) {
      if (column.name == "timestamp") continue;
      const Value value = experiment.at(row, column.name);
      const auto* const number = value.get_if<std::int64_t>();
      text += column.name + "=" + (value.is_null() ? "-" : number ? std::to_string(*number) : "?") + " ";
    }
    text += "\n";
  }
  return text;
}

TEST(Stages, are_groups_that_share_instruments_between_acquisitions_that_name_none) {
  EXPECT_EQ(stages_text({{"a"}, {"b"}, {"a"}}), "[0,2 | 1]");
  EXPECT_EQ(stages_text({{"a"}, {"b"}, {"c", "a"}, {"b", "c"}}), "[0,1,2,3]") << "by way of the third";
  EXPECT_EQ(stages_text({{"b"}, {"a"}, {"c"}, {"a", "c"}}), "[0 | 1,2,3]");
  EXPECT_EQ(stages_text({{"a"}, {}, {"b"}, {"a"}}), "[0] [1] [2 | 3]");
  EXPECT_EQ(stages_text({{}, {}}), "[0] [1]");
}

/// A parallel run whose instruments are "a", "b" and "c".
struct ParallelRun : FakeRun {
  explicit ParallelRun(bool virtual_time = false) : FakeRun(virtual_time) {
    request.aliases = {"a", "b", "c"};
    request.options.parallel = true;
    vary("v", {1, 2, 3});
  }
};

TEST(Parallel, acquisitions_on_distinct_instruments_are_under_way_at_the_same_time) {
  ParallelRun run;
  std::vector<std::unique_ptr<std::latch>> met;
  for (int i = 0; i < 3; ++i) met.push_back(std::make_unique<std::latch>(2));
  const auto meet = [&](const Point& p) -> Row {
    met[p.index()]->arrive_and_wait();
    return {};
  };
  run.acquire("x", meet, {.uses = {"a"}});
  run.acquire("y", meet, {.uses = {"b"}});
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(result.experiment->row_count(), 3u);
}

TEST(Parallel, those_that_share_an_instrument_follow_each_other_and_each_stays_on_one_thread) {
  ParallelRun run;
  std::mutex mutex;
  std::vector<std::string> calls;
  std::map<std::string, std::set<std::thread::id>> threads;
  const auto call = [&](const std::string& name) {
    return [&, name](const Point&) -> Row {
      const std::scoped_lock lock(mutex);
      calls.push_back(name);
      threads[name].insert(std::this_thread::get_id());
      return {};
    };
  };
  run.acquire("x1", call("x1"), {.uses = {"a"}});
  run.acquire("y", call("y"), {.uses = {"b"}});
  run.acquire("x2", call("x2"), {.uses = {"a"}});
  run.acquire("all", call("all"));
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  ASSERT_EQ(calls.size(), 12u);
  for (std::size_t row = 0; row < 3; ++row) {
    const auto first = calls.begin() + static_cast<std::ptrdiff_t>(row) * 4;
    EXPECT_LT(std::find(first, first + 4, "x1"), std::find(first, first + 4, "x2"));
    EXPECT_EQ(*(first + 3), "all");
  }
  EXPECT_EQ(threads["x1"], threads["x2"]);
  EXPECT_EQ(threads["y"].size(), 1u);
}

TEST(Parallel, the_table_is_as_if_they_had_followed_each_other) {
  std::string tables[2];
  for (const bool parallel : {false, true}) {
    ParallelRun run(true);
    run.request.options.parallel = parallel;
    const auto measure = [&](const char* key, Duration takes) {
      return [&run, key, takes](const Point& p) -> Row {
        run.wait(takes);
        return {{key, p.index()}, {"same", p.index() + 10}};
      };
    };
    run.acquire("slow", measure("s", 30ms), {.uses = {"a"}});
    run.acquire("quick", measure("q", 1ms), {.uses = {"b"}});
    run.acquire("sum", [](const Point& p) -> Row {
      return {{"sum", static_cast<std::int64_t>(*detail::number_at(p, "s") + *detail::number_at(p, "q"))}};
    });
    run.acquire("bad",
                [](const Point& p) -> Row {
                  if (p.index() == 1) throw std::runtime_error("no");
                  return {{"b", 1}};
                },
                {.on_error = OnError::skip, .uses = {"a"}});
    run.acquire("last", measure("l", 2ms), {.uses = {"c"}});
    run.derive("d", [](const Point& p) -> Row { return {{"d", static_cast<std::int64_t>(p.row().size())}}; });
    const RunResult result = run.run();
    ASSERT_FALSE(result.error) << run.error_of(result);
    tables[parallel ? 1 : 0] = text_of_cells(*result.experiment);
  }
  EXPECT_EQ(tables[1], tables[0]);
  EXPECT_NE(tables[0], "");
}

TEST(Parallel, two_readings_of_100_ms_take_100_ms_in_virtual_time_and_each_tells_when_it_ended) {
  ParallelRun run(true);
  const auto reading = [&](Duration takes) {
    return [&run, takes](const Point&) -> Row {
      run.wait(takes);
      return {{"x", 1}};
    };
  };
  run.acquire("x", reading(100ms), {.uses = {"a"}});
  run.acquire("y", reading(60ms), {.uses = {"b"}});
  run.acquire("z", reading(30ms), {.uses = {"b"}});
  int calls = 0;
  run.request.tasks.push_back(
      {.name = "beside", .work = [&](std::stop_token) { ++calls; }, .takes_stop = false, .every = 10ms});
  const std::int64_t start = run.clock().monotonic();
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(run.clock().monotonic() - start, 300'000'000);
  const Experiment timing = result.experiment->timing();
  const std::int64_t began = timing.column<std::int64_t>("started")[1];
  EXPECT_EQ(timing.column<std::int64_t>("x.finished")[1] - began, 100'000'000);
  EXPECT_EQ(timing.column<std::int64_t>("y.finished")[1] - began, 60'000'000);
  EXPECT_EQ(timing.column<std::int64_t>("z.finished")[1] - began, 90'000'000);
}

TEST(Parallel, errors_of_several_are_all_told_the_first_registered_first) {
  ParallelRun run;
  std::latch both(2);
  const auto fail = [&](const char* text) {
    return [&, text](const Point&) -> Row {
      both.arrive_and_wait();
      throw std::runtime_error(text);
    };
  };
  run.acquire("fine", [](const Point&) -> Row { return {{"f", 1}}; }, {.uses = {"c"}});
  run.acquire("x", fail("broken x"), {.uses = {"a"}});
  run.acquire("y", fail("broken y"), {.uses = {"b"}});
  const RunResult result = run.run();
  EXPECT_EQ(result.state, RunState::failed);
  EXPECT_TRUE(says(run.error_of(result), "acquisition 'x' failed at point 0"));
  try {
    std::rethrow_exception(result.error);
  } catch (const MeasurementError& error) {
    ASSERT_EQ(error.attached().size(), 1u);
    EXPECT_EQ(error.attached()[0], "acquisition 'y' failed too: broken y");
  }
  EXPECT_EQ(result.experiment->row_count(), 0u);
  EXPECT_TRUE(says(events_of(result), R"("results":{"fine":{"f":1}})"));
}

TEST(Parallel, an_abort_cuts_the_waits_of_all_short) {
  ParallelRun run;
  std::atomic<int> waiting{0};
  const auto wait = [&](const Point&) -> Row {
    ++waiting;
    run.clock().wait_until(INT64_MAX, run.control.abort_token());
    throw Interrupted("cut short");
  };
  run.acquire("x", wait, {.uses = {"a"}});
  run.acquire("y", wait, {.uses = {"b"}});
  const std::jthread aborter([&] {
    await([&] { return waiting == 2; });
    run.control.abort();
  });
  const RunResult result = run.run();
  EXPECT_EQ(result.state, RunState::aborted);
  EXPECT_EQ(result.experiment->row_count(), 0u);
}

TEST(Parallel, a_stop_lets_the_point_end) {
  ParallelRun run;
  run.acquire("x",
              [&](const Point&) -> Row {
                run.control.stop();
                return {{"x", 1}};
              },
              {.uses = {"a"}});
  run.acquire("y", [](const Point&) -> Row { return {{"y", 2}}; }, {.uses = {"b"}});
  const RunResult result = run.run();
  EXPECT_EQ(result.state, RunState::stopped);
  EXPECT_EQ(text_of_cells(*result.experiment), "v=? x=1 y=2 \n");
}

TEST(Parallel, an_acquisition_that_hangs_after_an_abort_is_let_go_of_where_its_thread_may_be) {
  auto release = std::make_shared<std::stop_source>();
  std::atomic<int> threads{0};
  {
    ParallelRun run;
    std::atomic<bool> hangs{false};
    run.acquire("fine", [](const Point&) -> Row { return {}; }, {.uses = {"a"}});
    run.acquire("deaf",
                [&hangs, release](const Point&) -> Row {
                  hangs = true;
                  base::system_clock().wait_until(INT64_MAX, release->get_token());
                  return {{"late", 1}};
                },
                {.uses = {"b"}});
    run.request.options.grace = 50ms;
    run.request.launch = [&](const std::string&, std::function<void()> body) {
      ++threads;
      std::thread([&threads, body = std::move(body)]() mutable {
        body();
        body = nullptr;
        --threads;
      }).detach();
    };
    const std::jthread aborter([&] {
      await([&] { return hangs.load(); });
      run.control.abort();
    });
    const RunResult result = run.run();
    EXPECT_EQ(result.state, RunState::aborted);
    try {
      std::rethrow_exception(result.error);
    } catch (const Error& error) {
      ASSERT_EQ(error.attached().size(), 1u);
      EXPECT_TRUE(says(error.attached()[0], "acquisition 'deaf' did not end within its grace of 0.05 s"));
    }
  }
  release->request_stop();
  await([&] { return threads == 0; });
}

TEST(Parallel, in_a_timed_run_those_alone_measure_that_are_due) {
  ParallelRun run(true);
  run.request.parameters.clear();
  run.acquire("x", [](const Point& p) -> Row { return {{"x", p.index()}}; }, {.interval = 20ms, .uses = {"a"}});
  run.acquire("y", [](const Point& p) -> Row { return {{"y", p.index()}}; }, {.interval = 30ms, .uses = {"b"}});
  run.request.options.duration = 60ms;
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(text_of_cells(*result.experiment), "x=0 y=0 \nx=1 y=- \nx=- y=2 \nx=3 y=- \n");
}

TEST(Parallel, an_instrument_that_is_not_there_is_refused) {
  ParallelRun run;
  run.acquire("x", nothing, {.uses = {"dmm"}});
  try {
    check(run.request);
    FAIL() << "accepted";
  } catch (const ConfigurationError& error) {
    EXPECT_TRUE(says(error.what(), "acquisition 'x' says that it uses 'dmm', which is no instrument of this session"));
  }
}

}  // namespace
}  // namespace wheatstone::session
