#include "simulation/circuit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <wheatstone/error.hpp>

namespace wheatstone::simulation {
namespace {

constexpr std::int64_t k_ms = 1'000'000;
constexpr std::int64_t k_long = 1'000'000 * k_ms;

struct Rail {
  Circuit circuit;
  std::size_t node = circuit.add_node();
  Circuit::Place supply = circuit.add_source(node, SourceDynamics(), 0);
  Circuit::Place load = circuit.add_load(node, LoadSettings(), 0);

  double voltage(std::int64_t at) const { return circuit.trace(node, at, at).voltage(at); }
};

TEST(Circuit, an_output_that_is_off_reads_nothing) {
  Rail rail;
  rail.circuit.set_source(rail.supply, {false, 2.0, 0.5}, 0);
  EXPECT_EQ(rail.voltage(k_long), 0);
}

TEST(Circuit, an_unloaded_output_stands_at_its_set_point) {
  Rail rail;
  rail.circuit.add_conductance(rail.node, 1e-7, 0);
  rail.circuit.set_source(rail.supply, {true, 2.0, 0.5}, 0);
  EXPECT_NEAR(rail.voltage(k_long), 2.0, 1e-7);
  EXPECT_TRUE(rail.circuit.source(rail.supply, k_long).regulating);
}

TEST(Circuit, an_output_rises_in_tens_of_milliseconds) {
  Rail rail;
  rail.circuit.set_source(rail.supply, {true, 2.0, 0.5}, 0);
  EXPECT_LT(rail.voltage(1 * k_ms), 0.3);
  EXPECT_NEAR(rail.voltage(50 * k_ms), 2.0, 0.03);
}

TEST(Circuit, an_unloaded_output_falls_slowly_and_linearly_and_a_loaded_one_fast) {
  Rail rail;
  rail.circuit.set_source(rail.supply, {true, 5.0, 2.0}, 0);
  rail.circuit.set_source(rail.supply, {false, 5.0, 2.0}, k_long);
  const double at_20 = rail.voltage(k_long + 20 * k_ms);
  const double at_40 = rail.voltage(k_long + 40 * k_ms);
  const double at_60 = rail.voltage(k_long + 60 * k_ms);
  EXPECT_GT(at_60, 3.0);
  EXPECT_NEAR(at_20 - at_40, at_40 - at_60, 1e-9);

  Rail loaded;
  loaded.circuit.set_source(loaded.supply, {true, 5.0, 2.0}, 0);
  loaded.circuit.set_load(loaded.load, {.on = true, .level = 1.0}, 0);
  loaded.circuit.set_source(loaded.supply, {false, 5.0, 2.0}, k_long);
  EXPECT_LT(loaded.voltage(k_long + 20 * k_ms), 1.0);
}

TEST(Circuit, a_load_within_the_limit_pulls_only_the_leads_down) {
  Rail rail;
  rail.circuit.set_source(rail.supply, {true, 5.0, 2.0}, 0);
  rail.circuit.set_load(rail.load, {.on = true, .level = 1.0}, 0);
  EXPECT_NEAR(rail.voltage(k_long), 5.0 - 0.025, 1e-9);
  const auto source = rail.circuit.source(rail.supply, k_long);
  EXPECT_NEAR(source.voltage, 5.0, 1e-9);
  EXPECT_NEAR(source.current, 1.0, 1e-9);
  EXPECT_TRUE(source.regulating);
}

TEST(Circuit, a_load_above_the_limit_puts_the_supply_in_constant_current_and_saturates) {
  Rail rail;
  rail.circuit.set_source(rail.supply, {true, 5.0, 0.5}, 0);
  rail.circuit.set_load(rail.load, {.on = true, .level = 1.0}, 0);
  const auto source = rail.circuit.source(rail.supply, k_long);
  EXPECT_TRUE(source.limiting);
  EXPECT_FALSE(source.regulating);
  EXPECT_DOUBLE_EQ(source.current, 0.5);
  EXPECT_NEAR(rail.voltage(k_long), 0.5 * 0.05, 1e-6);
  EXPECT_NEAR(rail.circuit.load(rail.load, k_long).current, 0.5, 1e-6);
}

TEST(Circuit, a_constant_resistance_obeys_ohms_law) {
  Rail rail;
  rail.circuit.set_source(rail.supply, {true, 5.0, 2.0}, 0);
  rail.circuit.set_load(rail.load, {.on = true, .mode = LoadMode::resistance, .level = 10.0}, 0);
  EXPECT_NEAR(rail.voltage(k_long), 5.0 * 10.0 / 10.025, 1e-9);
}

TEST(Circuit, a_constant_voltage_load_below_the_supply_takes_all_the_limit_allows) {
  Rail rail;
  rail.circuit.set_source(rail.supply, {true, 5.0, 1.0}, 0);
  rail.circuit.set_load(rail.load, {.on = true, .mode = LoadMode::voltage, .level = 3.0}, 0);
  EXPECT_NEAR(rail.voltage(k_long), 3.0, 0.002);
  EXPECT_NEAR(rail.circuit.load(rail.load, k_long).current, 1.0, 1e-6);
  rail.circuit.set_load(rail.load, {.on = true, .mode = LoadMode::voltage, .level = 6.0}, k_long);
  EXPECT_NEAR(rail.voltage(2 * k_long), 5.0, 1e-6);
}

TEST(Circuit, constant_power_rests_on_the_upper_of_its_two_roots_and_collapses_without_one) {
  Rail rail;
  rail.circuit.set_source(rail.supply, {true, 5.0, 2.0}, 0);
  rail.circuit.set_load(rail.load, {.on = true, .mode = LoadMode::power, .level = 5.0}, 0);
  const auto at = rail.circuit.load(rail.load, k_long);
  EXPECT_NEAR(at.voltage * at.current, 5.0, 1e-6);
  EXPECT_GT(at.voltage, 4.9);
  rail.circuit.set_load(rail.load, {.on = true, .mode = LoadMode::power, .level = 20.0}, k_long);
  EXPECT_LT(rail.voltage(2 * k_long), 0.2);
  EXPECT_TRUE(rail.circuit.source(rail.supply, 2 * k_long).limiting);
}

TEST(Circuit, a_load_step_is_continuous_and_recovers_within_a_fraction_of_a_millisecond) {
  Rail rail;
  rail.circuit.set_source(rail.supply, {true, 5.0, 2.0}, 0);
  rail.circuit.set_load(rail.load, {.on = true, .level = 0.1}, 0);
  rail.circuit.set_load(rail.load, {.on = true, .level = 1.1}, k_long);
  const NodeTrace trace = rail.circuit.trace(rail.node, k_long - k_ms, k_long + k_ms);
  EXPECT_NEAR(trace.voltage(k_long), trace.voltage(k_long - 1), 1e-6);
  EXPECT_NEAR(trace.voltage(k_long - 1) - trace.voltage(k_long + k_ms), 0.025, 1e-6);
}

TEST(Circuit, remembers_the_voltage_of_earlier_instants) {
  Rail rail;
  rail.circuit.set_source(rail.supply, {true, 1.0, 1.0}, 0);
  rail.circuit.set_source(rail.supply, {true, 3.0, 1.0}, k_long);
  const NodeTrace trace = rail.circuit.trace(rail.node, k_long - k_ms, k_long + 1000 * k_ms);
  EXPECT_NEAR(trace.voltage(k_long - k_ms), 1.0, 1e-9);
  EXPECT_NEAR(trace.voltage(k_long + 1000 * k_ms), 3.0, 1e-9);
}

TEST(Circuit, the_mean_over_a_rise_is_that_of_the_exponential) {
  Rail rail;
  rail.circuit.set_source(rail.supply, {true, 1.0, 1.0}, k_long);
  const double tau = SourceDynamics{}.rise_seconds;
  const double aperture = 0.02;
  const NodeTrace trace = rail.circuit.trace(rail.node, k_long, k_long + 20 * k_ms);
  const double expected = 1.0 - tau / aperture * (1.0 - std::exp(-aperture / tau));
  EXPECT_NEAR(trace.mean_voltage(k_long, k_long + 20 * k_ms), expected, 1e-6);
}

TEST(Circuit, an_ammeter_in_the_line_reads_the_current_and_costs_its_shunt) {
  Rail rail;
  rail.circuit.set_source(rail.supply, {true, 5.0, 2.0}, 0);
  rail.circuit.set_load(rail.load, {.on = true, .level = 1.0}, 0);
  rail.circuit.set_line_resistance(rail.node, 0.1, 0);
  EXPECT_NEAR(rail.circuit.trace(rail.node, k_long, k_long).line_current(k_long), 1.0, 1e-9);
  EXPECT_NEAR(rail.voltage(k_long), 5.0 - 0.125, 1e-9);
}

TEST(Circuit, of_two_supplies_in_parallel_the_higher_carries_until_its_limit) {
  Rail rail;
  const auto second = rail.circuit.add_source(rail.node, {}, 0);
  rail.circuit.set_source(rail.supply, {true, 5.0, 0.5}, 0);
  rail.circuit.set_source(second, {true, 4.0, 2.0}, 0);
  rail.circuit.set_load(rail.load, {.on = true, .level = 0.3}, 0);
  EXPECT_NEAR(rail.circuit.source(second, k_long).current, 0.0, 1e-9);
  rail.circuit.set_load(rail.load, {.on = true, .level = 1.0}, k_long);
  EXPECT_NEAR(rail.circuit.source(second, 2 * k_long).current, 0.5, 1e-6);
  EXPECT_TRUE(rail.circuit.source(rail.supply, 2 * k_long).limiting);
}

TEST(Circuit, an_over_voltage_protection_latches_and_trips_again_while_its_cause_stands) {
  Rail rail;
  const SourceSettings high{.on = true, .voltage = 5.0, .current_limit = 1.0, .trip_voltage = 4.0};
  rail.circuit.set_source(rail.supply, high, 0);
  EXPECT_EQ(rail.circuit.source(rail.supply, 5 * k_ms).tripped, 0) << "on its way up";
  EXPECT_EQ(rail.circuit.source(rail.supply, k_long).tripped, k_over_voltage);
  EXPECT_EQ(rail.voltage(k_long), 0);
  rail.circuit.set_source(rail.supply, high, k_long);
  EXPECT_EQ(rail.circuit.source(rail.supply, 2 * k_long).tripped, k_over_voltage);
  const SourceSettings low{.on = true, .voltage = 3.0, .current_limit = 1.0, .trip_voltage = 4.0};
  rail.circuit.set_source(rail.supply, low, 2 * k_long);
  EXPECT_EQ(rail.circuit.source(rail.supply, 3 * k_long).tripped, 0);
  EXPECT_NEAR(rail.voltage(3 * k_long), 3.0, 1e-9);
}

TEST(Circuit, a_protection_with_a_delay_waits_until_its_cause_has_stood_so_long) {
  Rail rail;
  const SourceSettings guarded{
      .on = true, .voltage = 5.0, .current_limit = 0.5, .trips_at_limit = true, .current_trip_delay = 0.1};
  rail.circuit.set_source(rail.supply, guarded, 0);
  rail.circuit.set_load(rail.load, {.on = true, .level = 1.0}, k_long);
  EXPECT_EQ(rail.circuit.source(rail.supply, k_long + 99 * k_ms).tripped, 0);
  EXPECT_TRUE(rail.circuit.source(rail.supply, k_long + 99 * k_ms).limiting);
  EXPECT_EQ(rail.circuit.source(rail.supply, k_long + 101 * k_ms).tripped, k_over_current);
}

TEST(Circuit, a_protection_forgets_a_cause_that_goes_away_in_time_but_no_change_elsewhere_restarts_its_delay) {
  Rail rail;
  const SourceSettings guarded{
      .on = true, .voltage = 5.0, .current_limit = 0.5, .trips_at_limit = true, .current_trip_delay = 0.1};
  rail.circuit.set_source(rail.supply, guarded, 0);
  rail.circuit.set_load(rail.load, {.on = true, .level = 1.0}, k_long);
  rail.circuit.set_load(rail.load, {.on = true, .level = 0.1}, k_long + 80 * k_ms);
  EXPECT_EQ(rail.circuit.source(rail.supply, k_long + 500 * k_ms).tripped, 0);
  rail.circuit.set_load(rail.load, {.on = true, .level = 1.0}, 2 * k_long);
  rail.circuit.add_conductance(rail.node, 1e-7, 2 * k_long + 60 * k_ms);
  EXPECT_EQ(rail.circuit.source(rail.supply, 2 * k_long + 99 * k_ms).tripped, 0);
  EXPECT_EQ(rail.circuit.source(rail.supply, 2 * k_long + 101 * k_ms).tripped, k_over_current);
}

TEST(Circuit, a_load_that_switches_faster_than_the_delay_does_not_trip_its_supply_and_slower_it_does) {
  for (const std::int64_t half : {20 * k_ms, 200 * k_ms}) {
    Rail rail;
    const SourceSettings guarded{
        .on = true, .voltage = 5.0, .current_limit = 0.5, .trips_at_limit = true, .current_trip_delay = 0.1};
    rail.circuit.set_source(rail.supply, guarded, 0);
    LoadSettings load{.on = true, .level = 0.1};
    load.transient = {.kind = LoadTransient::Kind::continuous, .level = 1.0, .since = k_long, .period = 2 * half};
    load.transient.width = half;
    rail.circuit.set_load(rail.load, load, k_long);
    const bool trips = half > 100 * k_ms;
    EXPECT_EQ(rail.circuit.source(rail.supply, 2 * k_long).tripped, trips ? k_over_current : 0);
  }
}

TEST(Circuit, an_over_current_protection_trips_when_another_instrument_draws_too_much) {
  Rail rail;
  rail.circuit.set_source(rail.supply, {.on = true, .voltage = 5.0, .current_limit = 0.5, .trips_at_limit = true}, 0);
  rail.circuit.set_load(rail.load, {.on = true, .level = 0.4}, k_long);
  EXPECT_EQ(rail.circuit.source(rail.supply, 2 * k_long).tripped, 0);
  rail.circuit.set_load(rail.load, {.on = true, .level = 0.6}, 2 * k_long);
  EXPECT_EQ(rail.circuit.source(rail.supply, 3 * k_long).tripped, k_over_current);
  EXPECT_EQ(rail.voltage(3 * k_long), 0);
}

TEST(Circuit, a_load_protects_itself_against_power) {
  Rail rail;
  rail.circuit.set_source(rail.supply, {.on = true, .voltage = 5.0, .current_limit = 2.0}, 0);
  rail.circuit.set_load(rail.load, {.on = true, .level = 1.0, .trip_power = 4.0}, k_long);
  EXPECT_EQ(rail.circuit.load(rail.load, k_long).tripped, k_over_power);
  EXPECT_NEAR(rail.voltage(2 * k_long), 5.0, 1e-9);
}

TEST(Circuit, a_fifth_load_on_one_node_is_refused) {
  Rail rail;
  for (int i = 0; i < 3; ++i) (void)rail.circuit.add_load(rail.node, {}, 0);
  EXPECT_THROW((void)rail.circuit.add_load(rail.node, {}, 0), ConfigurationError);
}

TEST(Circuit, many_changes_keep_a_bounded_history) {
  Rail rail;
  for (int i = 0; i < 100'000; ++i) {
    rail.circuit.set_source(rail.supply, {true, 1.0 + 1e-6 * i, 1.0}, i * 100);
  }
  const NodeTrace trace = rail.circuit.trace(rail.node, 0, k_long);
  EXPECT_NEAR(trace.voltage(k_long), 1.099999, 1e-9);
}

}  // namespace
}  // namespace wheatstone::simulation
