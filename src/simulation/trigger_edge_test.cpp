#include "simulation/trigger_edge.hpp"

#include <gtest/gtest.h>

#include "simulation/circuit.hpp"

namespace wheatstone::simulation {
namespace {

constexpr std::int64_t k_us = 1'000;
constexpr std::int64_t k_millisecond = 1'000'000;
constexpr std::int64_t k_settled = 10'000 * k_millisecond;
constexpr double k_drop = 0.025;  // of one ampere in the leads

/// Five volts that dip once a millisecond for so long.
NodeTrace dipping(std::int64_t width) {
  Circuit circuit;
  const std::size_t node = circuit.add_node();
  const auto supply = circuit.add_source(node, SourceDynamics(), 0);
  const auto load = circuit.add_load(node, LoadSettings(), 0);
  circuit.set_source(supply, {.on = true, .voltage = 5.0, .current_limit = 2.0}, 0);
  LoadSettings switching{.on = true, .level = 1e-9};
  switching.transient = {
      .kind = LoadTransient::Kind::continuous, .level = 1.0, .since = k_settled, .period = k_millisecond};
  switching.transient.width = width;
  circuit.set_load(load, switching, k_settled - k_millisecond);
  return circuit.trace(node, k_settled - k_millisecond, k_settled + 100 * k_millisecond);
}

EdgeSearch falling_through(double dip, double hysteresis = 0) {
  return {.from = k_settled - k_millisecond / 2,
          .to = k_settled + 10 * k_millisecond,
          .level = 5.0 - dip * k_drop,
          .hysteresis = hysteresis,
          .rising = false};
}

TEST(TriggerEdge, is_found_where_the_signal_passes_the_level) {
  const auto found = find_edge(dipping(2 * k_us), {}, falling_through(0.5));
  ASSERT_TRUE(found.has_value());
  EXPECT_NEAR(static_cast<double>(*found), static_cast<double>(k_settled), 10.0);
}

TEST(TriggerEdge, needs_a_signal_that_was_beyond_the_hysteresis_before) {
  EXPECT_TRUE(find_edge(dipping(2 * k_us), {}, falling_through(0.5, 0.4 * k_drop)).has_value());
  EXPECT_FALSE(find_edge(dipping(2 * k_us), {}, falling_through(0.5, 0.6 * k_drop)).has_value());
}

TEST(TriggerEdge, high_frequency_reject_overlooks_what_is_too_short_and_comes_late_to_the_rest) {
  const TriggerFilter reject{.rejects_high = true};
  EXPECT_FALSE(find_edge(dipping(2 * k_us), reject, falling_through(0.8)).has_value());
  const auto found = find_edge(dipping(100 * k_us), reject, falling_through(0.8));
  ASSERT_TRUE(found.has_value());
  // 1.6 time constants of 3.2 us.
  EXPECT_NEAR(static_cast<double>(*found - k_settled), 5.1e3, 1.5e3);
}

TEST(TriggerEdge, low_frequency_reject_leaves_edges_about_zero) {
  const TriggerFilter reject{.rejects_low = true};
  EXPECT_FALSE(find_edge(dipping(100 * k_us), reject, falling_through(0.5)).has_value());
  EdgeSearch search = falling_through(0.5);
  search.level = -0.5 * k_drop;
  EXPECT_TRUE(find_edge(dipping(100 * k_us), reject, search).has_value());
}

}  // namespace
}  // namespace wheatstone::simulation
