#include "bench/connect.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>
#include <wheatstone/electronic_load.hpp>
#include <wheatstone/multimeter.hpp>
#include <wheatstone/oscilloscope.hpp>
#include <wheatstone/power_supply.hpp>

#include "../socket_server.hpp"

namespace wheatstone::bench {
namespace {

using namespace std::chrono_literals;

class ConnectTest : public ::testing::Test {
 protected:
  std::unique_ptr<Instrument> simulated(const char* alias, const char* profile) {
    return connect(alias, profile, {.simulate = true}, world, base::system_clock());
  }
  std::unique_ptr<Instrument> served(const char* alias, const char* profile, const testing::SocketServer& server,
                                     Duration timeout = 2s) {
    return connect(alias, profile, {.simulate = false, .address = server.address(), .timeout = timeout}, world,
                   base::system_clock());
  }
  testing::SocketServer serve(const char* alias, const char* profile) {
    return testing::SocketServer(world.instrument(alias, profile::load_profile(profile)));
  }

  simulation::SimulatedBench world;
};

TEST_F(ConnectTest, makes_the_class_of_the_profiles_kind) {
  EXPECT_NE(dynamic_cast<PowerSupply*>(simulated("psu", "keysight/EDU36311A").get()), nullptr);
  EXPECT_NE(dynamic_cast<Multimeter*>(simulated("dmm", "keysight/34470a").get()), nullptr);
  EXPECT_NE(dynamic_cast<ElectronicLoad*>(simulated("load", "keysight/EL33133A").get()), nullptr);
  EXPECT_NE(dynamic_cast<Oscilloscope*>(simulated("scope", "keysight/DSOX1204G").get()), nullptr);
}

TEST_F(ConnectTest, measures_over_a_raw_socket_what_it_set_over_another) {
  const auto psu_server = serve("psu", "keysight/EDU36311A");
  const auto dmm_server = serve("dmm", "keysight/34470A");
  const auto psu = served("psu", "keysight/EDU36311A", psu_server);
  const auto dmm = served("dmm", "", dmm_server);
  EXPECT_EQ(dmm->profile_name(), "keysight/34470A") << "found by *IDN?";
  EXPECT_FALSE(psu->is_simulated());
  dynamic_cast<PowerSupply&>(*psu).channel(1).set(3.0, 0.5).on();
  EXPECT_NEAR(dynamic_cast<Multimeter&>(*dmm).measure_voltage_dc().value, 3.0, 0.02);
}

TEST_F(ConnectTest, refuses_another_instrument_than_the_profiles_naming_both) {
  const auto server = serve("dmm", "keysight/34470A");
  try {
    static_cast<void>(served("psu", "keysight/EDU36311A", server));
    FAIL();
  } catch (const ConfigurationError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("34470A"), std::string::npos) << text;
    EXPECT_NE(text.find("keysight/EDU36311A"), std::string::npos) << text;
  }
}

TEST_F(ConnectTest, takes_any_instrument_for_generic_scpi) {
  const auto server = serve("dmm", "keysight/34470A");
  const auto any = served("any", "generic/scpi", server);
  EXPECT_NE(any->query("*IDN?").find("34470A"), std::string::npos);
  EXPECT_EQ(any->kind(), "generic");
}

TEST_F(ConnectTest, holds_a_real_address_exclusively_unless_shared) {
  const auto server = serve("dmm", "keysight/34470A");
  const auto first = served("dmm", "keysight/34470A", server);
  EXPECT_THROW(static_cast<void>(served("again", "keysight/34470A", server)), ConnectionError);
  first->close();
  EXPECT_NO_THROW(static_cast<void>(served("again", "keysight/34470A", server)));
}

TEST_F(ConnectTest, gives_up_within_its_time_out_where_nobody_answers) {
  const std::int64_t begin = base::system_clock().monotonic();
  EXPECT_THROW(
      static_cast<void>(connect("psu", "keysight/EDU36311A",
                                {.simulate = false, .address = "TCPIP::192.0.2.1::5025::SOCKET", .timeout = 300ms},
                                world, base::system_clock())),
      ConnectionError);
  EXPECT_LT(base::system_clock().monotonic() - begin, 3'000'000'000);
}

TEST_F(ConnectTest, needs_something_to_connect_to) {
  for (const InstrumentOptions& options : {InstrumentOptions{.simulate = false}, InstrumentOptions{.simulate = true},
                                           InstrumentOptions{.simulate = false, .address = "psu.lab"},
                                           InstrumentOptions{.simulate = true, .timeout = 0s}}) {
    EXPECT_THROW(static_cast<void>(connect("psu", "", options, world, base::system_clock())), ConfigurationError);
  }
}

TEST_F(ConnectTest, lets_the_environment_decide_where_nobody_else_does) {
  ASSERT_EQ(::setenv("WHEATSTONE_SIMULATE", "yes", 1), 0);
  EXPECT_TRUE(is_simulated({}));
  EXPECT_FALSE(is_simulated({.simulate = false}));
  ::setenv("WHEATSTONE_SIMULATE", "maybe", 1);
  EXPECT_THROW(static_cast<void>(is_simulated({})), ConfigurationError);
  ::setenv("WHEATSTONE_SIMULATE", "0", 1);
  ::setenv("PYTESTLAB_SIMULATE", "1", 1);
  EXPECT_FALSE(is_simulated({}));
  ::unsetenv("WHEATSTONE_SIMULATE");
  EXPECT_TRUE(is_simulated({}));
  ::unsetenv("PYTESTLAB_SIMULATE");
  EXPECT_FALSE(is_simulated({}));
}

TEST_F(ConnectTest, recovers_over_tcp_from_a_question_that_is_not_understood) {
  const auto server = serve("dmm", "keysight/34470A");
  const auto dmm = served("dmm", "keysight/34470A", server, 300ms);
  try {
    static_cast<void>(dmm->query("NONSENSE?"));
    FAIL();
  } catch (const TimeoutError& error) {
    EXPECT_NE(std::string(error.what()).find("-113"), std::string::npos) << error.what();
    EXPECT_EQ(error.context().command, "NONSENSE?");
  }
  EXPECT_NE(dmm->id().find("34470A"), std::string::npos) << "the link goes on";
}

TEST_F(ConnectTest, ends_a_wait_over_tcp_when_another_thread_cancels) {
  const auto server = serve("dmm", "keysight/34470A");
  const auto dmm = served("dmm", "keysight/34470A", server, 60s);
  std::jthread other([&] { dmm->cancel(); });
  EXPECT_THROW(static_cast<void>(dmm->query("NONSENSE?")), Interrupted);
  other.join();
  dmm->resume_after_cancel();
  EXPECT_NE(dmm->id().find("34470A"), std::string::npos);
}

TEST_F(ConnectTest, reports_a_stale_error_queue_and_does_not_raise_it) {
  const auto instrument = world.instrument("dmm", profile::load_profile("keysight/34470A"));
  instrument->write("NONSENSE");
  const auto dmm = simulated("dmm", "keysight/34470A");
  ASSERT_EQ(dmm->connection_notes().size(), 1U);
  EXPECT_NE(dmm->connection_notes().front().find("-113"), std::string::npos) << dmm->connection_notes().front();
  EXPECT_EQ(dmm->next_error().number, 0);
}

}  // namespace
}  // namespace wheatstone::bench
