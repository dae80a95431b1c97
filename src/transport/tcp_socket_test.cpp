#include "transport/tcp_socket.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "transport/fake_network.hpp"

namespace wheatstone::transport {
namespace {

constexpr std::int64_t k_later = INT64_MAX;

class TcpSocketTest : public ::testing::Test {
 protected:
  FakeNetwork network;
  std::unique_ptr<Transport> link = open_tcp_socket(ResourceName::parse("TCPIP::psu::5025::SOCKET"), k_later, network);

  std::string ask(std::string_view text) {
    link->write(text, k_later);
    return link->read_message(k_later);
  }
};

TEST_F(TcpSocketTest, ends_what_it_writes_and_takes_the_end_off_what_it_reads) {
  network.script = {"+1.5E+00\n"};
  EXPECT_EQ(ask("VOLT?"), "+1.5E+00");
  EXPECT_EQ(network.written, "VOLT?\n");
  EXPECT_EQ(link->address(), "TCPIP0::psu::5025::SOCKET");
}

TEST_F(TcpSocketTest, puts_the_end_on_settings_too) {
  link->write("VOLT 1.5", k_later);
  EXPECT_EQ(network.written, "VOLT 1.5\n");
}

TEST_F(TcpSocketTest, joins_an_answer_that_comes_in_pieces) {
  network.script = {"+1.", "5E", "+00", "\n"};
  EXPECT_EQ(ask("VOLT?"), "+1.5E+00");
}

TEST_F(TcpSocketTest, keeps_two_answers_that_come_together_apart) {
  network.script = {"1\n2\n"};
  EXPECT_EQ(ask("A?"), "1");
  EXPECT_EQ(ask("B?"), "2");
}

TEST_F(TcpSocketTest, reads_a_block_by_its_length_whatever_it_holds) {
  std::string contents(100'000, '\n');
  network.script = {"#6100000" + contents, "\n"};
  EXPECT_EQ(ask("DATA?"), "#6100000" + contents);
}

TEST_F(TcpSocketTest, takes_carriage_returns_off_text_only) {
  network.script = {"text\r\n", "#12a\r\n"};
  EXPECT_EQ(ask("A?"), "text");
  EXPECT_EQ(ask("B?"), "#12a\r");
}

TEST_F(TcpSocketTest, is_closed_after_a_time_out_until_it_is_cleared) {
  network.script = {Silence{}};
  EXPECT_THROW(ask("VOLT?"), TimeoutError);
  EXPECT_THROW(link->write("VOLT?", k_later), ConnectionError);
  link->clear(k_later);
  EXPECT_EQ(network.connections, 2);
  network.script = {"2\n"};
  EXPECT_EQ(ask("VOLT?"), "2");
}

TEST_F(TcpSocketTest, never_gives_half_of_an_answer) {
  network.script = {"+1.", Silence{}};
  try {
    static_cast<void>(ask("VOLT?"));
    FAIL();
  } catch (const TimeoutError& error) {
    EXPECT_STREQ(error.what(), "The answer broke off after 3 bytes and did not end within the time-out");
  }
  link->clear(k_later);
  network.script = {"2\n"};
  EXPECT_EQ(ask("CURR?"), "2") << "what was half read is gone";
}

TEST_F(TcpSocketTest, names_a_peer_that_hung_up_and_stays_closed) {
  network.script = {"+1.", PeerCloses{}};
  EXPECT_THROW(ask("VOLT?"), CommunicationError);
  EXPECT_THROW(ask("VOLT?"), ConnectionError);
  EXPECT_EQ(network.connections, 1) << "it does not connect again by itself";
}

TEST_F(TcpSocketTest, is_closed_after_garbage_where_a_block_was_announced) {
  network.script = {"#2xyz\n"};
  EXPECT_THROW(ask("DATA?"), CommunicationError);
  EXPECT_THROW(ask("DATA?"), ConnectionError);
}

TEST_F(TcpSocketTest, is_closed_after_a_write_that_broke) {
  network.write_breaks = true;
  EXPECT_THROW(link->write("VOLT 1", k_later), CommunicationError);
  network.write_breaks = false;
  EXPECT_THROW(link->write("VOLT 1", k_later), ConnectionError);
}

TEST_F(TcpSocketTest, stays_interrupted_across_a_clear_until_the_cancel_is_reset) {
  link->cancel();
  EXPECT_THROW(link->write("VOLT 1", k_later), Interrupted);
  link->clear(k_later);
  EXPECT_THROW(link->write("VOLT 1", k_later), Interrupted);
  link->reset_cancel();
  link->clear(k_later);
  EXPECT_NO_THROW(link->write("VOLT 1", k_later));
}

TEST_F(TcpSocketTest, asks_for_the_status_byte_in_text) {
  network.script = {"+68\n", "nonsense\n"};
  EXPECT_EQ(link->read_status_byte(k_later), 68);
  EXPECT_EQ(network.written, "*STB?\n");
  EXPECT_THROW(static_cast<void>(link->read_status_byte(k_later)), CommunicationError);
}

TEST_F(TcpSocketTest, shows_its_tap_what_passed) {
  std::vector<std::string> seen;
  link->set_tap([&](Direction direction, std::string_view message) {
    seen.push_back((direction == Direction::written ? "> " : "< ") + std::string(message));
  });
  network.script = {"1\n"};
  static_cast<void>(ask("VOLT?"));
  EXPECT_EQ(seen, (std::vector<std::string>{"> VOLT?", "< 1"}));
}

TEST_F(TcpSocketTest, does_not_open_again_once_it_was_closed) {
  link->close();
  EXPECT_THROW(link->write("VOLT 1", k_later), ConnectionError);
  EXPECT_THROW(link->clear(k_later), ConnectionError);
}

TEST(OpenTransport, refuses_protocols_that_are_not_there_and_offers_one_that_is) {
  FakeNetwork network;
  for (const char* const name : {"TCPIP::scope::INSTR", "TCPIP::scope::hislip0::INSTR", "GPIB0::22::INSTR"}) {
    try {
      static_cast<void>(open_transport(ResourceName::parse(name), k_later, network));
      FAIL() << name;
    } catch (const ConfigurationError& error) {
      EXPECT_NE(std::string(error.what()).find("::SOCKET"), std::string::npos) << error.what();
    }
  }
  EXPECT_EQ(network.connections, 0);
}

}  // namespace
}  // namespace wheatstone::transport
