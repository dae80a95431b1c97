#include "simulation/waveform_record.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace wheatstone::simulation {
namespace {

WaveformRecord digitised(double volts_per_division, double (*signal)(double)) {
  WaveformRecord record;
  record.axis.volts_per_division = volts_per_division;
  record.interval = 1e-6;
  for (int i = 0; i < 10'000; ++i) record.codes.push_back(record.axis.code_of(signal(i * record.interval)));
  return record;
}

double sine(double t) { return 2 * std::sin(2 * std::numbers::pi * 1000 * t); }
double square(double t) { return std::fmod(t, 1e-3) < 0.5e-3 ? 3.0 : 1.0; }
double quiet(double) { return 2.003; }

TEST(WaveformRecord, steps_of_a_code_follow_volts_per_division) {
  VerticalAxis axis{.volts_per_division = 1.0, .offset = 0};
  EXPECT_DOUBLE_EQ(axis.step(), 1.0 / 32);
  EXPECT_EQ(axis.code_of(0), 128);
  EXPECT_NEAR(axis.volts_of(axis.code_of(2.0)), 2.0, axis.step() / 2);
}

TEST(WaveformRecord, clips_to_the_ends_of_the_converter) {
  const VerticalAxis axis{.volts_per_division = 0.1, .offset = 0};
  EXPECT_EQ(axis.code_of(5.0), 0xff);
  EXPECT_EQ(axis.code_of(-5.0), 0x01);
}

TEST(WaveformRecord, measures_a_sine_within_its_steps) {
  const WaveformRecord record = digitised(1.0, sine);
  const double step = record.axis.step();
  EXPECT_NEAR(measure::peak_to_peak(record).value(), 4.0, step);
  EXPECT_NEAR(measure::rms(record).value(), std::numbers::sqrt2, step);
  EXPECT_NEAR(measure::mean(record).value(), 0.0, step);
  EXPECT_NEAR(measure::frequency(record).value(), 1000.0, 1.0);
  EXPECT_NEAR(measure::period(record).value(), 1e-3, 1e-6);
}

TEST(WaveformRecord, the_amplitude_of_a_square_is_from_base_to_top) {
  const WaveformRecord record = digitised(1.0, square);
  EXPECT_NEAR(measure::amplitude(record).value(), 2.0, record.axis.step());
  EXPECT_NEAR(measure::top(record).value(), 3.0, record.axis.step());
  EXPECT_NEAR(measure::base(record).value(), 1.0, record.axis.step());
}

TEST(WaveformRecord, a_quiet_rail_has_no_frequency) {
  const WaveformRecord record = digitised(1.0, quiet);
  EXPECT_EQ(measure::peak_to_peak(record), 0.0);
  EXPECT_FALSE(measure::frequency(record).has_value());
}

TEST(WaveformRecord, what_is_clipped_cannot_be_measured) {
  const WaveformRecord record = digitised(0.1, sine);
  EXPECT_FALSE(measure::peak_to_peak(record).has_value());
  EXPECT_FALSE(measure::rms(record).has_value());
  EXPECT_FALSE(measure::maximum(record).has_value());
}

}  // namespace
}  // namespace wheatstone::simulation
