#include <wheatstone/multimeter.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "instrument/fake_transport.hpp"
#include "instrument/make_instrument.hpp"

namespace wheatstone::instrument {
namespace {

using Lines = std::vector<std::string>;

class MultimeterTest : public ::testing::Test {
 protected:
  MultimeterTest() {
    auto made = std::make_unique<FakeTransport>();
    wire = made.get();
    wire->answer = [](const std::string& message) {
      return message == "*IDN?" ? "Keysight Technologies,34470A,MY1,1.0" : FakeTransport::usual(message);
    };
    instrument =
        make_instrument("dmm", profile::load_profile("keysight/34470A"), std::move(made), base::system_clock());
    dmm = dynamic_cast<Multimeter*>(instrument.get());
    wire->take_written();
  }

  FakeTransport* wire;
  std::unique_ptr<Instrument> instrument;
  Multimeter* dmm;
};

TEST_F(MultimeterTest, selects_once_and_then_only_reads) {
  static_cast<void>(dmm->measure_voltage_dc());
  EXPECT_EQ(wire->take_written(), (Lines{"FUNC \"VOLT\";:SYST:ERR?", "VOLT:RANG:AUTO?", "READ?"}));
  static_cast<void>(dmm->measure_voltage_dc());
  EXPECT_EQ(wire->take_written(), (Lines{"READ?"}));
}

TEST_F(MultimeterTest, looks_again_after_raw_text_and_after_a_reset) {
  static_cast<void>(dmm->measure_voltage_dc());
  for (const bool raw : {true, false}) {
    raw ? dmm->write("FUNC \"RES\"") : dmm->reset();
    wire->take_written();
    static_cast<void>(dmm->measure_voltage_dc());
    EXPECT_EQ(wire->take_written(), (Lines{"FUNC \"VOLT\";:SYST:ERR?", "VOLT:RANG:AUTO?", "READ?"}));
  }
}

TEST_F(MultimeterTest, keeps_a_range_for_the_measurements_that_it_is_given_with) {
  static_cast<void>(dmm->measure_voltage_dc(10.0));
  EXPECT_EQ(wire->take_written(),
            (Lines{"FUNC \"VOLT\";:SYST:ERR?", "VOLT:RANG:AUTO?", "VOLT:RANG 10;:SYST:ERR?", "READ?"}));
  static_cast<void>(dmm->measure_voltage_dc(1.0));
  EXPECT_EQ(wire->take_written(), (Lines{"VOLT:RANG 1;:SYST:ERR?", "READ?"}));
  static_cast<void>(dmm->measure_voltage_dc());
  static_cast<void>(dmm->measure_voltage_dc());
  EXPECT_EQ(wire->take_written(), (Lines{"VOLT:RANG:AUTO ON;:SYST:ERR?", "READ?", "READ?"}));
}

TEST_F(MultimeterTest, goes_back_to_the_range_and_the_integration_time_that_were_configured) {
  dmm->configure(MultimeterFunction::voltage_dc, 10.0);
  dmm->set_nplc(1);
  wire->answer = [](const std::string& m) {
    if (m == "VOLT:APER:ENAB?") return std::string("0");
    return FakeTransport::usual(m);
  };
  wire->take_written();
  static_cast<void>(dmm->measure_voltage_dc(0.1, 1e-8));
  EXPECT_EQ(wire->take_written(), (Lines{"VOLT:RANG 0.1;:SYST:ERR?", "VOLT:APER:ENAB?", "VOLT:NPLC?",
                                         "VOLT:RES 1e-08;:SYST:ERR?", "VOLT:NPLC?", "READ?"}));
  static_cast<void>(dmm->measure_voltage_dc());
  EXPECT_EQ(wire->take_written(), (Lines{"VOLT:RANG 10;:SYST:ERR?", "VOLT:NPLC?", "VOLT:NPLC 1;:SYST:ERR?", "READ?"}));
  static_cast<void>(dmm->measure_voltage_dc(1.0));
  dmm->configure(MultimeterFunction::voltage_dc, 100.0);
  wire->take_written();
  static_cast<void>(dmm->measure_voltage_dc());
  EXPECT_EQ(wire->take_written(), (Lines{"READ?"})) << "configured since";
}

TEST_F(MultimeterTest, reads_many_and_starts_readings_as_it_was_configured) {
  static_cast<void>(dmm->measure_voltage_dc(10.0));
  wire->take_written();
  static_cast<void>(dmm->read_many());
  EXPECT_EQ(wire->take_written(), (Lines{"VOLT:RANG:AUTO ON;:SYST:ERR?", "READ?"}));
  static_cast<void>(dmm->measure_voltage_dc(10.0));
  wire->take_written();
  dmm->initiate();
  EXPECT_EQ(wire->take_written(), (Lines{"VOLT:RANG:AUTO ON;:SYST:ERR?", "INIT"}));
}

TEST_F(MultimeterTest, tells_what_is_configured_and_not_what_was_lent) {
  static_cast<void>(dmm->measure_voltage_dc(10.0));
  wire->take_written();
  wire->answer = [](const std::string& m) {
    return m == "CONF?" ? std::string("\"VOLT +1.00000000E+01,+1.00000000E-06\"") : FakeTransport::usual(m);
  };
  EXPECT_TRUE(dmm->get_config().automatic_range);
  EXPECT_EQ(wire->take_written(), (Lines{"CONF?", "VOLT:RANG:AUTO ON;:SYST:ERR?", "CONF?", "VOLT:RANG:AUTO?"}));
}

TEST_F(MultimeterTest, does_not_go_back_behind_a_reset) {
  dmm->configure(MultimeterFunction::voltage_dc, 10.0);
  static_cast<void>(dmm->measure_voltage_dc(MeasuringRange::automatic()));
  dmm->reset();
  wire->take_written();
  static_cast<void>(dmm->measure_voltage_dc());
  EXPECT_EQ(wire->take_written(), (Lines{"FUNC \"VOLT\";:SYST:ERR?", "VOLT:RANG:AUTO?", "READ?"}));
}

TEST_F(MultimeterTest, leaves_a_range_that_raw_text_set_after_one_that_was_lent) {
  wire->answer = [](const std::string& m) {
    if (m == "VOLT:RANG:AUTO?") return std::string("0");
    return m == "VOLT:RANG?" ? std::string("+1.0E+02") : FakeTransport::usual(m);
  };
  static_cast<void>(dmm->measure_voltage_dc(10.0));
  dmm->write("VOLT:RANG 100");
  wire->take_written();
  static_cast<void>(dmm->measure_voltage_dc());
  EXPECT_EQ(wire->take_written(), (Lines{"FUNC \"VOLT\";:SYST:ERR?", "VOLT:RANG:AUTO?", "VOLT:RANG?", "READ?"}));
}

TEST_F(MultimeterTest, takes_the_uncertainty_from_the_range_that_is_set) {
  wire->answer = [](const std::string& m) { return m == "READ?" ? std::string("+5.0E-01") : FakeTransport::usual(m); };
  EXPECT_NEAR(dmm->measure_voltage_dc(10.0).uncertainty, (16e-6 * 0.5 + 2e-6 * 10) / std::sqrt(3.0), 1e-12);
  EXPECT_NEAR(dmm->measure_voltage_dc(1.0).uncertainty, (20e-6 * 0.5 + 4e-6 * 1) / std::sqrt(3.0), 1e-12);
}

TEST_F(MultimeterTest, takes_the_larger_of_the_ranges_that_it_may_have_chosen) {
  wire->answer = [](const std::string& m) { return m == "READ?" ? std::string("+1.1E+00") : FakeTransport::usual(m); };
  EXPECT_NEAR(dmm->measure_voltage_dc(MeasuringRange::automatic()).uncertainty,
              (16e-6 * 1.1 + 2e-6 * 10) / std::sqrt(3.0), 1e-12);
}

TEST_F(MultimeterTest, reads_overload_and_not_a_number_with_a_status) {
  for (const auto& [answer, status] : {std::pair{"+9.90000000E+37", ReadingStatus::overload},
                                       std::pair{"-9.90000000E+37", ReadingStatus::overload_low},
                                       std::pair{"+9.91000000E+37", ReadingStatus::not_a_number}}) {
    static_cast<void>(dmm->measure_voltage_dc());
    wire->script = {std::string(answer)};
    const Reading reading = dmm->measure_voltage_dc();
    EXPECT_EQ(reading.status, status);
    EXPECT_FALSE(std::isfinite(reading.value));
    EXPECT_EQ(reading.text, answer);
    EXPECT_TRUE(std::isnan(reading.uncertainty));
  }
}

TEST_F(MultimeterTest, configures_in_one_command) {
  dmm->configure(MultimeterFunction::resistance_4w, 1000.0, 0.001);
  dmm->configure(MultimeterFunction::voltage_ac);
  dmm->configure(MultimeterFunction::current_dc, MeasuringRange::maximum());
  EXPECT_EQ(wire->take_written(),
            (Lines{"CONF:FRES 1000,0.001;:SYST:ERR?", "CONF:VOLT:AC;:SYST:ERR?", "CONF:CURR:DC MAX;:SYST:ERR?"}));
}

TEST_F(MultimeterTest, refuses_what_the_meter_cannot_do_and_sends_nothing) {
  dmm->configure(MultimeterFunction::voltage_dc);
  wire->take_written();
  EXPECT_THROW(dmm->configure(MultimeterFunction::voltage_dc, MeasuringRange::automatic(), 1e-3), ConfigurationError);
  EXPECT_THROW(dmm->set_resolution(1e-3), ConfigurationError) << "the range is automatic";
  EXPECT_THROW(dmm->set_range(5000.0), LimitError);
  EXPECT_THROW(dmm->set_range(-1.0), LimitError);
  EXPECT_THROW(dmm->set_range(std::numeric_limits<double>::quiet_NaN()), LimitError);
  EXPECT_THROW(dmm->set_nplc(5), LimitError) << "no step of this model";
  EXPECT_THROW(dmm->set_aperture(10), LimitError);
  EXPECT_THROW(dmm->set_sample_count(0), LimitError);
  EXPECT_THROW(dmm->set_trigger_source("sometimes"), ConfigurationError);
  EXPECT_THROW(dmm->set_range(1.0, MultimeterFunction::diode), ConfigurationError);
  EXPECT_TRUE(wire->take_written().empty());
}

TEST_F(MultimeterTest, starts_a_reading_without_a_question_behind_it) {
  dmm->set_function(MultimeterFunction::voltage_dc);
  wire->take_written();
  dmm->initiate();
  static_cast<void>(dmm->fetch());
  EXPECT_EQ(wire->take_written(), (Lines{"INIT", "FETC?"}));
}

TEST_F(MultimeterTest, understands_its_configuration) {
  wire->script = {"\"VOLT:AC +1.00000000E+01,+1.00000000E-03\"", "0"};
  const MultimeterSettings settings = dmm->get_config();
  EXPECT_EQ(settings.function, MultimeterFunction::voltage_ac);
  EXPECT_EQ(settings.range, 10);
  EXPECT_EQ(settings.resolution, 1e-3);
  EXPECT_FALSE(settings.automatic_range);
  EXPECT_EQ(settings.unit, Unit("V"));
}

TEST(MultimeterFunctionNames, are_taken_in_any_spelling_and_the_nearest_is_named) {
  EXPECT_EQ(from_name<MultimeterFunction>("VOLTAGE_DC"), MultimeterFunction::voltage_dc);
  EXPECT_EQ(from_name<MultimeterFunction>("DC Voltage"), MultimeterFunction::voltage_dc);
  EXPECT_EQ(from_name<MultimeterFunction>("volt:ac"), MultimeterFunction::voltage_ac);
  EXPECT_EQ(from_name<MultimeterFunction>("FRESISTANCE"), MultimeterFunction::resistance_4w);
  for (int i = 0; i <= static_cast<int>(MultimeterFunction::capacitance); ++i) {
    const auto function = static_cast<MultimeterFunction>(i);
    EXPECT_EQ(from_name<MultimeterFunction>(name_of(function)), function);
  }
  EXPECT_THROW(static_cast<void>(from_name<MultimeterFunction>("")), ConfigurationError);
  try {
    static_cast<void>(from_name<MultimeterFunction>("resistanse"));
    FAIL();
  } catch (const ConfigurationError& error) {
    EXPECT_STREQ(error.what(), "'resistanse' is no measuring function; did you mean 'resistance' or 'resistance_4w'?");
  }
}

}  // namespace
}  // namespace wheatstone::instrument
