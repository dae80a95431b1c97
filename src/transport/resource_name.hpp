#pragma once
// VISA resource names (VPP-4.3, section 4.3.1.1: the grammar of addresses).

#include <cstdint>
#include <string>
#include <string_view>

namespace wheatstone::transport {

/// An address, taken apart. Fields that the interface does not have are empty or zero.
struct ResourceName {
  enum class Interface : std::uint8_t { tcpip, gpib, usb, serial, pxi, vxi, prologix };

  std::string text = {};  ///< as it was given
  Interface interface = Interface::tcpip;
  int board = 0;
  std::string host = {};    ///< without the brackets of an IPv6 address
  std::uint16_t port = 0;   ///< of a SOCKET
  std::string device = {};  ///< LAN device name ("inst0", "hislip0"), or what stands between interface and class
  std::string resource_class = {};  ///< "SOCKET", "INSTR", upper case

  /// Throws ConfigurationError that says what is wrong and what a name looks like.
  [[nodiscard]] static ResourceName parse(std::string_view text);

  /// One spelling for equal addresses where the interface allows it: "TCPIP0::host::5025::SOCKET", host in lower case.
  [[nodiscard]] std::string canonical() const;
};

}  // namespace wheatstone::transport
