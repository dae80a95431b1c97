#include "io/socket.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>
#include <thread>
#include <wheatstone/error.hpp>

#include "base/clock.hpp"

namespace wheatstone::io {
namespace {

constexpr std::int64_t k_second = 1'000'000'000;
std::int64_t after(double seconds) {
  return base::system_clock().monotonic() + static_cast<std::int64_t>(seconds * static_cast<double>(k_second));
}

/// A port of this machine that listens.
class Listener {
 public:
  explicit Listener(int backlog = 4) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd_, backlog), 0);
    socklen_t size = sizeof address;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~Listener() { ::close(fd_); }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int accept() const { return ::accept(fd_, nullptr, nullptr); }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

TEST(Socket, carries_bytes_both_ways) {
  const Listener listener;
  const auto socket = system_network().connect("127.0.0.1", listener.port(), after(5));
  const int peer = listener.accept();
  socket->write(std::string_view("ping"), after(5));
  std::array<char, 16> bytes{};
  EXPECT_EQ(::recv(peer, bytes.data(), 4, MSG_WAITALL), 4);
  EXPECT_EQ(std::string_view(bytes.data(), 4), "ping");
  EXPECT_EQ(::send(peer, "pong", 4, 0), 4);
  EXPECT_EQ(socket->read_some(bytes, after(5)), 4U);
  EXPECT_EQ(std::string_view(bytes.data(), 4), "pong");
  ::close(peer);
  EXPECT_EQ(socket->read_some(bytes, after(5)), 0U) << "the peer closed";
}

TEST(Socket, resolves_names) {
  const Listener listener;
  EXPECT_NO_THROW(static_cast<void>(system_network().connect("localhost", listener.port(), after(5))));
  try {
    static_cast<void>(system_network().connect("no-such-host.invalid", 5025, after(10)));
    FAIL();
  } catch (const ConnectionError& error) {
    EXPECT_NE(std::string(error.what()).find("no-such-host.invalid"), std::string::npos);
  }
}

TEST(Socket, says_when_nobody_listens) {
  std::uint16_t port = 0;
  {
    const Listener gone;
    port = gone.port();
  }
  EXPECT_THROW(static_cast<void>(system_network().connect("127.0.0.1", port, after(5))), ConnectionError);
}

TEST(Socket, gives_up_at_the_deadline_where_nobody_answers_a_connection) {
  // A full backlog drops what comes: the connection is neither taken nor refused.
  const Listener deaf(0);
  std::vector<std::unique_ptr<Socket>> filling;
  const std::int64_t begin = base::system_clock().monotonic();
  try {
    for (int i = 0; i < 8; ++i) filling.push_back(system_network().connect("127.0.0.1", deaf.port(), after(0.2)));
    FAIL() << "the backlog did not fill";
  } catch (const ConnectionError& error) {
    EXPECT_NE(std::string(error.what()).find("time-out"), std::string::npos) << error.what();
  }
  EXPECT_GE(base::system_clock().monotonic() - begin, k_second / 5);
}

TEST(Socket, times_out_waiting_for_bytes) {
  const Listener listener;
  const auto socket = system_network().connect("127.0.0.1", listener.port(), after(5));
  std::array<char, 4> bytes{};
  const std::int64_t begin = base::system_clock().monotonic();
  EXPECT_THROW(static_cast<void>(socket->read_some(bytes, after(0.05))), TimeoutError);
  EXPECT_GE(base::system_clock().monotonic() - begin, k_second / 20);
}

TEST(Socket, is_cancelled_from_another_thread) {
  const Listener listener;
  const auto socket = system_network().connect("127.0.0.1", listener.port(), after(5));
  std::jthread other([&] { socket->cancel(); });
  std::array<char, 4> bytes{};
  EXPECT_THROW(static_cast<void>(socket->read_some(bytes, after(60))), Interrupted);
  EXPECT_THROW(static_cast<void>(socket->read_some(bytes, after(60))), Interrupted) << "until it is reset";
  other.join();
  socket->reset_cancel();
  EXPECT_THROW(static_cast<void>(socket->read_some(bytes, after(0.01))), TimeoutError);
}

TEST(Socket, times_out_writing_to_a_peer_that_does_not_read) {
  const Listener listener;
  const auto socket = system_network().connect("127.0.0.1", listener.port(), after(5));
  const std::string much(64 << 20, 'x');
  EXPECT_THROW(socket->write(much, after(0.2)), TimeoutError);
}

}  // namespace
}  // namespace wheatstone::io
