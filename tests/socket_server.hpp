#pragma once
// Serves a simulated instrument on a raw loopback socket, as instruments do on port 5025; for tests.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "simulation/simulated_instrument.hpp"

namespace wheatstone::testing {

/// Listens on 127.0.0.1 at a port of the system's choice from construction to destruction, for one client after
/// another. Messages end with a newline; answers get one. The instrument's own lock guards it.
class SocketServer {
 public:
  explicit SocketServer(std::shared_ptr<simulation::SimulatedInstrument> instrument)
      : instrument_(std::move(instrument)),
        listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
        stop_(::eventfd(0, EFD_CLOEXEC)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || stop_ < 0 || ::bind(listener_, generic, size) != 0 || ::listen(listener_, 4) != 0 ||
        ::getsockname(listener_, generic, &size) != 0) {
      throw std::runtime_error("the test's socket server cannot listen on loopback");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }

  ~SocketServer() {
    const std::uint64_t one = 1;
    if (::write(stop_, &one, sizeof one) == sizeof one) thread_.join();
    ::close(listener_);
    ::close(stop_);
  }

  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  /// "TCPIP::127.0.0.1::PORT::SOCKET"
  [[nodiscard]] std::string address() const { return "TCPIP::127.0.0.1::" + std::to_string(port_) + "::SOCKET"; }

 private:
  enum class Event { readable, elapsed, stopped };

  void serve() {
    while (wait(listener_, -1) != Event::stopped) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      const int on = 1;
      ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const bool stopped = converse(client);
      ::close(client);
      instrument_->clear();  // a new connection finds an empty input and output
      if (stopped) return;
    }
  }

  /// True when the server is to stop, false when the client has gone.
  bool converse(int client) {
    std::string input;
    for (;;) {
      const int timeout = answer(client);
      const Event event = wait(client, timeout);
      if (event == Event::stopped) return true;
      if (event == Event::elapsed) continue;
      char bytes[65536];
      const ssize_t count = ::recv(client, bytes, sizeof bytes, 0);
      if (count <= 0) return false;
      input.append(bytes, static_cast<std::size_t>(count));
      for (std::size_t end = input.find('\n'); end != std::string::npos; end = input.find('\n')) {
        std::string message = input.substr(0, end);
        if (message.ends_with('\r')) message.pop_back();
        input.erase(0, end + 1);
        instrument_->write(message);
        (void)answer(client);
      }
    }
  }

  /// Sends what is ready. Returns how many milliseconds until there may be more, -1 for none in the making.
  int answer(int client) {
    const simulation::SimulatedInstrument::Output output = instrument_->read();
    if (output.response) {
      const std::string line = *output.response + '\n';
      for (std::size_t sent = 0; sent < line.size();) {
        const ssize_t count = ::send(client, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) return -1;
        sent += static_cast<std::size_t>(count);
      }
      return -1;
    }
    if (!output.ready_at) return -1;
    const std::int64_t left = *output.ready_at - instrument_->time().now();
    return left <= 0 ? 0 : static_cast<int>(left / 1'000'000 + 1);
  }

  Event wait(int descriptor, int timeout_ms) const {
    pollfd descriptors[2] = {{descriptor, POLLIN, 0}, {stop_, POLLIN, 0}};
    const int ready = ::poll(descriptors, 2, timeout_ms);
    if (descriptors[1].revents != 0) return Event::stopped;
    return ready > 0 ? Event::readable : Event::elapsed;
  }

  std::shared_ptr<simulation::SimulatedInstrument> instrument_;
  int listener_;
  int stop_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace wheatstone::testing
