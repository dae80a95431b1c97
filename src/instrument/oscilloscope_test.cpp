#include <wheatstone/oscilloscope.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "instrument/fake_transport.hpp"
#include "instrument/make_instrument.hpp"

namespace wheatstone::instrument {
namespace {

using Lines = std::vector<std::string>;

class OscilloscopeTest : public ::testing::Test {
 protected:
  OscilloscopeTest() {
    auto made = std::make_unique<FakeTransport>();
    wire = made.get();
    wire->answer = [](const std::string& message) {
      return message == "*IDN?" ? "KEYSIGHT TECHNOLOGIES,DSOX1204G,CN1,1.0" : FakeTransport::usual(message);
    };
    instrument =
        make_instrument("scope", profile::load_profile("keysight/DSOX1204G"), std::move(made), base::system_clock());
    scope = dynamic_cast<Oscilloscope*>(instrument.get());
    wire->take_written();
  }

  FakeTransport* wire;
  std::unique_ptr<Instrument> instrument;
  Oscilloscope* scope;
};

TEST_F(OscilloscopeTest, sets_a_channel_up_in_one_message_the_probe_before_the_volts) {
  scope->channel(2).setup(
      {.scale = 0.5, .offset = 1, .coupling = Coupling::ac, .probe_attenuation = 10, .bandwidth_limit = true});
  EXPECT_EQ(wire->take_written(),
            (Lines{"CHAN2:COUP AC;:CHAN2:PROB 10;:CHAN2:BWL ON;:CHAN2:SCAL 0.5;:CHAN2:OFFS 1;:SYST:ERR?"}));
}

TEST_F(OscilloscopeTest, sets_several_channels_up_alike) {
  const ScopeChannels both = scope->channels({1, 3}).setup({.scale = 0.5}).enable();
  EXPECT_EQ(both.numbers(), (std::vector<int>{1, 3}));
  EXPECT_EQ(wire->take_written(), (Lines{"CHAN1:SCAL 0.5;:SYST:ERR?", "CHAN3:SCAL 0.5;:SYST:ERR?",
                                         "CHAN1:DISP ON;:SYST:ERR?", "CHAN3:DISP ON;:SYST:ERR?"}));
  for (const std::vector<int>& wrong : {std::vector<int>{}, {1, 5}, {2, 2}})
    EXPECT_THROW(static_cast<void>(scope->channels(wrong)), ConfigurationError);
  EXPECT_TRUE(wire->take_written().empty());
}

TEST_F(OscilloscopeTest, turns_a_position_in_divisions_into_an_offset) {
  scope->channel(1).setup({.scale = 0.5, .position = 2});
  EXPECT_EQ(wire->take_written(), (Lines{"CHAN1:SCAL 0.5;:CHAN1:OFFS -1;:SYST:ERR?"}));
}

TEST_F(OscilloscopeTest, sets_an_edge_trigger_on_a_channel_and_on_a_source_without_a_level) {
  scope->trigger().setup_edge("CH2", 1.5, TriggerSlope::negative);
  scope->trigger().setup_edge("line", 0);
  EXPECT_EQ(wire->take_written(),
            (Lines{"TRIG:MODE EDGE;:TRIG:EDGE:SOUR CHAN2;:TRIG:EDGE:LEV 1.5,CHAN2;:TRIG:EDGE:SLOP NEG;:SYST:ERR?",
                   "TRIG:MODE EDGE;:TRIG:EDGE:SOUR LINE;:TRIG:EDGE:SLOP POS;:SYST:ERR?"}));
}

TEST_F(OscilloscopeTest, digitizes_without_an_error_query_in_the_same_message) {
  const int both[] = {1, 3};
  scope->digitize(both);
  EXPECT_EQ(wire->take_written(), (Lines{"TIM:RANG?", "DIG CHAN1,CHAN3", "*OPC?"}));
}

TEST_F(OscilloscopeTest, turns_bytes_into_volts_holes_into_nan_and_counts_what_was_clipped) {
  // The first reply is to the settings' error query; the preamble and the record follow.
  wire->script = {"+0,\"No error\"", "0,0,4,1,+1.0E-06,-2.0E-06,0,+1.0E-02,+5.0E-01,128",
                  std::string("#14") + '\x80' + '\x00' + '\x01' + '\xff'};
  const ScopeRecord record = scope->read_channels(1, {.digitize = false});
  EXPECT_EQ(wire->take_written(), (Lines{"WAV:SOUR CHAN1;:WAV:FORM BYTE;:WAV:UNS ON;:WAV:POIN:MODE NORM;:SYST:ERR?",
                                         "WAV:PRE?", "WAV:DATA?"}));
  const Waveform& waveform = record.waveforms.at(0);
  ASSERT_EQ(waveform.samples.size(), 4U);
  EXPECT_DOUBLE_EQ(waveform.samples[0], 0.5);
  EXPECT_TRUE(std::isnan(waveform.samples[1]));
  EXPECT_DOUBLE_EQ(waveform.samples[3], (255 - 128) * 0.01 + 0.5);
  EXPECT_EQ(record.clipped, 2U);
  EXPECT_DOUBLE_EQ(record.sampling_rate, 1e6) << "the record's rate, whatever the scope samples at";
  EXPECT_DOUBLE_EQ(waveform.t0, -2e-6);
  EXPECT_EQ(record.times()[2], -2e-6 + 2 * 1e-6);
}

TEST_F(OscilloscopeTest, limits_the_points_of_one_record_and_not_of_the_next) {
  wire->answer = [](const std::string& m) {
    if (m == "WAV:PRE?") return std::string("0,0,4,1,+1.0E-06,-2.0E-06,0,+1.0E-02,+5.0E-01,128");
    return m == "WAV:DATA?" ? std::string("#11") + '\x80' : FakeTransport::usual(m);
  };
  const auto settings = [&](const ReadChannelsOptions& options) {
    static_cast<void>(scope->read_channels(1, options));
    return wire->take_written().at(0);
  };
  const std::string source = "WAV:SOUR CHAN1;:WAV:FORM BYTE;:WAV:UNS ON;:WAV:POIN:MODE ";
  EXPECT_EQ(settings({.digitize = false, .points = 100}), source + "RAW;:WAV:POIN 100;:SYST:ERR?");
  EXPECT_EQ(settings({.digitize = false}), source + "NORM;:WAV:POIN 1000;:SYST:ERR?");
  EXPECT_EQ(settings({.digitize = false}), source + "NORM;:SYST:ERR?");
}

TEST_F(OscilloscopeTest, refuses_garbage_where_a_record_belongs) {
  wire->script = {"+0,\"No error\"", "1,2,3"};
  EXPECT_THROW(static_cast<void>(scope->read_channels(1, {.digitize = false})), CommunicationError);
  wire->script = {"+0,\"No error\"", "0,0,4,1,1,0,0,1,0,128", "#9000"};
  EXPECT_THROW(static_cast<void>(scope->read_channels(1, {.digitize = false})), CommunicationError);
}

TEST_F(OscilloscopeTest, asks_for_measurements_as_the_manual_prints_them) {
  wire->script = {"+1.0E-01", "+5.0E-01", "+1.0E+00", "+9.9E+37"};
  const Reading reading = scope->measure_vpp(1);
  EXPECT_EQ(wire->take_written(), (Lines{"MEAS:VPP? CHAN1", "CHAN1:SCAL?", "CHAN1:PROB?"}));
  EXPECT_NEAR(reading.uncertainty, 0.0325 * 8 * 0.5 / std::sqrt(3.0), 1e-12);
  EXPECT_EQ(scope->measure_frequency(2).status, ReadingStatus::overload) << "a measurement that cannot be made";
  static_cast<void>(scope->measure_rms(1));
  static_cast<void>(scope->measure_mean(1));
  EXPECT_EQ(wire->take_written(), (Lines{"MEAS:FREQ? CHAN2", "MEAS:VRMS? DISP,DC,CHAN1", "MEAS:VAV? DISP,CHAN1"}));
}

TEST_F(OscilloscopeTest, refuses_what_it_does_not_have_and_sends_nothing) {
  const int none[] = {5};
  EXPECT_THROW(static_cast<void>(scope->channel(5)), ConfigurationError);
  EXPECT_THROW(static_cast<void>(scope->read_channels(none)), ConfigurationError);
  EXPECT_THROW(static_cast<void>(scope->read_channels(std::span<const int>{})), ConfigurationError);
  EXPECT_THROW(static_cast<void>(scope->measure_vpp(0)), ConfigurationError);
  EXPECT_THROW(scope->set_timebase_scale(std::numeric_limits<double>::infinity()), LimitError);
  EXPECT_THROW(scope->set_timebase_scale(1000), LimitError);
  EXPECT_THROW(scope->setup_edge("CH7", 1), ConfigurationError);
  EXPECT_THROW(scope->setup_edge("somewhere", 1), ConfigurationError);
  EXPECT_THROW(scope->set_average_count(1), LimitError);
  EXPECT_TRUE(wire->take_written().empty());
}

TEST(ScopeNames, are_taken_short_and_long_in_any_case) {
  EXPECT_EQ(from_name<TriggerSlope>("POSITIVE"), TriggerSlope::positive);
  EXPECT_EQ(from_name<TriggerSlope>("falling"), TriggerSlope::negative);
  EXPECT_EQ(from_name<AcquisitionType>("NORMAL"), AcquisitionType::normal);
  EXPECT_EQ(from_name<AcquisitionType>("HIGH_RES"), AcquisitionType::high_resolution);
  EXPECT_EQ(from_name<Coupling>("dc"), Coupling::dc);
  EXPECT_EQ(from_name<TriggerSweep>("AUTO"), TriggerSweep::automatic);
  EXPECT_THROW(static_cast<void>(from_name<TriggerSlope>("sideways")), ConfigurationError);
}

}  // namespace
}  // namespace wheatstone::instrument
