#pragma once
// SCPI over a raw TCP socket: messages end with a newline, and nothing else goes over the wire.

#include <cstdint>
#include <memory>
#include <string>

#include "io/socket.hpp"
#include "transport/resource_name.hpp"
#include "transport/transport.hpp"

namespace wheatstone::transport {

/// Connects. Throws ConnectionError at the deadline at the latest, ConfigurationError where the name is no SOCKET.
///
/// A raw socket has no device clear, no serial poll and no service request. clear() opens the connection anew, which
/// gives an answer that comes late no way to reach a later question; the status byte is asked for with *STB?, a trigger
/// is *TRG. After a time-out, an interruption or garbage in the middle of an exchange the link is closed until clear().
/// A link that the other side closed is not opened again by itself either: an instrument that was switched off and on
/// has forgotten its settings.
[[nodiscard]] std::unique_ptr<Transport> open_tcp_socket(const ResourceName& name, std::int64_t deadline,
                                                         io::Network& network = io::system_network());

/// Opens the transport that a resource name asks for. Throws ConfigurationError for interfaces that are not there.
[[nodiscard]] std::unique_ptr<Transport> open_transport(const ResourceName& name, std::int64_t deadline,
                                                        io::Network& network = io::system_network());

}  // namespace wheatstone::transport
