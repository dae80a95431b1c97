// The drivers against the simulated bench: what one instrument sets, the others see.

#include <gtest/gtest.h>

#include <cmath>
#include <thread>
#include <wheatstone/electronic_load.hpp>
#include <wheatstone/multimeter.hpp>
#include <wheatstone/oscilloscope.hpp>
#include <wheatstone/power_supply.hpp>

#include "bench/connect.hpp"

namespace wheatstone {
namespace {

using namespace std::chrono_literals;

class DriversTest : public ::testing::Test {
 protected:
  template <class Kind>
  std::unique_ptr<Instrument> make(const char* alias, const char* profile, Kind*& kind) {
    auto made = bench::connect(alias, profile, {.simulate = true}, world, base::system_clock());
    kind = dynamic_cast<Kind*>(made.get());
    EXPECT_NE(kind, nullptr);
    return made;
  }

  simulation::SimulatedBench world;
  PowerSupply* psu = nullptr;
  Multimeter* dmm = nullptr;
  ElectronicLoad* load = nullptr;
  Oscilloscope* scope = nullptr;
  std::unique_ptr<Instrument> a = make("psu", "keysight/EDU36311A", psu);
  std::unique_ptr<Instrument> b = make("dmm", "keysight/34470A", dmm);
  std::unique_ptr<Instrument> c = make("load", "keysight/EL33133A", load);
  std::unique_ptr<Instrument> d = make("scope", "keysight/DSOX1204G", scope);
};

TEST_F(DriversTest, the_meter_reads_what_the_supply_sets) {
  psu->channel(1).set(2.0, 0.5).on();
  const Reading reading = dmm->measure_voltage_dc();
  EXPECT_NEAR(reading.value, 2.0, 0.001 * 2 + 0.005 + 1e-3);
  EXPECT_EQ(reading.unit, Unit("V"));
  EXPECT_EQ(reading.quantity, "voltage dc");
  EXPECT_GT(reading.uncertainty, 0);
  EXPECT_LT(reading.uncertainty, 1e-3);
  EXPECT_TRUE(psu->channel(1).get_output_state());
  EXPECT_NEAR(psu->channel(1).get_voltage().value, 2.0, 0.01);
}

TEST_F(DriversTest, a_load_above_the_limit_pulls_the_supply_down) {
  psu->channel(1).set(5.0, 0.5).on();
  load->set_mode("CC");
  load->set_load(1.0);
  load->enable_input();
  EXPECT_TRUE(load->is_input_enabled());
  EXPECT_NEAR(psu->read_current(1).value, 0.5, 0.02);
  EXPECT_LT(dmm->measure_voltage_dc().value, 1.0);
  EXPECT_NEAR(load->measure_current().value, 0.5, 0.02);
  load->make_safe();
  psu->make_safe();
  EXPECT_FALSE(load->is_input_enabled());
  EXPECT_FALSE(psu->get_output_state(1));
}

TEST_F(DriversTest, every_measuring_function_of_the_meter_answers) {
  for (const auto function :
       {MultimeterFunction::voltage_dc, MultimeterFunction::voltage_ac, MultimeterFunction::current_dc,
        MultimeterFunction::current_ac, MultimeterFunction::resistance, MultimeterFunction::resistance_4w,
        MultimeterFunction::frequency, MultimeterFunction::period, MultimeterFunction::temperature,
        MultimeterFunction::continuity, MultimeterFunction::diode, MultimeterFunction::capacitance}) {
    const Reading reading = dmm->measure(function);
    EXPECT_FALSE(reading.text.empty()) << name_of(function);
    EXPECT_EQ(dmm->function(), function);
  }
  EXPECT_TRUE(dmm->read_errors().empty());
}

TEST_F(DriversTest, a_range_given_with_one_measurement_does_not_overload_the_next) {
  psu->channel(1).set(5.0, 0.5).on();
  EXPECT_EQ(dmm->measure_voltage_dc(1.0, 1e-8).status, ReadingStatus::overload);
  EXPECT_EQ(dmm->nplc(), 100);
  EXPECT_NEAR(dmm->measure_voltage_dc().value, 5.0, 0.01);
  EXPECT_EQ(dmm->nplc(), 10);
  EXPECT_EQ(dmm->measure_voltage_dc(1.0).status, ReadingStatus::overload);
  EXPECT_TRUE(dmm->get_config().automatic_range);
}

TEST_F(DriversTest, points_given_with_one_record_do_not_shorten_the_next) {
  scope->set_trigger_sweep(TriggerSweep::automatic);
  const std::size_t all = scope->read_channels(1).waveforms.at(0).samples.size();
  EXPECT_EQ(scope->read_channels(1, {.points = 100}).waveforms.at(0).samples.size(), 100U);
  EXPECT_EQ(scope->read_channels(1).waveforms.at(0).samples.size(), all);
  EXPECT_GT(all, 100U);
}

TEST_F(DriversTest, a_level_of_another_range_names_the_call_that_lets_it_through) {
  load->set_mode("CR");
  try {
    load->set_load(10);
    FAIL();
  } catch (const InstrumentError& error) {
    EXPECT_NE(std::string(error.what()).find("call set_range(10) first"), std::string::npos) << error.what();
  }
  load->set_range(10);
  EXPECT_NO_THROW(load->set_load(10));
  EXPECT_DOUBLE_EQ(load->load_setpoint(), 10);
}

TEST_F(DriversTest, what_is_configured_stays) {
  dmm->configure(MultimeterFunction::voltage_dc, 10.0);
  dmm->set_nplc(0.2);
  static_cast<void>(dmm->measure_voltage_dc());
  static_cast<void>(dmm->measure_resistance());
  static_cast<void>(dmm->measure_voltage_dc());
  EXPECT_DOUBLE_EQ(dmm->nplc(MultimeterFunction::voltage_dc), 0.2);
  const MultimeterSettings settings = dmm->get_config();
  EXPECT_EQ(settings.function, MultimeterFunction::voltage_dc);
  EXPECT_DOUBLE_EQ(settings.range, 10);
  EXPECT_FALSE(settings.automatic_range);
  dmm->set_range(MeasuringRange::automatic());
  EXPECT_TRUE(dmm->get_config().automatic_range);
}

TEST_F(DriversTest, an_overload_is_a_reading_with_a_status) {
  psu->channel(1).set(5.0, 0.5).on();
  const Reading reading = dmm->measure_voltage_dc(1.0);
  EXPECT_EQ(reading.status, ReadingStatus::overload);
  EXPECT_TRUE(std::isinf(reading.value));
  EXPECT_TRUE(std::isnan(reading.uncertainty));
}

TEST_F(DriversTest, several_samples_come_as_several_readings) {
  psu->channel(1).set(1.0, 0.5).on();
  dmm->set_function(MultimeterFunction::voltage_dc);
  dmm->set_sample_count(5);
  const std::vector<Reading> readings = dmm->read_many();
  ASSERT_EQ(readings.size(), 5U);
  for (const Reading& reading : readings) EXPECT_NEAR(reading.value, 1.0, 0.01);
}

TEST_F(DriversTest, a_reading_is_started_and_fetched) {
  psu->channel(1).set(1.0, 0.5).on();
  dmm->set_function(MultimeterFunction::voltage_dc);
  dmm->initiate();
  EXPECT_NEAR(dmm->fetch().value, 1.0, 0.01);
}

TEST_F(DriversTest, the_supply_reads_back_what_was_set) {
  psu->channel(2).set(12.0, 0.25);
  psu->set_over_voltage_protection(2, 15);
  psu->enable_over_current_protection(2);
  const std::vector<SupplySettings> all = psu->get_configuration();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_DOUBLE_EQ(all[1].voltage, 12);
  EXPECT_DOUBLE_EQ(all[1].current_limit, 0.25);
  EXPECT_FALSE(all[1].output);
  EXPECT_FALSE(psu->is_over_voltage_tripped(2));
  EXPECT_FALSE(psu->is_over_current_tripped(2));
  psu->clear_protection(2);
}

TEST_F(DriversTest, the_load_keeps_a_level_for_each_mode) {
  for (const auto mode : {LoadMode::constant_current, LoadMode::constant_voltage, LoadMode::constant_resistance,
                          LoadMode::constant_power}) {
    load->set_mode(mode);
    EXPECT_EQ(load->mode(), mode);
  }
  load->set_current(0.5);
  load->set_resistance(100);
  load->set_mode(LoadMode::constant_current);
  EXPECT_DOUBLE_EQ(load->load_setpoint(), 0.5);
  load->set_mode(LoadMode::constant_resistance);
  EXPECT_DOUBLE_EQ(load->load_setpoint(), 100);
  EXPECT_THROW(load->set_load(1e9), LimitError);
  load->set_mode("CC");
  load->set_slew_rate(1000);
  load->configure_transient({.mode = TransientMode::continuous, .level = 1.0, .frequency = 100, .duty_cycle = 50});
  load->start_transient(true);
  load->stop_transient();
  load->set_over_current_protection(2);
  load->set_over_power_protection(100);
  load->set_over_voltage_protection(50);
  load->clear_protection();
  EXPECT_TRUE(load->read_errors().empty());
}

TEST_F(DriversTest, the_scope_sees_the_supplys_voltage) {
  psu->channel(1).set(3.0, 0.5).on();
  static_cast<void>(dmm->measure_voltage_dc());  // takes long enough for the output to rise
  scope->channel(1).setup({.scale = 1.0, .offset = 2.0, .coupling = Coupling::dc}).enable();
  scope->set_time_axis(1e-3, 0);
  const ScopeRecord record = scope->read_channels(1);
  ASSERT_EQ(record.waveforms.size(), 1U);
  const Waveform& waveform = record.waveforms.front();
  ASSERT_GT(waveform.samples.size(), 99U);
  double sum = 0;
  for (const double sample : waveform.samples) sum += sample;
  EXPECT_NEAR(sum / static_cast<double>(waveform.samples.size()), 3.0, 0.4);
  EXPECT_GT(waveform.dt, 0);
  EXPECT_EQ(record.times().size(), waveform.samples.size());
  const Frame frame = record.to_frame();
  EXPECT_EQ(frame.columns[0].first, "Time (s)");
  EXPECT_EQ(frame.columns[1].first, "Channel 1 (V)");
  EXPECT_NEAR(scope->measure_mean(1).value, 3.0, 0.4);
  EXPECT_NEAR(scope->measure_rms(1).value, 3.0, 0.4);
  EXPECT_GE(scope->measure_vpp(1).value, 0.0);
  EXPECT_GT(scope->measure_vpp(1).uncertainty, 0.0);
}

TEST_F(DriversTest, two_channels_of_the_scope_share_one_time_axis) {
  const int both[] = {1, 2};
  const ScopeRecord record = scope->read_channels(both);
  ASSERT_EQ(record.waveforms.size(), 2U);
  EXPECT_EQ(record.waveforms[0].samples.size(), record.waveforms[1].samples.size());
  EXPECT_EQ(record.to_frame().columns.size(), 3U);
}

TEST_F(DriversTest, the_scopes_settings_read_back) {
  scope->channel(2).setup({.scale = 0.5, .position = 2, .probe_attenuation = 10, .bandwidth_limit = true});
  EXPECT_DOUBLE_EQ(scope->get_channel_axis(2).scale, 0.5);
  EXPECT_DOUBLE_EQ(scope->get_channel_axis(2).position, -1.0);
  EXPECT_DOUBLE_EQ(scope->get_probe_attenuation(2), 10);
  scope->set_time_axis(2e-3, 1e-3);
  EXPECT_DOUBLE_EQ(scope->get_time_axis().scale, 2e-3);
  EXPECT_DOUBLE_EQ(scope->get_time_axis().position, 1e-3);
  scope->trigger()
      .setup_edge("CH1", 0.5, TriggerSlope::negative, TriggerCoupling::ac)
      .set_sweep(TriggerSweep::automatic);
  scope->acquisition().set_type(AcquisitionType::average).set_average_count(4);
  EXPECT_EQ(scope->acquisition().type(), AcquisitionType::average);
  EXPECT_EQ(scope->acquisition().average_count(), 4);
  EXPECT_GT(scope->acquisition().sample_rate(), 0);
  EXPECT_GT(scope->acquisition().points(), 0);
  EXPECT_THROW(scope->setup_channel(1, {.position = 1, .offset = 1}), ConfigurationError);
  EXPECT_THROW(static_cast<void>(scope->channel(5)), ConfigurationError);
  EXPECT_TRUE(scope->read_errors().empty());
}

TEST_F(DriversTest, a_single_acquisition_waits_for_its_trigger_and_can_be_forced) {
  scope->trigger().setup_edge(1, 20.0).set_sweep(TriggerSweep::normal).single();
  EXPECT_FALSE(scope->trigger().wait(20ms));
  scope->trigger().force();
  EXPECT_TRUE(scope->trigger().wait(5s));
}

TEST_F(DriversTest, digitizing_without_a_trigger_ends_at_the_time_out_and_says_why) {
  scope->trigger().setup_edge(1, 20.0).set_sweep(TriggerSweep::normal);
  scope->set_timeout(200ms);
  const int one[] = {1};
  try {
    scope->digitize(one);
    FAIL();
  } catch (const TimeoutError& error) {
    EXPECT_NE(std::string(error.what()).find("no trigger"), std::string::npos) << error.what();
  }
  EXPECT_NE(scope->id().find("DSOX1204G"), std::string::npos);
}

TEST_F(DriversTest, threads_interleave_between_transactions_and_errors_stay_with_their_command) {
  // One thread sets what is refused by the instrument, the other what is taken: each sees its own outcome only.
  constexpr int k_rounds = 300;
  std::atomic<int> refused = 0;
  std::atomic<int> wrong = 0;
  std::jthread bad([&] {
    for (int i = 0; i < k_rounds; ++i) {
      try {
        psu->write("OUTP:NONSENSE 1");
        ++wrong;
      } catch (const InstrumentError& error) {
        error.context().command == "OUTP:NONSENSE 1" ? ++refused : ++wrong;
      }
    }
  });
  for (int i = 0; i < k_rounds; ++i) {
    const double volts = 0.01 * i;
    psu->set_voltage(1, volts);
    const auto lock = psu->lock();
    psu->set_voltage(2, volts);
    EXPECT_NEAR(psu->voltage_setpoint(2), volts, 0.0015) << "nobody came between";
  }
  bad.join();
  EXPECT_EQ(refused, k_rounds);
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace wheatstone
