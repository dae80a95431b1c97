#include "io/resolve.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <thread>
#include <wheatstone/error.hpp>

#include "base/blocking.hpp"
#include "base/clock.hpp"

namespace wheatstone::io {
namespace {

struct Found {
  int error = 0;
  std::vector<SocketAddress> addresses = {};
};

Found look_up(const std::string& host, std::uint16_t port, int flags) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  Found found;
  found.error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &list);
  for (const addrinfo* a = list; a != nullptr; a = a->ai_next) {
    const char* const bytes = reinterpret_cast<const char*>(a->ai_addr);
    found.addresses.push_back({a->ai_family, std::vector<char>(bytes, bytes + a->ai_addrlen)});
  }
  if (list != nullptr) ::freeaddrinfo(list);
  return found;
}

Found look_up_by(const std::string& host, std::uint16_t port, std::int64_t deadline) {
  std::promise<Found> promise;
  std::future<Found> answer = promise.get_future();
  std::thread([promise = std::move(promise), host, port]() mutable {
    promise.set_value(look_up(host, port, 0));
  }).detach();
  const base::BlockingRegion region;
  while (true) {
    const std::int64_t left = deadline - base::system_clock().monotonic();
    const std::int64_t slice = std::clamp<std::int64_t>(left, 0, base::k_interruption_check);
    if (answer.wait_for(std::chrono::nanoseconds(slice)) == std::future_status::ready) return answer.get();
    if (base::interruption_requested()) throw Interrupted("Connecting was interrupted");
    if (left <= slice) throw ConnectionError(fmt::format("The name {} was not resolved within the time-out", host));
  }
}

}  // namespace

std::vector<SocketAddress> resolve(const std::string& host, std::uint16_t port, std::int64_t deadline) {
  Found found = look_up(host, port, AI_NUMERICHOST);
  if (found.error != 0) found = look_up_by(host, port, deadline);
  if (found.error != 0) {
    throw ConnectionError(
        fmt::format("The host {} is not known: {}; check the name in the address", host, ::gai_strerror(found.error)));
  }
  return std::move(found.addresses);
}

}  // namespace wheatstone::io
