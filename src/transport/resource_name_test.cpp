#include "transport/resource_name.hpp"

#include <gtest/gtest.h>

#include <wheatstone/error.hpp>

namespace wheatstone::transport {
namespace {

TEST(ResourceName, takes_raw_sockets_apart) {
  for (const char* const text : {"TCPIP::psu.lab::5025::SOCKET", "TCPIP0::psu.lab::5025::SOCKET",
                                 "tcpip::PSU.lab::5025::socket", "  TCPIP::psu.lab::5025::SOCKET "}) {
    const ResourceName name = ResourceName::parse(text);
    EXPECT_EQ(name.resource_class, "SOCKET") << text;
    EXPECT_EQ(name.port, 5025) << text;
    EXPECT_EQ(name.canonical(), "TCPIP0::psu.lab::5025::SOCKET") << text;
  }
}

TEST(ResourceName, keeps_ipv6_addresses_whole) {
  const ResourceName name = ResourceName::parse("TCPIP1::[fe80::1]::5025::SOCKET");
  EXPECT_EQ(name.host, "fe80::1");
  EXPECT_EQ(name.board, 1);
  EXPECT_EQ(name.canonical(), "TCPIP1::[fe80::1]::5025::SOCKET");
}

TEST(ResourceName, knows_the_other_interfaces) {
  EXPECT_EQ(ResourceName::parse("TCPIP::scope::INSTR").device, "inst0");
  EXPECT_EQ(ResourceName::parse("TCPIP::scope").resource_class, "INSTR");
  EXPECT_EQ(ResourceName::parse("TCPIP::scope::hislip0::INSTR").device, "hislip0");
  EXPECT_EQ(ResourceName::parse("GPIB0::22::INSTR").device, "22");
  EXPECT_EQ(ResourceName::parse("USB0::0x2A8D::0x0101::MY123::INSTR").device, "0x2A8D::0x0101::MY123");
  EXPECT_EQ(ResourceName::parse("ASRL/dev/ttyUSB0::INSTR").device, "/dev/ttyUSB0");
  EXPECT_EQ(ResourceName::parse("ASRL3::INSTR").board, 3);
}

TEST(ResourceName, refuses_what_is_none_and_shows_one) {
  for (const char* const text : {"", "psu.lab", "psu.lab:5025", "TCPIP", "TCPIP::", "TCPIP::h::SOCKET",
                                 "TCPIP::h::0::SOCKET", "TCPIP::h::70000::SOCKET", "TCPIP::h::5025x::SOCKET",
                                 "TCPIP::h::1::2::SOCKET", "TCPIPx::h::1::SOCKET", "TCPIP::h::a::b::INSTR", "GPIB0"}) {
    try {
      static_cast<void>(ResourceName::parse(text));
      FAIL() << text;
    } catch (const ConfigurationError& error) {
      EXPECT_NE(std::string(error.what()).find("TCPIP::host::port::SOCKET"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace wheatstone::transport
