#include "instrument/rehearsal.hpp"

#include <gtest/gtest.h>

#include <wheatstone/multimeter.hpp>
#include <wheatstone/power_supply.hpp>

#include "base/test_refusal.hpp"
#include "instrument/fake_transport.hpp"
#include "instrument/make_instrument.hpp"

namespace wheatstone::instrument {
namespace {

using base::expect_says;
using base::reason;

template <class Kind>
struct Rehearsed {
  explicit Rehearsed(const char* profile) {
    auto made = std::make_unique<FakeTransport>();
    wire = made.get();
    wire->answer = [](const std::string& message) {
      const bool is_meter = message == "*IDN?" && std::is_same_v<Kind, Multimeter>;
      return is_meter ? "Keysight Technologies,34470A,MY1,1.0" : FakeTransport::usual(message);
    };
    instrument = make_instrument("it", profile::load_profile(profile), std::move(made), base::system_clock());
    wire->take_written();
  }
  Kind& driver() { return dynamic_cast<Kind&>(*instrument); }

  FakeTransport* wire = nullptr;
  std::unique_ptr<Instrument> instrument;
};

TEST(Rehearsal, refuses_what_a_driver_would_and_sends_nothing) {
  Rehearsed<Multimeter> meter("keysight/34470A");
  {
    Rehearsal rehearsal(meter.instrument->conversation());
    const auto set = [&](double nplc) {
      return rehearsal.passes([&] { meter.driver().set_nplc(nplc, MultimeterFunction::voltage_dc); });
    };
    EXPECT_TRUE(set(10));
    expect_says(reason<LimitError>([&] { (void)set(7); }), "7 is none of the model's steps");
    EXPECT_EQ(meter.driver().known_integration()->seconds(), 0.2);
  }
  EXPECT_TRUE(meter.wire->take_written().empty());
  EXPECT_FALSE(meter.driver().known_integration()) << "what was not sent is not remembered";
}

TEST(Rehearsal, ends_at_a_question) {
  Rehearsed<PowerSupply> supply("keysight/EDU36311A");
  bool is_past = false;
  {
    Rehearsal rehearsal(supply.instrument->conversation());
    EXPECT_FALSE(rehearsal.passes([&] {
      (void)supply.driver().read_voltage(1);
      is_past = true;
    }));
  }
  EXPECT_FALSE(is_past);
  EXPECT_TRUE(supply.wire->take_written().empty());
}

TEST(Rehearsal, checks_raw_text_and_turns_nothing_on) {
  Rehearsed<PowerSupply> supply("keysight/EDU36311A");
  {
    Rehearsal rehearsal(supply.instrument->conversation());
    EXPECT_TRUE(rehearsal.passes([&] { supply.instrument->write("VOLT 5,(@1)"); }));
    EXPECT_TRUE(rehearsal.passes([&] { supply.driver().output(1, true); }));
    expect_says(reason<LimitError>([&] { (void)rehearsal.passes([&] { supply.instrument->write("VOLT 9,(@1)"); }); }),
                "voltage of 9");
  }
  EXPECT_TRUE(supply.wire->take_written().empty());
  EXPECT_FALSE(supply.instrument->is_anything_on());
}

}  // namespace
}  // namespace wheatstone::instrument
