#pragma once
// Streams of bytes over a network, behind one interface so that faults can be injected.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace wheatstone::io {

/// What a TimeoutError says where nothing at all came.
inline constexpr std::string_view k_no_answer = "No answer within the time-out";

/// One open stream. One thread at a time uses it, except cancel() and reset_cancel(). Deadlines are CLOCK_MONOTONIC
/// nanoseconds. Waits enter a base::BlockingRegion.
///
/// Failures: TimeoutError at the deadline, Interrupted after cancel() or where the runtime wants its wait to end,
/// CommunicationError when the stream broke.
class Socket {
 public:
  virtual ~Socket() = default;

  /// Waits for bytes and takes what is there: at least one, at most bytes.size(). 0 when the peer has closed.
  [[nodiscard]] virtual std::size_t read_some(std::span<char> bytes, std::int64_t deadline) = 0;
  /// Writes all of them.
  virtual void write(std::span<const char> bytes, std::int64_t deadline) = 0;

  /// Ends the wait in progress, and each further one until reset_cancel(), with Interrupted. Any thread.
  virtual void cancel() noexcept = 0;
  virtual void reset_cancel() noexcept = 0;
  virtual void close() noexcept = 0;

 protected:
  Socket() = default;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
};

/// Where streams come from. Any thread.
class Network {
 public:
  virtual ~Network() = default;

  /// Connects with TCP_NODELAY, trying each address of the host in turn. Throws ConnectionError, saying why, at the
  /// deadline at the latest, names that do not resolve included; Interrupted where the runtime wants the wait to end.
  [[nodiscard]] virtual std::unique_ptr<Socket> connect(const std::string& host, std::uint16_t port,
                                                        std::int64_t deadline) = 0;

 protected:
  Network() = default;
  Network(const Network&) = default;
  Network& operator=(const Network&) = default;
};

/// The machine's own network. Never destroyed.
[[nodiscard]] Network& system_network();

}  // namespace wheatstone::io
