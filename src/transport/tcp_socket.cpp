#include "transport/tcp_socket.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <mutex>
#include <wheatstone/error.hpp>

#include "base/text.hpp"
#include "transport/message_scanner.hpp"

namespace wheatstone::transport {
namespace {

constexpr std::size_t k_read_size = 64 * 1024;

class TcpSocket final : public Transport {
 public:
  TcpSocket(const ResourceName& name, io::Network& network, std::int64_t deadline)
      : address_(name.canonical()), host_(name.host), port_(name.port), network_(&network) {
    open(deadline);
  }

  void cancel() noexcept override {
    const std::scoped_lock lock(mutex_);
    cancelled_ = true;
    if (socket_) socket_->cancel();
  }
  void reset_cancel() noexcept override {
    const std::scoped_lock lock(mutex_);
    cancelled_ = false;
    if (socket_) socket_->reset_cancel();
  }

  std::uint8_t read_status_byte(std::int64_t deadline) override {
    write("*STB?", deadline);
    const std::string answer = read_message(deadline);
    const std::string_view digits = base::trimmed(answer);
    const std::size_t sign = !digits.empty() && digits.front() == '+' ? 1 : 0;
    std::uint8_t byte = 0;
    const auto [end, error] = std::from_chars(digits.data() + sign, digits.data() + digits.size(), byte);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
      throw CommunicationError(fmt::format("'{}' is no status byte", base::excerpt(digits)),
                               {.command = "*STB?", .answer = answer});
    }
    return byte;
  }

  bool on_service_request(std::function<void(std::uint8_t)>) override { return false; }
  std::string address() const override { return address_; }
  void close() noexcept override {
    closed_for_good_ = true;
    drop("closed");
  }

 protected:
  void do_write(std::string_view message, std::int64_t deadline) override {
    require_open();
    out_.assign(message);
    out_ += '\n';
    guarded([&] { socket_->write(out_, deadline); });
  }

  std::string do_read_message(std::int64_t deadline) override {
    require_open();
    std::string message;
    guarded([&] { message = read_whole(deadline); });
    return message;
  }

  void do_clear(std::int64_t deadline) override {
    if (closed_for_good_) require_open();
    drop("being cleared");
    open(deadline);
  }

  void do_trigger(std::int64_t deadline) override { do_write("*TRG", deadline); }

 private:
  void open(std::int64_t deadline) {
    auto socket = network_->connect(host_, port_, deadline);
    const std::scoped_lock lock(mutex_);
    socket_ = std::move(socket);
    if (cancelled_) socket_->cancel();
    held_.clear();
  }

  void drop(std::string_view why) noexcept {
    const std::scoped_lock lock(mutex_);
    if (socket_) socket_->close();
    socket_.reset();
    held_.clear();
    why_closed_ = why;
  }

  void require_open() const {
    if (socket_) return;
    throw ConnectionError(fmt::format("The link to {} is closed ({}){}", address_, why_closed_,
                                      closed_for_good_ ? "" : "; clear() opens it anew"));
  }

  /// Runs an exchange; a failure in the middle of it leaves the link closed, never half-read.
  template <class Exchange>
  void guarded(Exchange exchange) {
    try {
      exchange();
    } catch (const TimeoutError&) {
      drop("after a time-out");
      throw;
    } catch (const Interrupted&) {
      drop("after an interruption");
      throw;
    } catch (const CommunicationError&) {
      drop("after it broke");
      throw;
    }
  }

  /// `held_` begins with what an earlier read brought beyond its message.
  std::string read_whole(std::int64_t deadline) {
    MessageScanner scanner;
    std::string message = std::move(held_);
    held_.clear();
    while (true) {
      if (const auto end = scanner.scan(message)) {
        held_ = message.substr(*end + 1);
        message.resize(*end);
        if (!message.empty() && message.back() == '\r' && message.front() != '#') message.pop_back();
        return message;
      }
      read_more(message, scanner.missing(message.size()), deadline);
    }
  }

  /// A long block is read in steps straight into its place.
  void read_more(std::string& message, std::size_t missing, std::int64_t deadline) {
    const std::size_t held = message.size();
    const std::size_t room = std::clamp<std::size_t>(missing, 512, 64 * k_read_size);
    if (missing > room) message.reserve(std::max(message.capacity(), std::min(held + missing, held * 2 + room)));
    message.resize(held + room);
    std::size_t n = 0;
    try {
      n = socket_->read_some({message.data() + held, room}, deadline);
    } catch (const TimeoutError&) {
      if (held == 0) throw;
      throw TimeoutError(fmt::format("The answer broke off after {} bytes and did not end within the time-out", held));
    }
    if (n == 0) {
      throw CommunicationError(
          held == 0 ? "The instrument closed the connection instead of answering"
                    : fmt::format("The instrument closed the connection after {} bytes of an answer", held));
    }
    message.resize(held + n);
  }

  // Constant after construction.
  const std::string address_;
  const std::string host_;
  const std::uint16_t port_;
  io::Network* const network_;

  // Of the thread that holds the instrument.
  std::string out_;
  std::string held_;
  std::string why_closed_;
  bool closed_for_good_ = false;

  std::mutex mutex_;  // so that cancel() finds the socket whole
  std::unique_ptr<io::Socket> socket_;
  bool cancelled_ = false;
};

}  // namespace

std::unique_ptr<Transport> open_tcp_socket(const ResourceName& name, std::int64_t deadline, io::Network& network) {
  if (name.interface != ResourceName::Interface::tcpip || name.resource_class != "SOCKET") {
    throw ConfigurationError(fmt::format("{} is no raw socket", name.text), {.address = name.text});
  }
  return std::make_unique<TcpSocket>(name, network, deadline);
}

std::unique_ptr<Transport> open_transport(const ResourceName& name, std::int64_t deadline, io::Network& network) {
  if (name.interface == ResourceName::Interface::tcpip && name.resource_class == "SOCKET") {
    return open_tcp_socket(name, deadline, network);
  }
  if (name.interface == ResourceName::Interface::tcpip) {
    throw ConfigurationError(
        fmt::format(
            "{} asks for {}, which this version does not speak yet; most instruments also answer on a raw socket: "
            "TCPIP::{}::5025::SOCKET",
            name.text, name.device.starts_with("hislip") ? "HiSLIP" : "VXI-11", name.host),
        {.address = name.text});
  }
  throw ConfigurationError(
      fmt::format(
          "{} asks for an interface that this version does not speak yet; instruments are reached by raw sockets, "
          "TCPIP::host::port::SOCKET",
          name.text),
      {.address = name.text});
}

}  // namespace wheatstone::transport
