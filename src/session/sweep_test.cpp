#include <gtest/gtest.h>

#include <wheatstone/error.hpp>
#include <wheatstone/reading.hpp>

#include "session/fake_run.hpp"

namespace wheatstone::session {
namespace {

using Names = std::vector<std::string>;

TEST(Sweep, visits_the_grid_and_keeps_parameters_timestamp_and_results_in_that_order) {
  FakeRun run;
  run.vary("v", {1, 2, 3});
  run.vary("i", {0.1, 0.2});
  run.acquire("measure", [](const Point& p) -> Row {
    return {{"power", *p["v"].get_if<double>() * *p["i"].get_if<double>()}, {"n", p.index()}};
  });
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(result.state, RunState::finished);
  const Experiment& e = *result.experiment;
  EXPECT_EQ(e.row_count(), 6u);
  EXPECT_EQ(column_names(e), (Names{"v", "i", "timestamp", "power", "n"}));
  EXPECT_EQ(e.column<double>("v"), (std::vector<double>{1, 1, 2, 2, 3, 3}));
  EXPECT_EQ(e.column<double>("i"), (std::vector<double>{0.1, 0.2, 0.1, 0.2, 0.1, 0.2}));
  EXPECT_EQ(e.column<std::int64_t>("n"), (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(Experiment::open(e.folder()).row_count(), 6u);
}

TEST(Sweep, prefixes_a_result_whose_name_is_taken) {
  FakeRun run;
  run.vary("v", {1});
  run.acquire("first", [](const Point&) -> Row { return {{"v", 10.0}, {"x", 1.0}}; });
  run.acquire("second", [](const Point& p) -> Row {
    return {{"x", *p.row().find("x")->get_if<double>() + 1}, {"timestamp", 0.5}};
  });
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(column_names(*result.experiment),
            (Names{"v", "timestamp", "first.v", "x", "second.x", "second.timestamp"}));
  EXPECT_EQ(result.experiment->column<double>("second.x"), std::vector<double>{2.0});
}

TEST(Sweep, prefixes_a_result_that_is_named_as_its_timing_or_its_errors_are) {
  FakeRun run;
  run.vary("v", {1});
  run.acquire("m", [](const Point&) -> Row { return {{"timing.slot", 7}, {"slot", 8}, {"m.error", 9}}; },
              {.on_error = OnError::skip});
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(column_names(*result.experiment),
            (Names{"v", "timestamp", "m.timing.slot", "slot", "m.m.error", "m.error"}));
  EXPECT_EQ(result.experiment->column<std::int64_t>("m.timing.slot"), std::vector<std::int64_t>{7});
  EXPECT_EQ(result.experiment->timing().column<std::int64_t>("slot"), std::vector<std::int64_t>{0});
  FakeRun parameter;
  parameter.vary("timing.slot", {1});
  parameter.acquire("m", [](const Point&) -> Row { return {{"x", 1}}; });
  EXPECT_THROW(check(parameter.request), ConfigurationError);
}

TEST(Sweep, puts_uncertainties_beside_their_values_and_late_columns_last) {
  FakeRun run;
  run.vary("k", {0, 1});
  run.acquire("a", [](const Point& p) -> Row {
    Row row{{"v", Reading{.value = 2, .unit = "V", .uncertainty = 1e-3}}};
    if (p.index() == 1) row.set("late", 5.0);
    return row;
  });
  run.acquire("b", [](const Point&) -> Row { return {{"w", 1}}; });
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(column_names(*result.experiment), (Names{"k", "timestamp", "v", "v_uncertainty", "w", "late"}));
  EXPECT_EQ(result.experiment->unit("v"), Unit("V"));
  EXPECT_TRUE(result.experiment->at(0, "late").is_null());
  EXPECT_EQ(result.experiment->at(1, "late").get_if<double>() != nullptr, true);
}

TEST(Sweep, keeps_the_rows_before_a_failing_acquisition) {
  FakeRun run;
  run.vary("v", {0, 1, 2, 3, 4, 5, 6, 7, 8});
  run.acquire("measure", [](const Point& p) -> Row {
    if (p.index() == 5) throw std::runtime_error("the fuse is blown");
    return {{"x", p.index()}};
  });
  bool made_safe = false;
  run.request.safe_steps = {
      {.name = "make 'psu' safe", .limit = std::chrono::seconds(1), .work = [&] { made_safe = true; }}};
  const RunResult result = run.run();
  EXPECT_EQ(result.state, RunState::failed);
  EXPECT_TRUE(made_safe);
  try {
    std::rethrow_exception(result.error);
  } catch (const MeasurementError& error) {
    EXPECT_EQ(error.experiment().row_count(), 5u);
    EXPECT_NE(std::string(error.what()).find("'measure' failed at point 5 (v = 5): the fuse is blown; rows kept: 5"),
              std::string::npos)
        << error.what();
    EXPECT_THROW(std::rethrow_exception(error.cause()), std::runtime_error);
    EXPECT_EQ(error.point(), 5u);
    EXPECT_EQ(*error.parameters()->find("v")->get_if<double>(), 5.0);
  }
  const Experiment again = Experiment::open(result.experiment->folder());
  EXPECT_EQ(again.row_count(), 5u);
  EXPECT_EQ(again.state(), RunState::failed);
}

TEST(Sweep, tells_its_events_what_an_interrupted_point_had_measured) {
  FakeRun run;
  run.vary("v", {3, 4});
  run.acquire("first", [](const Point& p) -> Row { return {{"kept", *p["v"].get_if<double>() * 7}}; });
  run.acquire("second", [](const Point& p) -> Row {
    if (p.index() == 1) throw std::runtime_error("broken");
    return {};
  });
  const RunResult result = run.run();
  std::string events;
  for (const std::string& line : result.experiment->events()) events += line + "\n";
  EXPECT_NE(events.find(R"("event":"interrupted_point")"), std::string::npos) << events;
  EXPECT_NE(events.find(R"("kept":28.0)"), std::string::npos) << events;
  EXPECT_NE(events.find(R"("event":"ended_early")"), std::string::npos) << events;
}

TEST(Sweep, widens_an_integer_column_without_losing_a_digit) {
  FakeRun run;
  std::vector<double> many(10'050);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<double>(i);
  run.vary("k", many);
  run.acquire("m", [](const Point& p) -> Row {
    if (p.index() < 10'000) return {{"x", p.index()}};
    return {{"x", 2.5}};
  });
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  const std::vector<double> x = result.experiment->column<double>("x");
  EXPECT_EQ(x[9'999], 9'999.0);
  EXPECT_EQ(x[10'000], 2.5);
  EXPECT_EQ(x.size(), 10'050u);
}

TEST(Sweep, refuses_text_in_a_column_of_numbers_by_name_and_keeps_earlier_rows) {
  FakeRun run;
  run.vary("k", {0, 1, 2});
  run.acquire("m", [](const Point& p) -> Row {
    if (p.index() < 2) return {{"x", 1.5}};
    return {{"x", "OVLD"}};
  });
  const RunResult result = run.run();
  EXPECT_THROW(std::rethrow_exception(result.error), DataError);
  const std::string text = run.error_of(result);
  EXPECT_NE(text.find("'x'"), std::string::npos) << text;
  EXPECT_EQ(Experiment::open(result.experiment->folder()).row_count(), 2u);
}

TEST(Sweep, refuses_a_unit_that_changes) {
  FakeRun run;
  run.vary("k", {0, 1});
  run.acquire("m", [](const Point& p) -> Row { return {{"x", Value::measured(1.0, p.index() == 0 ? "V" : "A")}}; });
  const RunResult result = run.run();
  EXPECT_THROW(std::rethrow_exception(result.error), DataError);
  EXPECT_NE(run.error_of(result).find("from 'V' to 'A'"), std::string::npos);
}

TEST(Sweep, waits_for_a_parameter_to_settle_only_where_it_changed) {
  FakeRun run(true);
  run.vary("outer", {0, 1}, {.settle = std::chrono::seconds(10)});
  run.vary("inner", {0, 1, 2});
  run.acquire("m", [&](const Point&) -> Row {
    return {{"t", Duration(std::chrono::nanoseconds(run.clock().monotonic())).seconds()}};
  });
  const RunResult result = run.run();
  ASSERT_FALSE(result.error) << run.error_of(result);
  EXPECT_EQ(result.experiment->column<double>("t"), (std::vector<double>{11, 11, 11, 21, 21, 21}));
}

void expect_refused(FakeRun& run, std::string_view words) {
  try {
    run.run();
    FAIL() << "was not refused: " << words;
  } catch (const ConfigurationError& error) {
    EXPECT_NE(std::string_view(error.what()).find(words), std::string_view::npos) << error.what();
  }
  EXPECT_FALSE(std::filesystem::exists(run.request.store)) << "a refused run has left a folder";
}

TEST(Request, is_refused_before_anything_moves) {
  const auto nothing = [](const Point&) -> Row { return {}; };
  FakeRun none;
  none.acquire("m", nothing);
  expect_refused(none, "neither a parameter to sweep nor a duration");
  FakeRun idle;
  idle.vary("v", {1});
  expect_refused(idle, "no acquisition");
  FakeRun interval;
  interval.vary("v", {1});
  interval.acquire("m", nothing);
  interval.request.options.interval = std::chrono::seconds(1);
  expect_refused(interval, "an interval without a duration");
  FakeRun cycle;
  cycle.vary("v", {1});
  cycle.acquire("m", nothing);
  cycle.request.options.cycle = true;
  expect_refused(cycle, "cycle without a duration or count");
  FakeRun slots;
  slots.vary("v", {1});
  slots.acquire("m", nothing);
  slots.request.options.overrun = Overrun::catch_up;
  expect_refused(slots, "overrun without a duration or count");
  FakeRun zero;
  zero.acquire("m", nothing);
  zero.request.options.duration = std::chrono::seconds(0);
  expect_refused(zero, "the duration is 0 s");
  FakeRun negative;
  negative.acquire("m", nothing);
  negative.request.options.duration = std::chrono::seconds(1);
  negative.request.options.interval = std::chrono::seconds(-1);
  expect_refused(negative, "the interval is -1 s");
}

struct ProposesNothing final : AdaptivePlan {
  std::optional<Row> ask() override { return std::nullopt; }
  void tell(const Point&, const Row&) override {}
  std::string description() const override { return "nothing"; }
};

TEST(Sweep, without_a_row_at_its_end_says_so) {
  FakeRun adaptive;
  adaptive.vary("v", {1, 2});
  adaptive.acquire("m", [](const Point&) -> Row { return {{"x", 1}}; });
  adaptive.request.options.order = std::make_shared<ProposesNothing>();
  const RunResult none = adaptive.run();
  EXPECT_EQ(none.state, RunState::finished);
  EXPECT_EQ(none.warnings, (Names{"the run 'test' finished without a row: the adaptive plan proposed no point"}));
  const auto events = events_of(*none.experiment, "warning");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].text({"text"}), none.warnings[0]);

  FakeRun many;  // more points than are looked at beforehand
  many.request.parameters.push_back({"n", linspace(0, 1, 200'000).values(), {}});
  many.acquire("m", [](const Point&) -> Row { return {{"x", 1}}; });
  many.request.constraints = {{.name = "never", .holds = [](const Point&) { return false; }}};
  EXPECT_EQ(many.run().warnings, (Names{"the run 'test' finished without a row: constraint 'never' left no point"}));

  FakeRun timed(true);
  timed.request.options.duration = std::chrono::milliseconds(10);
  timed.acquire("m", [](const Point&) -> Row { return {{"x", 1}}; }, {.trigger = [] { return false; }});
  EXPECT_EQ(timed.run().warnings, (Names{"the run 'test' finished without a row: no trigger fired while it lasted"}));
}

TEST(Sweep, that_was_stopped_before_its_first_row_has_nothing_to_warn_of) {
  FakeRun run;
  run.vary("v", {1, 2});
  run.acquire("m", [](const Point&) -> Row { return {{"x", 1}}; });
  run.control.stop();
  const RunResult result = run.run();
  EXPECT_EQ(result.state, RunState::stopped);
  EXPECT_TRUE(result.warnings.empty());
}

}  // namespace
}  // namespace wheatstone::session
