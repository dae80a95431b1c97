#pragma once
// Host names to addresses, within a time-out.

#include <cstdint>
#include <string>
#include <vector>

namespace wheatstone::io {

/// An address as the socket interface takes it: `bytes` is a sockaddr of that family.
struct SocketAddress {
  int family = 0;
  std::vector<char> bytes = {};
};

/// At least one address, in the resolver's order. The system's resolver knows no time-out, so a name is looked up on a
/// thread of its own, which is left to itself where it outlives the deadline. Throws ConnectionError, Interrupted.
[[nodiscard]] std::vector<SocketAddress> resolve(const std::string& host, std::uint16_t port, std::int64_t deadline);

}  // namespace wheatstone::io
