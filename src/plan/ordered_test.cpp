#include "plan/ordered.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "plan/fake_values.hpp"

namespace wheatstone::plan {
namespace {

using Sizes = std::vector<std::size_t>;
using Maker = std::function<std::unique_ptr<Plan>(std::vector<Source>)>;

const std::vector<Sizes> k_many_sizes = {{},        {1},       {2},       {7},          {1, 1},
                                         {1, 5},    {5, 1},    {2, 3},    {3, 2},       {4, 4},
                                         {2, 2, 2}, {3, 1, 2}, {1, 4, 3}, {2, 3, 4, 2}, {5, 2, 1, 3}};

std::string text_of(const Sizes& sizes) {
  std::string text;
  for (const std::size_t size : sizes) text += std::to_string(size) + " ";
  return text;
}

/// The grid as nested loops make it.
Visited grid_of(const Sizes& sizes) {
  Visited points = {{}};
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    Visited longer;
    for (const std::vector<double>& point : points) {
      for (std::size_t i = 0; i < sizes[k]; ++i) {
        longer.push_back(point);
        longer.back().push_back(static_cast<double>(100 * k + i));
      }
    }
    points = std::move(longer);
  }
  return points;
}

/// The same, each parameter in the direction that it did not take last.
void snake_into(const Sizes& sizes, std::vector<double>& point, std::vector<bool>& backwards, Visited& points) {
  const std::size_t k = point.size();
  if (k == sizes.size()) {
    points.push_back(point);
    return;
  }
  const bool back = backwards[k];
  backwards[k] = !back;
  for (std::size_t i = 0; i < sizes[k]; ++i) {
    point.push_back(static_cast<double>(100 * k + (back ? sizes[k] - 1 - i : i)));
    snake_into(sizes, point, backwards, points);
    point.pop_back();
  }
}

Visited snake_of(const Sizes& sizes) {
  Visited points;
  std::vector<double> point;
  std::vector<bool> backwards(sizes.size(), false);
  snake_into(sizes, point, backwards, points);
  return points;
}

Visited up_down_of(const Sizes& sizes) {
  if (sizes.empty()) return {{}};
  const std::size_t last = sizes.size() - 1;
  Visited points;
  for (std::vector<double> point : grid_of(Sizes(sizes.begin(), sizes.end() - 1))) {
    point.push_back(0);
    for (std::size_t i = 0; i < sizes[last]; ++i) {
      point.back() = static_cast<double>(100 * last + i);
      points.push_back(point);
    }
    for (std::size_t i = sizes[last] - 1; i-- > 0;) {
      point.back() = static_cast<double>(100 * last + i);
      points.push_back(point);
    }
  }
  return points;
}

std::unique_ptr<Plan> grid(std::vector<Source> values) { return std::make_unique<Grid>(std::move(values)); }
std::unique_ptr<Plan> snake(std::vector<Source> values) { return std::make_unique<Snake>(std::move(values)); }
std::unique_ptr<Plan> up_down(std::vector<Source> values) { return std::make_unique<UpDown>(std::move(values)); }
std::unique_ptr<Plan> shuffled(std::vector<Source> values) { return std::make_unique<Shuffled>(std::move(values), 5); }

void expect_order(const Maker& make, const std::function<Visited(const Sizes&)>& reference) {
  for (const Sizes& sizes : k_many_sizes) {
    SCOPED_TRACE(text_of(sizes));
    const auto plan = make(numbered(sizes));
    Place place = place_for(sizes.size());
    const Visited expected = reference(sizes);
    EXPECT_EQ(plan->size(), expected.size());
    EXPECT_EQ(walk(*plan, place), expected);
    EXPECT_FALSE(plan->next(place)) << "went on after its end";
    plan->restart(0);
    EXPECT_EQ(walk(*plan, place), expected) << "the second time";
  }
}

TEST(Grid, moves_the_last_parameter_fastest) { expect_order(grid, grid_of); }
TEST(Snake, goes_back_where_a_parameter_has_come_to_its_end) { expect_order(snake, snake_of); }
TEST(UpDown, takes_the_last_parameter_up_and_down_with_the_turning_point_once) { expect_order(up_down, up_down_of); }

TEST(Snake, moves_one_parameter_by_one_step_a_point) {
  Snake plan(numbered({3, 4, 2}));
  Place place = place_for(3);
  ASSERT_TRUE(plan.next(place));
  while (plan.next(place)) EXPECT_EQ(place.changed.size(), 1u);
}

TEST(Zip, takes_the_values_side_by_side) {
  Zip plan(numbered({3, 3}), 3);
  Place place = place_for(2);
  EXPECT_EQ(plan.size(), 3u);
  EXPECT_EQ(walk(plan, place), (Visited{{0, 100}, {1, 101}, {2, 102}}));
  EXPECT_FALSE(plan.next(place));
}

TEST(AnyOrder, tells_exactly_which_parameters_are_new) {
  for (const Maker& make : {Maker(grid), Maker(snake), Maker(up_down), Maker(shuffled)}) {
    for (const Sizes& sizes : k_many_sizes) {
      const auto plan = make(numbered(sizes));
      Place place = place_for(sizes.size());
      std::vector<std::size_t> before;
      while (plan->next(place)) {
        std::vector<std::size_t> changed;
        for (std::size_t k = 0; k < sizes.size(); ++k) {
          if (before.empty() || place.positions[k] != before[k]) changed.push_back(k);
          EXPECT_EQ(*place.values[k].get_if<double>(), static_cast<double>(100 * k + place.positions[k]));
        }
        EXPECT_EQ(place.changed, changed) << text_of(sizes);
        before = place.positions;
      }
    }
  }
}

TEST(AnyOrder, goes_on_at_any_point_as_if_those_before_had_been_taken) {
  for (const Maker& make : {Maker(grid), Maker(snake), Maker(up_down), Maker(shuffled)}) {
    for (const Sizes& sizes : k_many_sizes) {
      Place place = place_for(sizes.size());
      const Visited all = walk(*make(numbered(sizes)), place);
      for (std::size_t taken = 0; taken <= all.size(); ++taken) {
        for (std::size_t skipped = 0; taken + skipped <= all.size() + 1; ++skipped) {
          const auto plan = make(numbered(sizes));
          Place at = place_for(sizes.size());
          walk(*plan, at, taken);
          plan->skip(skipped, at);
          if (skipped > 0 && taken + skipped < all.size()) {
            ASSERT_TRUE(plan->next(at));
            EXPECT_EQ(at.changed.size(), sizes.size()) << "all are new after going on";
            EXPECT_EQ(numbers_of(at), all[taken + skipped]) << text_of(sizes) << taken << " " << skipped;
          } else {
            const std::size_t from = std::min(taken + skipped, all.size());
            EXPECT_EQ(walk(*plan, at), Visited(all.begin() + static_cast<std::ptrdiff_t>(from), all.end()));
          }
        }
      }
    }
  }
}

TEST(AnyOrder, of_a_billion_points_costs_nothing) {
  const auto many = [](std::size_t n) { return numbered({n, n}); };
  EXPECT_EQ(Grid(many(30'000)).size(), 900'000'000u);
  Grid far(many(30'000));
  Place place = place_for(2);
  far.skip(899'999'999, place);
  ASSERT_TRUE(far.next(place));
  EXPECT_EQ(place.positions, (Sizes{29'999, 29'999}));
  EXPECT_FALSE(far.next(place));
}

TEST(Shuffled, takes_each_point_of_the_grid_once) {
  for (const Sizes& sizes : k_many_sizes) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      Shuffled plan(numbered(sizes), seed);
      Place place = place_for(sizes.size());
      Visited visited = walk(plan, place);
      std::ranges::sort(visited);
      EXPECT_EQ(visited, grid_of(sizes)) << text_of(sizes) << "seed " << seed;
    }
  }
}

TEST(Shuffled, is_another_order_for_another_seed_and_for_each_repetition_and_the_same_for_the_same) {
  const auto order = [](std::uint64_t seed, std::uint64_t repetition) {
    Shuffled plan(numbered({5, 8}), seed);
    plan.restart(repetition);
    Place place = place_for(2);
    return walk(plan, place);
  };
  EXPECT_EQ(order(1, 0), order(1, 0));
  std::set<Visited> orders;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    for (std::uint64_t repetition = 0; repetition < 10; ++repetition) orders.insert(order(seed, repetition));
  }
  EXPECT_EQ(orders.size(), 100u);
}

TEST(Permutation, stays_what_it_was_in_every_version) {
  std::vector<std::uint64_t> order;
  const Permutation permutation(10, 2026, 0);
  for (std::uint64_t k = 0; k < 10; ++k) order.push_back(permutation(k));
  EXPECT_EQ(order, (std::vector<std::uint64_t>{3, 5, 4, 8, 7, 9, 2, 1, 6, 0}));
}

TEST(Permutation, is_one_for_every_size) {
  for (std::uint64_t size = 1; size <= 300; ++size) {
    const Permutation permutation(size, size, 1);
    std::set<std::uint64_t> seen;
    for (std::uint64_t k = 0; k < size; ++k) seen.insert(permutation(k));
    EXPECT_EQ(seen.size(), size);
    EXPECT_EQ(*seen.rbegin(), size - 1);
  }
}

TEST(Permutation, draws_every_order_of_four_equally_often) {
  std::map<std::vector<std::uint64_t>, int> counts;
  constexpr int k_draws = 24'000;
  for (std::uint64_t seed = 0; seed < k_draws; ++seed) {
    const Permutation permutation(4, seed, 0);
    counts[{permutation(0), permutation(1), permutation(2), permutation(3)}]++;
  }
  ASSERT_EQ(counts.size(), 24u);
  double chi_square = 0;
  for (const auto& [order, count] : counts) chi_square += (count - 1000.0) * (count - 1000.0) / 1000.0;
  EXPECT_LT(chi_square, 49.73);  // 23 degrees of freedom, one in a thousand
}

TEST(Permutation, of_a_million_million_is_computed_at_any_place) {
  constexpr std::uint64_t k_size = 1'000'000'000'000;
  const Permutation permutation(k_size, 3, 0);
  std::set<std::uint64_t> seen;
  double mean = 0;
  for (std::uint64_t k = 0; k < 10'000; ++k) {
    seen.insert(permutation(k_size - 1 - k));
    mean += static_cast<double>(permutation(k)) / 10'000;
  }
  EXPECT_EQ(seen.size(), 10'000u);
  EXPECT_NEAR(mean / k_size, 0.5, 0.012);  // four standard deviations
}

}  // namespace
}  // namespace wheatstone::plan
