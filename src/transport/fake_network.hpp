#pragma once
// A network for tests: what the peer does is a script.

#include <atomic>
#include <deque>
#include <string>
#include <variant>
#include <vector>
#include <wheatstone/error.hpp>

#include "io/socket.hpp"

namespace wheatstone::transport {

/// What the next read meets: bytes in one piece, silence until the deadline, the peer's close, or a broken stream.
struct Silence {};
struct PeerCloses {};
struct Breaks {};
using PeerAct = std::variant<std::string, Silence, PeerCloses, Breaks>;

/// Counts connections, keeps what was written, and plays `script` across all of its sockets.
class FakeNetwork : public io::Network {
 public:
  std::deque<PeerAct> script;
  std::string written;
  int connections = 0;
  bool refuses = false;
  bool write_breaks = false;

  std::unique_ptr<io::Socket> connect(const std::string& host, std::uint16_t port, std::int64_t) override {
    if (refuses) throw ConnectionError(host + " port " + std::to_string(port) + " cannot be reached");
    ++connections;
    return std::make_unique<FakeSocket>(this);
  }

 private:
  class FakeSocket : public io::Socket {
   public:
    explicit FakeSocket(FakeNetwork* network) : network_(network) {}
    std::size_t read_some(std::span<char> bytes, std::int64_t) override {
      if (cancelled_) throw Interrupted("interrupted");
      if (network_->script.empty()) throw TimeoutError("No answer within the time-out");
      PeerAct& act = network_->script.front();
      if (auto* const text = std::get_if<std::string>(&act)) {
        const std::size_t n = text->copy(bytes.data(), bytes.size());
        text->erase(0, n);
        if (text->empty()) network_->script.pop_front();
        return n;
      }
      const std::size_t kind = act.index();
      network_->script.pop_front();
      if (kind == 1) throw TimeoutError("No answer within the time-out");
      if (kind == 2) return 0;
      throw CommunicationError("The connection broke while reading");
    }
    void write(std::span<const char> bytes, std::int64_t) override {
      if (cancelled_) throw Interrupted("interrupted");
      if (network_->write_breaks) throw CommunicationError("The connection broke while writing");
      network_->written.append(bytes.data(), bytes.size());
    }
    void cancel() noexcept override { cancelled_ = true; }
    void reset_cancel() noexcept override { cancelled_ = false; }
    void close() noexcept override {}

   private:
    FakeNetwork* network_;
    std::atomic<bool> cancelled_ = false;
  };
};

}  // namespace wheatstone::transport
