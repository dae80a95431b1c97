#include "io/socket.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <wheatstone/error.hpp>

#include "base/blocking.hpp"
#include "base/clock.hpp"
#include "io/resolve.hpp"

namespace wheatstone::io {
namespace {

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  void reset() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

enum class Wait : std::uint8_t { ready, cancelled, timed_out };

/// Waits until `fd` is ready for `events`, `cancel_fd` is readable, or the deadline. Asks the runtime now and then.
Wait wait_for(int fd, short events, int cancel_fd, std::int64_t deadline) {
  const base::BlockingRegion region;
  const base::Clock& clock = base::system_clock();
  while (true) {
    const std::int64_t left = deadline - clock.monotonic();
    const std::int64_t slice = std::clamp<std::int64_t>(left, 0, base::k_interruption_check);
    std::array<pollfd, 2> wanted{pollfd{fd, events, 0}, pollfd{cancel_fd, POLLIN, 0}};
    const int ready = ::poll(wanted.data(), cancel_fd < 0 ? 1 : 2, static_cast<int>((slice + 999'999) / 1'000'000));
    if (ready > 0 && cancel_fd >= 0 && wanted[1].revents != 0) return Wait::cancelled;
    if (ready > 0) return Wait::ready;
    if (ready < 0 && errno != EINTR) {
      throw CommunicationError(fmt::format("Waiting for the network failed: {}", std::strerror(errno)));
    }
    if (base::interruption_requested()) return Wait::cancelled;
    if (ready == 0 && left <= slice) return Wait::timed_out;
  }
}

class SystemSocket final : public Socket {
 public:
  explicit SystemSocket(Descriptor fd) : fd_(std::move(fd)), cancel_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (cancel_.get() < 0) throw ConnectionError(fmt::format("No event descriptor: {}", std::strerror(errno)));
  }

  std::size_t read_some(std::span<char> bytes, std::int64_t deadline) override {
    while (true) {
      await(POLLIN, deadline, "answer");
      const ssize_t n = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
      if (n >= 0) return static_cast<std::size_t>(n);
      if (!is_transient(errno)) broke("reading");
    }
  }

  void write(std::span<const char> bytes, std::int64_t deadline) override {
    while (!bytes.empty()) {
      await(POLLOUT, deadline, "room to write");
      const ssize_t n = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n >= 0) {
        bytes = bytes.subspan(static_cast<std::size_t>(n));
      } else if (!is_transient(errno)) {
        broke("writing");
      }
    }
  }

  void cancel() noexcept override {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(cancel_.get(), &one, sizeof one);  // full means cancelled already
  }
  void reset_cancel() noexcept override {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t n = ::read(cancel_.get(), &count, sizeof count);
  }
  void close() noexcept override { fd_.reset(); }

 private:
  static bool is_transient(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }
  [[noreturn]] static void broke(std::string_view doing) {
    throw CommunicationError(fmt::format("The connection broke while {}: {}", doing, std::strerror(errno)));
  }
  void await(short events, std::int64_t deadline, std::string_view what) const {
    switch (wait_for(fd_.get(), events, cancel_.get(), deadline)) {
      case Wait::ready:
        return;
      case Wait::cancelled:
        throw Interrupted(fmt::format("The wait for {} was interrupted", what));
      case Wait::timed_out:
        throw TimeoutError(events == POLLIN ? std::string(k_no_answer)
                                            : fmt::format("No {} within the time-out", what));
    }
  }

  Descriptor fd_;
  Descriptor cancel_;
};

/// Connects to one address. Returns errno's value where it fails.
int try_connect(const Descriptor& fd, const SocketAddress& address, std::int64_t deadline) {
  const auto* const where = reinterpret_cast<const sockaddr*>(address.bytes.data());
  if (::connect(fd.get(), where, static_cast<socklen_t>(address.bytes.size())) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  switch (wait_for(fd.get(), POLLOUT, -1, deadline)) {
    case Wait::timed_out:
      return ETIMEDOUT;
    case Wait::cancelled:
      throw Interrupted("Connecting was interrupted");
    case Wait::ready:
      break;
  }
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

class SystemNetwork final : public Network {
 public:
  std::unique_ptr<Socket> connect(const std::string& host, std::uint16_t port, std::int64_t deadline) override {
    int last_error = 0;
    for (const SocketAddress& address : resolve(host, port, deadline)) {
      Descriptor fd(::socket(address.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      last_error = fd.get() < 0 ? errno : try_connect(fd, address, deadline);
      if (last_error != 0) continue;
      const int on = 1;
      ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return std::make_unique<SystemSocket>(std::move(fd));
    }
    const char* const why = last_error == ETIMEDOUT ? "nobody answered within the time-out" : std::strerror(last_error);
    throw ConnectionError(
        fmt::format("{} port {} cannot be reached: {}; is the instrument on, and the address right?", host, port, why));
  }
};

}  // namespace

Network& system_network() {
  static auto* const network = new SystemNetwork;
  return *network;
}

}  // namespace wheatstone::io
