#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>
#include <wheatstone/error.hpp>

#include "simulation/simulated_bench.hpp"
#include "socket_server.hpp"
#include "transport/tcp_socket.hpp"

namespace wheatstone {
namespace {

std::int64_t within(int milliseconds) {
  return base::system_clock().monotonic() + std::int64_t{milliseconds} * 1'000'000;
}

/// An instrument of a simulated bench behind a socket, and a client at the other end.
struct Served {
  Served(simulation::SimulatedBench& bench, const std::string& alias, std::string_view profile)
      : server(bench.instrument(alias, profile::load_profile(profile))),
        link(transport::open_transport(transport::ResourceName::parse(server.address()), within(5000))) {}

  std::string query(std::string_view message) {
    link->write(message, within(5000));
    return link->read_message(within(5000));
  }

  testing::SocketServer server;
  std::unique_ptr<transport::Transport> link;
};

TEST(ServedInstrument, answers_as_it_does_in_process) {
  simulation::SimulatedBench bench;
  Served psu(bench, "psu", "keysight/EDU36311A");
  EXPECT_EQ(psu.query("*IDN?"), profile::load_profile("keysight/EDU36311A")->idn_reply);
  psu.link->write("VOLT 2.5,(@1)", within(5000));
  EXPECT_EQ(psu.query("VOLT? (@1)"), "+2.50000000E+00");
  psu.link->write("VOLTS 1", within(5000));
  EXPECT_EQ(psu.query("SYST:ERR?"), "-113,\"Undefined header\"");
}

TEST(ServedInstrument, shares_its_circuit_with_instruments_that_are_not_served) {
  simulation::SimulatedBench bench;
  Served psu(bench, "psu", "keysight/EDU36311A");
  const auto dmm = bench.connect("dmm", profile::load_profile("keysight/34470A"));
  psu.link->write("VOLT 2,(@1);:OUTP ON,(@1)", within(5000));
  EXPECT_EQ(psu.query("OUTP? (@1)"), "1");
  dmm->write("READ?", within(5000));
  EXPECT_NEAR(std::stod(dmm->read_message(within(5000))), 2.0, 0.01);
}

TEST(ServedInstrument, transfers_a_block_with_newlines_in_it) {
  simulation::SimulatedBench bench;
  Served scope(bench, "scope", "keysight/DSOX1204G");
  // The rail at 0 V gives code 128; an offset brings it to 10, which is a newline.
  scope.link->write(":CHAN1:PROB 1;:CHAN1:SCAL 1;:CHAN1:OFFS 3.69;:DIG CHAN1;:WAV:POIN 1000", within(5000));
  const std::string block = scope.query(":WAV:DATA?");
  ASSERT_EQ(block.size(), 1010U);
  EXPECT_EQ(block.substr(0, 10), "#800001000");
}

TEST(ServedInstrument, an_unanswered_query_times_out_and_the_link_works_again_after_clear) {
  simulation::SimulatedBench bench;
  Served scope(bench, "scope", "keysight/DSOX1204G");
  scope.link->write(":TRIG:SWE NORM;:TRIG:LEV -1;:DIG CHAN1;*OPC?", within(5000));
  EXPECT_THROW((void)scope.link->read_message(within(50)), TimeoutError);
  scope.link->clear(within(5000));
  EXPECT_TRUE(scope.query("*IDN?").starts_with("KEYSIGHT"));
}

TEST(ServedInstrument, several_clients_of_several_instruments_do_not_disturb_each_other) {
  simulation::SimulatedBench bench;
  Served psu(bench, "psu", "keysight/EDU36311A");
  Served dmm(bench, "dmm", "keysight/34470A");
  Served load(bench, "load", "keysight/EL33133A");
  std::vector<std::thread> threads;
  for (Served* one : {&psu, &dmm, &load}) {
    threads.emplace_back([one] {
      const std::string identity = one->query("*IDN?");
      for (int i = 0; i < 200; ++i) EXPECT_EQ(one->query("*IDN?"), identity);
      EXPECT_EQ(one->query("SYST:ERR?"), "+0,\"No error\"");
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace wheatstone
