#include "plan/make_plan.hpp"

#include <gtest/gtest.h>

#include <wheatstone/adaptive.hpp>
#include <wheatstone/error.hpp>

#include "plan/fake_values.hpp"

namespace wheatstone::plan {
namespace {

constexpr std::size_t k_endless = static_cast<std::size_t>(-1);

PlanRequest request_for(std::vector<Source> values, Order order = Order::grid) {
  PlanRequest request;
  request.names = place_for(values.size()).names;
  request.values = std::move(values);
  request.order = std::move(order);
  return request;
}

Visited visited_by(const PlanRequest& request, std::size_t most = 100'000) {
  Place place = place_for(request.names.size());
  return walk(*make_plan(request), place, most);
}

std::string refusal_of(const PlanRequest& request) {
  try {
    (void)make_plan(request);
  } catch (const ConfigurationError& error) {
    return error.what();
  }
  return "";
}

#define EXPECT_SAYS(text, words) EXPECT_NE(std::string(text).find(words), std::string::npos) << (text)

Source triangle() {
  return std::make_shared<FakeDependent>([](const Point& outer) {
    std::vector<double> values;
    for (double v = 1; v <= number(outer, "a"); ++v) values.push_back(10 * v);
    return values;
  });
}

TEST(Nested, makes_inner_values_of_the_outer_ones) {
  const PlanRequest request = request_for({listed({1, 2, 3}), triangle()});
  EXPECT_EQ(visited_by(request), (Visited{{1, 10}, {2, 10}, {2, 20}, {3, 10}, {3, 20}, {3, 30}}));
  EXPECT_EQ(make_plan(request)->size(), std::nullopt);
}

TEST(Nested, has_no_points_where_there_are_no_inner_values) {
  EXPECT_EQ(visited_by(request_for({listed({0, 2, 0}), triangle()})), (Visited{{2, 10}, {2, 20}}));
  EXPECT_EQ(visited_by(request_for({listed({0, 0}), triangle()})), Visited{});
  EXPECT_EQ(visited_by(request_for({listed({0, 1}), triangle(), listed({7, 8})})), (Visited{{1, 10, 7}, {1, 10, 8}}));
}

TEST(Nested, goes_to_and_fro_as_a_snake) {
  EXPECT_EQ(visited_by(request_for({listed({1, 2, 3}), triangle()}, Order::snake)),
            (Visited{{1, 10}, {2, 20}, {2, 10}, {3, 10}, {3, 20}, {3, 30}}));
}

TEST(Nested, is_the_snake_where_nothing_depends) {
  const auto constant = [] {
    return std::make_shared<FakeDependent>([](const Point&) { return std::vector<double>{5, 6, 7}; });
  };
  const Visited snake =
      visited_by(request_for({listed({1, 2, 3}), listed({5, 6, 7}), listed({5, 6, 7})}, Order::snake));
  EXPECT_EQ(visited_by(request_for({listed({1, 2, 3}), constant(), constant()}, Order::snake)), snake);
}

TEST(Nested, tells_what_is_new_and_goes_on_anywhere) {
  const PlanRequest request = request_for({listed({1, 3}), triangle(), listed({7, 8})});
  const Visited all = visited_by(request);
  for (std::size_t k = 0; k < all.size(); ++k) {
    const auto plan = make_plan(request);
    Place place = place_for(3);
    plan->skip(k, place);
    ASSERT_TRUE(plan->next(place));
    EXPECT_EQ(numbers_of(place), all[k]);
    EXPECT_EQ(place.changed.size(), 3u);
    if (k + 1 == all.size()) continue;
    ASSERT_TRUE(plan->next(place));
    std::vector<std::size_t> changed;
    for (std::size_t j = 0; j < 3; ++j) {
      if (all[k][j] != all[k + 1][j]) changed.push_back(j);
    }
    EXPECT_EQ(place.changed, changed);
  }
}

TEST(Nested, names_the_parameter_whose_values_could_not_be_made_and_where) {
  const auto broken = std::make_shared<FakeDependent>([](const Point& outer) -> std::vector<double> {
    if (number(outer, "a") == 2) throw std::runtime_error("no such range");
    return {1};
  });
  const auto plan = make_plan(request_for({listed({1, 2}), broken}));
  Place place = place_for(2);
  ASSERT_TRUE(plan->next(place));
  try {
    plan->next(place);
    FAIL();
  } catch (const MeasurementError& error) {
    EXPECT_STREQ(error.what(), "making the values of parameter 'b' failed at a = 2: no such range");
    EXPECT_THROW(std::rethrow_exception(error.cause()), std::runtime_error);
  }
}

TEST(Streams, may_be_endless_outermost_and_are_pulled_as_needed) {
  const auto stream = std::make_shared<FakeStream>(k_endless);
  const auto plan = make_plan(request_for({stream, listed({7, 8})}));
  Place place = place_for(2);
  EXPECT_EQ(walk(*plan, place, 5), (Visited{{0, 7}, {0, 8}, {1, 7}, {1, 8}, {2, 7}}));
  EXPECT_EQ(stream->size(), 3u);
  EXPECT_EQ(plan->size(), std::nullopt);
}

TEST(Streams, are_drained_where_they_are_inner_so_that_an_endless_one_is_refused) {
  EXPECT_EQ(visited_by(request_for({listed({1, 2}), std::make_shared<FakeStream>(2)})),
            (Visited{{1, 0}, {1, 1}, {2, 0}, {2, 1}}));
  EXPECT_SAYS(refusal_of(request_for({listed({1, 2}), std::make_shared<FakeStream>(k_endless)})),
              "parameter 'b' gave 10000000 values and has more");
  EXPECT_EQ(visited_by(request_for({std::make_shared<FakeStream>(3)}, Order::up_down)),
            (Visited{{0}, {1}, {2}, {1}, {0}}));
}

TEST(Streams, that_throw_are_named) {
  const auto broken = std::make_shared<FakeStream>(10, 0, 2);
  const auto plan = make_plan(request_for({broken}));
  Place place = place_for(1);
  EXPECT_TRUE(plan->next(place));
  EXPECT_TRUE(plan->next(place));
  try {
    plan->next(place);
    FAIL();
  } catch (const MeasurementError& error) {
    EXPECT_SAYS(error.what(), "making the values of parameter 'a' failed at a = 1: the stream ran dry");
  }
  EXPECT_THROW((void)make_plan(request_for({listed({1}), std::make_shared<FakeStream>(10, 0, 2)})), MeasurementError);
}

TEST(Zip, refuses_unequal_lengths_and_tells_them) {
  EXPECT_EQ(refusal_of(request_for({listed({1, 2, 3}), listed({1, 2})}, Order::zip)),
            "order 'zip' takes values side by side, so that each parameter needs as many: 'a' has 3, 'b' has 2");
  EXPECT_SAYS(refusal_of(request_for({listed({1, 2, 3}), std::make_shared<FakeStream>(2)}, Order::zip)),
              "'a' has 3, 'b' has 2");
  EXPECT_SAYS(refusal_of(request_for({std::make_shared<FakeStream>(3), std::make_shared<FakeStream>(2)}, Order::zip)),
              "'a' has 3, 'b' has 2");
}

TEST(Zip, takes_as_many_of_an_endless_stream_as_a_list_has) {
  EXPECT_EQ(visited_by(request_for({std::make_shared<FakeStream>(k_endless), listed({7, 8})}, Order::zip)),
            (Visited{{0, 7}, {1, 8}}));
}

TEST(Orders, that_need_all_values_refuse_those_that_depend_on_others) {
  for (const Order::Kind kind : {Order::zip, Order::random, Order::up_down}) {
    EXPECT_SAYS(refusal_of(request_for({listed({1, 2}), triangle()}, kind)), "the values of parameter 'b' depend on");
  }
}

TEST(Orders, refuse_parameters_without_values) {
  EXPECT_SAYS(refusal_of(request_for({listed({1}), std::make_shared<FakeOpen>()})),
              "parameter 'b' has no values of its own");
  EXPECT_SAYS(refusal_of(request_for({listed({})})), "parameter 'a' has no values");
  EXPECT_SAYS(refusal_of(request_for({std::make_shared<FakeStream>(0)})), "parameter 'a' has no values");
}

TEST(Orders, of_more_points_than_can_be_drawn_from_are_refused_by_random_only) {
  const std::vector<std::size_t> large(22, 9);
  EXPECT_EQ(make_plan(request_for(numbered(large)))->size(), std::nullopt);
  EXPECT_SAYS(refusal_of(request_for(numbered(large), Order::random)), "fewer than 2^62 points");
  EXPECT_EQ(visited_by(request_for(numbered(large), Order::snake), 3).size(), 3u);
}

TEST(ExplicitPoints, come_as_they_are_given_whatever_the_parameters_values) {
  const Source open = std::make_shared<FakeOpen>();
  const std::vector<Row> rows = {{{"b", 1.0}, {"a", 2.0}}, {{"b", 1.0}, {"a", 3.0}}};
  const PlanRequest request = request_for({open, listed({9})}, Order(rows));
  EXPECT_EQ(visited_by(request), (Visited{{2, 1}, {3, 1}}));
  const auto plan = make_plan(request);
  Place place = place_for(2);
  plan->next(place);
  plan->next(place);
  EXPECT_EQ(place.changed, std::vector<std::size_t>{0});
  EXPECT_EQ(plan->size(), 2u);
}

TEST(ExplicitPoints, turn_whole_numbers_into_real_ones_for_parameters_that_are) {
  EXPECT_EQ(visited_by(request_for({listed({9.5})}, PointList{.names = {}, .points = {{1}, {2}}})),
            (Visited{{1}, {2}}));
}

TEST(ExplicitPoints, are_refused_with_what_is_wrong_about_them) {
  const Source open = std::make_shared<FakeOpen>();
  EXPECT_SAYS(refusal_of(request_for({open}, PointList{})), "empty");
  EXPECT_SAYS(refusal_of(request_for({open, open}, PointList{.names = {}, .points = {{1, 2}, {1}}})),
              "point 1 of the list (counted from 0) has 1 values for 2 parameters ('a' and 'b')");
  EXPECT_SAYS(refusal_of(request_for({open}, PointList{.names = {"z"}, .points = {{1}}})),
              "name 'z', which is no parameter");
  EXPECT_SAYS(refusal_of(request_for({open, open}, PointList{.names = {"a"}, .points = {{1}}})),
              "no value for parameter 'b'");
  const std::vector<Row> uneven = {{{"a", 1.0}}, {{"b", 1.0}}};
  EXPECT_THROW(Order{uneven}, ConfigurationError);
}

TEST(Repeated, takes_the_whole_plan_so_many_times) {
  PlanRequest request = request_for({listed({1, 2})});
  request.repeat = 3;
  EXPECT_EQ(visited_by(request), (Visited{{1}, {2}, {1}, {2}, {1}, {2}}));
  const auto plan = make_plan(request);
  EXPECT_EQ(plan->size(), 6u);
  Place place = place_for(1);
  std::vector<std::uint64_t> repetitions;
  while (plan->next(place)) repetitions.push_back(place.repetition);
  EXPECT_EQ(repetitions, (std::vector<std::uint64_t>{0, 0, 1, 1, 2, 2}));
  plan->restart(2);
  ASSERT_TRUE(plan->next(place));
  EXPECT_EQ(place.repetition, 6u);
}

TEST(Repeated, goes_on_anywhere_in_every_order) {
  for (const Order::Kind kind : {Order::grid, Order::snake, Order::up_down, Order::random}) {
    PlanRequest request = request_for(numbered({2, 3}), kind);
    request.repeat = 3;
    const Visited all = visited_by(request);
    for (std::size_t taken = 0; taken < all.size(); ++taken) {
      for (std::size_t skipped = 0; taken + skipped < all.size(); ++skipped) {
        const auto plan = make_plan(request);
        Place place = place_for(2);
        walk(*plan, place, taken);
        plan->skip(skipped, place);
        EXPECT_EQ(walk(*plan, place), Visited(all.begin() + static_cast<std::ptrdiff_t>(taken + skipped), all.end()))
            << name_of(kind) << " " << taken << " " << skipped;
      }
    }
  }
}

TEST(Repeated, draws_each_repetition_of_a_random_order_anew) {
  PlanRequest request = request_for(numbered({20}), Order::random);
  request.repeat = 2;
  const Visited all = visited_by(request);
  EXPECT_NE(Visited(all.begin(), all.begin() + 20), Visited(all.begin() + 20, all.end()));
}

TEST(Constrained, passes_over_points_and_keeps_telling_what_is_new) {
  PlanRequest request = request_for({listed({1, 2, 3}), listed({1, 2, 3})});
  request.constraints = {{.name = "sum", .holds = [](const Point& p) { return number(p, "a") + number(p, "b") == 4; }}};
  EXPECT_EQ(visited_by(request), (Visited{{1, 3}, {2, 2}, {3, 1}}));
  const auto plan = make_plan(request);
  Place place = place_for(2);
  while (plan->next(place)) EXPECT_EQ(place.changed, (std::vector<std::size_t>{0, 1}));
  const auto later = make_plan(request);
  later->skip(2, place);
  ASSERT_TRUE(later->next(place));
  EXPECT_EQ(numbers_of(place), (std::vector<double>{3, 1}));
}

TEST(Constrained, can_be_ended_while_nothing_holds) {
  PlanRequest request = request_for({std::make_shared<FakeStream>(k_endless)});
  request.constraints = {{.name = "never", .holds = [](const Point&) { return false; }}};
  int asked = 0;
  request.ended = [&] { return ++asked == 3; };
  EXPECT_EQ(visited_by(request), Visited{});
  EXPECT_EQ(asked, 3);
}

TEST(Constrained, names_the_constraint_that_throws) {
  PlanRequest request = request_for({listed({1, 2})});
  request.constraints = {{.name = "power", .holds = [](const Point&) -> bool { throw std::runtime_error("no idea"); }}};
  Place place = place_for(1);
  try {
    make_plan(request)->next(place);
    FAIL();
  } catch (const MeasurementError& error) {
    EXPECT_STREQ(error.what(), "constraint 'power' failed at a = 1: no idea");
  }
}

/// Proposes 8, then half of what was told, until that is below 1.
class FakeHalving final : public AdaptivePlan {
 public:
  void begin(const std::vector<std::string>&) override { next_ = 8; }
  std::optional<Row> ask() override {
    if (next_ < 1) return std::nullopt;
    if (throws_on_ask) throw std::runtime_error("out of ideas");
    return Row{{name, next_}};
  }
  void tell(const Point&, const Row& row) override { next_ = *row.find("y")->get_if<double>() / 2; }
  std::string description() const override { return "halving()"; }

  bool throws_on_ask = false;
  std::string name = "a";

 private:
  double next_ = 0;
};

Visited drive(Plan& plan, std::size_t most = 100) {
  Place place = place_for(1);
  Visited visited;
  while (visited.size() < most && plan.next(place)) {
    visited.push_back(numbers_of(place));
    plan.tell(place, Row{{"y", place.values[0]}});
  }
  return visited;
}

TEST(Adaptive, is_told_each_row_before_it_proposes_the_next_point) {
  const auto plan = make_plan(request_for({std::make_shared<FakeOpen>()}, std::make_shared<FakeHalving>()));
  EXPECT_TRUE(plan->adaptive());
  EXPECT_EQ(drive(*plan), (Visited{{8}, {4}, {2}, {1}}));
  plan->restart(0);
  EXPECT_EQ(drive(*plan), (Visited{{8}, {4}, {2}, {1}})) << "begins anew";
}

/// Runs a search along b of the curve y = a * b.
Visited searched(const PlanRequest& request, Plan& plan, std::vector<std::vector<std::size_t>>* changed = nullptr) {
  Place place = place_for(request.names.size());
  Visited visited;
  while (visited.size() < 1000 && plan.next(place)) {
    visited.push_back(numbers_of(place));
    if (changed != nullptr) changed->push_back(place.changed);
    plan.tell(place, Row{{"y", visited.back().front() * visited.back().back()}});
  }
  return visited;
}

TEST(NestedSearch, begins_anew_at_each_point_of_the_outer_parameters) {
  const auto search = bisect("c", {.of = "y", .threshold = 1, .between = {0, 4}, .tolerance = 2});
  const PlanRequest request = request_for({listed({1, 4}), listed({7, 8}), std::make_shared<FakeOpen>()}, search);
  const auto plan = make_plan(request);
  EXPECT_TRUE(plan->adaptive());
  std::vector<std::vector<std::size_t>> changed;
  EXPECT_EQ(searched(request, *plan, &changed), (Visited{{1, 7, 0},
                                                         {1, 7, 4},
                                                         {1, 7, 2},
                                                         {1, 8, 0},
                                                         {1, 8, 4},
                                                         {1, 8, 2},
                                                         {4, 7, 0},
                                                         {4, 7, 4},
                                                         {4, 7, 2},
                                                         {4, 8, 0},
                                                         {4, 8, 4},
                                                         {4, 8, 2}}));
  EXPECT_EQ(changed, (std::vector<std::vector<std::size_t>>{
                         {0, 1, 2}, {2}, {2}, {1, 2}, {2}, {2}, {0, 1, 2}, {2}, {2}, {1, 2}, {2}, {2}}));
  plan->restart(0);
  EXPECT_EQ(searched(request, *plan).size(), 12u) << "begins anew";
}

TEST(NestedSearch, takes_outer_values_that_depend_on_others) {
  const auto search = refine("c", {.of = "y", .between = {0, 1}, .points = 2});
  const PlanRequest request = request_for({listed({1, 2}), triangle(), std::make_shared<FakeOpen>()}, search);
  EXPECT_EQ(searched(request, *make_plan(request)),
            (Visited{{1, 10, 0}, {1, 10, 1}, {2, 10, 0}, {2, 10, 1}, {2, 20, 0}, {2, 20, 1}}));
}

/// Proposes its number where the outer point is even, else nothing.
class FakeEven final : public AdaptivePlan {
 public:
  void begin(const std::vector<std::string>& parameters) override {
    EXPECT_EQ(parameters, std::vector<std::string>{"b"});
    ++turn_;
    left_ = turn_ % 2 == 0 ? 1 : 0;
  }
  std::optional<Row> ask() override {
    if (left_-- <= 0) return std::nullopt;
    return proposal;
  }
  void tell(const Point&, const Row&) override {}
  std::string along() const override { return "b"; }
  std::string description() const override { return "even()"; }

  Row proposal = {{"b", 5.0}};

 private:
  int turn_ = -2;  // begun once as it is made
  int left_ = 0;
};

TEST(NestedSearch, passes_over_outer_points_at_which_it_proposes_none) {
  const PlanRequest request =
      request_for({listed({1, 2, 3}), std::make_shared<FakeOpen>()}, std::make_shared<FakeEven>());
  std::vector<std::vector<std::size_t>> changed;
  EXPECT_EQ(searched(request, *make_plan(request), &changed), (Visited{{1, 5}, {3, 5}}));
  EXPECT_EQ(changed, (std::vector<std::vector<std::size_t>>{{0, 1}, {0, 1}}));
}

TEST(NestedSearch, proposes_a_value_for_its_parameter_alone) {
  const auto even = std::make_shared<FakeEven>();
  even->proposal = {{"b", 5.0}, {"a", 1.0}};
  const PlanRequest request = request_for({listed({1, 2}), std::make_shared<FakeOpen>()}, even);
  const auto plan = make_plan(request);
  Place place = place_for(2);
  try {
    plan->next(place);
    FAIL();
  } catch (const MeasurementError& error) {
    EXPECT_SAYS(error.what(), "even() varies 'b' and proposed a point with other values");
  }
}

TEST(NestedSearch, is_along_the_last_parameter) {
  const PlanRequest request = request_for({listed({1}), listed({2})}, refine("a", {.of = "y"}));
  EXPECT_SAYS(refusal_of(request), "register 'a' last");
  EXPECT_SAYS(refusal_of(request_for({std::make_shared<FakeOpen>(), listed({2})}, refine("b", {.of = "y"}))),
              "parameter 'a' has no values of its own");
}

TEST(Adaptive, errors_name_the_plan) {
  const auto halving = std::make_shared<FakeHalving>();
  halving->throws_on_ask = true;
  const auto plan = make_plan(request_for({std::make_shared<FakeOpen>()}, halving));
  Place place = place_for(1);
  try {
    plan->next(place);
    FAIL();
  } catch (const MeasurementError& error) {
    EXPECT_STREQ(error.what(), "asking halving() for the next point failed: out of ideas");
  }
  halving->throws_on_ask = false;
  halving->name = "z";
  try {
    plan->next(place);
    FAIL();
  } catch (const MeasurementError& error) {
    EXPECT_SAYS(error.what(), "halving() proposed a point without a value for parameter 'a'");
  }
}

TEST(Adaptive, points_that_a_constraint_refuses_are_an_error) {
  PlanRequest request = request_for({std::make_shared<FakeOpen>()}, std::make_shared<FakeHalving>());
  request.constraints = {{.name = "low", .holds = [](const Point& p) { return number(p, "a") < 5; }}};
  Place place = place_for(1);
  try {
    make_plan(request)->next(place);
    FAIL();
  } catch (const MeasurementError& error) {
    EXPECT_SAYS(error.what(), "proposed a = 8, which the constraint 'low' refuses");
  }
}

TEST(Adaptive, plans_are_neither_repeated_nor_cycled) {
  PlanRequest request = request_for({std::make_shared<FakeOpen>()}, std::make_shared<FakeHalving>());
  request.repeat = 2;
  EXPECT_SAYS(refusal_of(request), "2 times (repeat)");
  request.repeat = 1;
  request.cycle = true;
  EXPECT_SAYS(refusal_of(request), "cycle");
}

TEST(Orders, are_named) {
  EXPECT_EQ(order_named("up_down").kind(), Order::up_down);
  EXPECT_THROW((void)order_named("points"), ConfigurationError);
  EXPECT_THROW((void)order_named("spiral"), ConfigurationError);
  EXPECT_EQ(name_of(Order::listed), "points");
}

}  // namespace
}  // namespace wheatstone::plan
