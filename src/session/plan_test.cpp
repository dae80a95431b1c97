// Orders, constraints and ends as a C++ program asks for them.

#include <gtest/gtest.h>
#include <unistd.h>

#include <sstream>
#include <wheatstone/wheatstone.hpp>

namespace wheatstone {
namespace {

using Numbers = std::vector<double>;
using Wholes = std::vector<std::int64_t>;

/// A session in a store that is deleted afterwards.
class FakeLaboratory {
 public:
  FakeLaboratory()
      : store_(std::filesystem::temp_directory_path() /
               ("wheatstone-plan-test-" + std::to_string(::getpid()) + "-" + std::to_string(count_++))),
        session("plan", {.store = store_}) {}
  ~FakeLaboratory() { std::filesystem::remove_all(store_); }
  FakeLaboratory(const FakeLaboratory&) = delete;
  FakeLaboratory& operator=(const FakeLaboratory&) = delete;

  /// What a run is refused with, before it has left anything behind.
  std::string refusal_of(const RunOptions& options) {
    try {
      session.run(options);
    } catch (const ConfigurationError& error) {
      EXPECT_FALSE(std::filesystem::exists(store_)) << "a refused run has left a folder";
      return error.what();
    }
    return "";
  }

 private:
  std::filesystem::path store_;
  static inline int count_ = 0;

 public:
  MeasurementSession session;
};

#define EXPECT_SAYS(text, words) EXPECT_NE(std::string(text).find(words), std::string::npos) << (text)

TEST(Orders, are_taken_by_run_options) {
  FakeLaboratory lab;
  auto a = lab.session.parameter("a", {1, 2, 3});
  auto b = lab.session.parameter("b", {10, 20, 30});
  lab.session.acquire("m", [=](const Point& p) -> Row { return {{"sum", p[a] + p[b]}}; });
  EXPECT_EQ(lab.session.run({.order = Order::zip}).column<std::int64_t>("sum"), (Wholes{11, 22, 33}));
  EXPECT_EQ(lab.session.run({.order = Order::snake}).column<std::int64_t>("sum"),
            (Wholes{11, 21, 31, 32, 22, 12, 13, 23, 33}));
  EXPECT_EQ(lab.session.run({.order = Order::up_down}).row_count(), 15u);
  const Experiment drawn = lab.session.run({.order = Order::random, .order_seed = 4});
  EXPECT_EQ(drawn.row_count(), 9u);
  EXPECT_EQ(lab.session.run({.order = Order::random, .order_seed = 4}).column<std::int64_t>("sum"),
            drawn.column<std::int64_t>("sum"));
  EXPECT_SAYS(drawn.metadata(), R"("order_seed": 4)");
  EXPECT_SAYS(drawn.metadata(), R"("order": "random")");
}

TEST(Orders, that_are_random_without_a_seed_draw_one_and_keep_it) {
  FakeLaboratory lab;
  lab.session.parameter("a", linspace(0, 1, 50));
  lab.session.acquire("m", [] { return Row{{"x", 1}}; });
  const Experiment first = lab.session.run({.order = Order::random});
  const Experiment second = lab.session.run({.order = Order::random});
  EXPECT_NE(first.column<double>("a"), second.column<double>("a"));
  EXPECT_SAYS(first.metadata(), "order_seed");
}

TEST(Points, one_by_one_need_no_values) {
  FakeLaboratory lab;
  auto a = lab.session.parameter<double>("a", "V");
  auto n = lab.session.parameter<std::int64_t>("n");
  lab.session.acquire("m", [=](const Point& p) -> Row { return {{"product", p[a] * static_cast<double>(p[n])}}; });
  const std::vector<Row> points = {{{"n", 2}, {"a", 1.5}}, {{"n", 3}, {"a", 2}}};
  const Experiment experiment = lab.session.run({.order = points});
  EXPECT_EQ(experiment.column<double>("product"), (Numbers{3, 6}));
  EXPECT_EQ(experiment.unit("a"), Unit("V"));
  EXPECT_SAYS(lab.session.run({.order = points, .repeat = 2}).metadata(), R"("points": 2)");
}

TEST(Points, are_refused_before_anything_moves) {
  FakeLaboratory lab;
  lab.session.parameter<double>("a");
  lab.session.acquire("m", [] { return Row{{"x", 1}}; });
  EXPECT_SAYS(lab.refusal_of({}), "parameter 'a' has no values of its own");
  EXPECT_SAYS(lab.refusal_of({.order = PointList{.names = {"b"}, .points = {{1.0}}}}), "no parameter");
  EXPECT_SAYS(lab.refusal_of({.order_seed = 3}), "order_seed");
  EXPECT_SAYS(lab.refusal_of({.repeat = 0}), "repeat is 0");
}

TEST(Parameters, may_depend_on_outer_ones) {
  FakeLaboratory lab;
  auto outer = lab.session.parameter("outer", {1.0, 2.0});
  auto inner = lab.session.parameter("inner", [=](const Point& p) { return linspace(0, p[outer], 3); }, "A");
  lab.session.acquire("m", [=](const Point& p) -> Row { return {{"x", p[inner]}}; });
  const Experiment experiment = lab.session.run();
  EXPECT_EQ(experiment.column<double>("inner"), (Numbers{0, 0.5, 1, 0, 1, 2}));
  EXPECT_EQ(experiment.unit("inner"), Unit("A"));
  EXPECT_SAYS(experiment.metadata(), R"("values_are": "dependent")");
}

TEST(Parameters, that_ask_for_inner_ones_end_the_run_with_a_sentence) {
  FakeLaboratory lab;
  std::optional<Parameter<double>> later;
  lab.session.parameter("outer", [&](const Point& p) { return std::vector<double>{p[*later]}; });
  later = lab.session.parameter("inner", {1.0});
  lab.session.acquire("m", [] { return Row{{"x", 1}}; });
  try {
    lab.session.run();
    FAIL();
  } catch (const MeasurementError& error) {
    EXPECT_SAYS(error.what(), "making the values of parameter 'outer' failed");
    EXPECT_SAYS(error.what(), "parameter 'inner' has no value here");
  }
}

TEST(Parameters, may_be_endless_where_they_are_outermost) {
  FakeLaboratory lab;
  auto n = lab.session.parameter("n", std::views::iota(5));
  auto k = lab.session.parameter("k", [next = 0]() mutable { return next < 2 ? std::optional(next++) : std::nullopt; });
  lab.session.acquire("m", [=](const Point& p) -> Row { return {{"x", p[n] * 10 + p[k]}}; });
  const RunOptions until_71{.until = [](const Row& row) { return *row.find("x")->get_if<std::int64_t>() == 71; }};
  EXPECT_EQ(lab.session.run(until_71).column<std::int64_t>("x"), (Wholes{50, 51, 60, 61, 70, 71}));
  EXPECT_EQ(lab.session.run(until_71).row_count(), 6u) << "pulled values are kept for the second run";
}

TEST(Parameters, of_a_range_that_is_walked_once_are_pulled) {
  FakeLaboratory lab;
  std::istringstream numbers("1.5 2.5 4");
  auto v = lab.session.parameter("v", std::views::istream<double>(numbers));
  lab.session.acquire("m", [=](const Point& p) -> Row { return {{"x", p[v]}}; });
  EXPECT_EQ(lab.session.run().column<double>("x"), (Numbers{1.5, 2.5, 4}));
}

TEST(Parameters, take_the_unit_of_a_series_unless_given_one) {
  FakeLaboratory lab;
  lab.session.parameter("v", linspace(0, 1, 2, "V"));
  lab.session.parameter("i", linspace(0, 1, 2, "V"), "A");
  lab.session.acquire("m", [] { return Row{{"x", 1}}; });
  const Experiment experiment = lab.session.run();
  EXPECT_EQ(experiment.unit("v"), Unit("V"));
  EXPECT_EQ(experiment.unit("i"), Unit("A"));
  EXPECT_SAYS(experiment.metadata(), R"x("rule": "linspace(0, 1, 2)")x");
}

TEST(Plans, that_throw_end_the_run_with_their_name_and_keep_the_rows) {
  FakeLaboratory lab;
  lab.session.parameter("v", [next = 0]() mutable -> std::optional<double> {
    if (next == 3) throw std::runtime_error("the list is torn");
    return next++;
  });
  lab.session.acquire("m", [] { return Row{{"x", 1}}; });
  try {
    lab.session.run();
    FAIL();
  } catch (const MeasurementError& error) {
    EXPECT_SAYS(error.what(), "making the values of parameter 'v' failed at v = 2: the list is torn");
    EXPECT_EQ(error.experiment().row_count(), 3u);
    EXPECT_EQ(Experiment::open(error.experiment().folder()).state(), RunState::failed);
  }
  try {
    lab.session.run({.order = std::vector<Row>{{{"v", 1.0}}},
                     .until = [](const Row&) -> bool { throw std::runtime_error("undecided"); }});
    FAIL();
  } catch (const MeasurementError& error) {
    EXPECT_SAYS(error.what(), "the condition of until failed at v = 1: undecided");
    EXPECT_EQ(error.experiment().row_count(), 1u);
  }
}

TEST(Constraints, pass_over_points_and_are_named_in_the_document) {
  FakeLaboratory lab;
  auto v = lab.session.parameter("v", {1, 2, 3});
  auto i = lab.session.parameter("i", {1, 2, 3});
  lab.session.constrain("power", [=](const Point& p) { return p[v] * p[i] <= 3; });
  lab.session.acquire("m", [=](const Point& p) -> Row { return {{"power", p[v] * p[i]}, {"at", p.index()}}; });
  const Experiment experiment = lab.session.run();
  EXPECT_EQ(experiment.column<std::int64_t>("power"), (Wholes{1, 2, 3, 2, 3}));
  EXPECT_EQ(experiment.column<std::int64_t>("at"), (Wholes{0, 1, 2, 3, 4}));
  EXPECT_SAYS(experiment.metadata(), R"("power")");
}

TEST(Constraints, that_leave_no_point_are_refused_with_how_many_each_refused) {
  FakeLaboratory lab;
  auto a = lab.session.parameter("a", {1, 2, 3});
  int measured = 0;
  lab.session.acquire("m", [&](const Point&) -> Row { return {{"n", ++measured}}; });
  lab.session.constrain("odd", [=](const Point& p) { return p[a] % 2 == 1; });
  lab.session.constrain("even", [=](const Point& p) { return p[a] % 2 == 0; });
  EXPECT_SAYS(lab.refusal_of({}),
              "no point is left: constraint 'odd' refused 1 and constraint 'even' refused 2; loosen");
  EXPECT_SAYS(lab.refusal_of({.order = Order::random, .repeat = 4}),
              "'odd' refused 1 and constraint 'even' refused 2;");
  EXPECT_SAYS(lab.refusal_of({.interval = std::chrono::milliseconds(1), .count = 2, .cycle = true}),
              "no point is left");
  EXPECT_EQ(measured, 0);
}

TEST(Constraints, that_leave_the_last_point_are_asked_again_for_it) {
  FakeLaboratory lab;
  auto a = lab.session.parameter("a", linspace(0, 9'999, 10'000));
  lab.session.acquire("m", [](const Point&) -> Row { return {{"x", 1}}; });
  lab.session.constrain("last", [=](const Point& p) { return p[a] == 9'999; });
  EXPECT_EQ(lab.session.run().column<double>("a"), (Numbers{9'999}));
}

TEST(Until, sees_the_row_as_its_columns_are_named_and_ends_the_run_as_finished) {
  FakeLaboratory lab;
  lab.session.parameter("v", linspace(1, 100, 100));
  lab.session.acquire("first", [](const Point& p) -> Row { return {{"x", p["v"]}}; });
  lab.session.acquire("second", [] { return Row{{"x", 7}}; });
  std::vector<std::string> names;
  const Experiment experiment = lab.session.run({.until = [&](const Row& row) {
    names.clear();
    for (const Row::Entry& entry : row) names.push_back(entry.key);
    return *row.find("x")->get_if<double>() >= 5;
  }});
  EXPECT_EQ(names, (std::vector<std::string>{"v", "timestamp", "x", "second.x"}));
  EXPECT_EQ(experiment.row_count(), 5u);
  EXPECT_EQ(experiment.state(), RunState::finished);
}

TEST(Until, ends_a_timed_run_at_once) {
  FakeLaboratory lab;
  lab.session.acquire("m", [](const Point& p) -> Row { return {{"x", p.index()}}; });
  const Experiment experiment = lab.session.run(
      {.duration = std::chrono::hours(1), .interval = std::chrono::milliseconds(1), .until = [](const Row& row) {
         return *row.find("x")->get_if<std::int64_t>() == 2;
       }});
  EXPECT_EQ(experiment.row_count(), 3u);
}

TEST(Repetitions, are_told_in_the_timing) {
  FakeLaboratory lab;
  lab.session.parameter("v", {1, 2});
  lab.session.acquire("m", [](const Point& p) -> Row { return {{"which", p.repetition()}}; });
  const Experiment experiment = lab.session.run({.repeat = 3});
  EXPECT_EQ(experiment.column<std::int64_t>("v"), (Wholes{1, 2, 1, 2, 1, 2}));
  EXPECT_EQ(experiment.column<std::int64_t>("which"), (Wholes{0, 0, 1, 1, 2, 2}));
  EXPECT_EQ(experiment.timing().column<std::int64_t>("repetition"), (Wholes{0, 0, 1, 1, 2, 2}));
  const Experiment cycled = lab.session.run(
      {.interval = std::chrono::milliseconds(1), .count = 5, .cycle = true, .overrun = Overrun::catch_up});
  EXPECT_EQ(cycled.timing().column<std::int64_t>("repetition"), (Wholes{0, 0, 1, 1, 2}));
}

/// Proposes one more each time, without end.
class FakeEndless final : public AdaptivePlan {
 public:
  std::optional<Row> ask() override { return Row{{"v", static_cast<double>(told)}}; }
  void tell(const Point& point, const Row& row) override {
    EXPECT_EQ(point.index(), told);
    EXPECT_EQ(*row.find("twice")->get_if<double>(), 2.0 * static_cast<double>(told));
    ++told;
  }
  std::string description() const override { return "endless()"; }
  std::uint64_t told = 0;
};

TEST(Adaptive, plans_are_told_each_row_and_can_be_stopped) {
  FakeLaboratory lab;
  auto v = lab.session.parameter<double>("v", "V");
  lab.session.acquire("m", [&lab, v](const Point& p) -> Row {
    if (p.index() == 41) lab.session.stop();
    return {{"twice", 2 * p[v]}};
  });
  const auto plan = std::make_shared<FakeEndless>();
  const Experiment experiment = lab.session.run({.order = plan});
  EXPECT_EQ(experiment.row_count(), 42u);
  EXPECT_EQ(plan->told, 42u);
  EXPECT_EQ(experiment.state(), RunState::stopped);
  EXPECT_SAYS(experiment.metadata(), R"x("adaptive": "endless()")x");
}

}  // namespace
}  // namespace wheatstone
