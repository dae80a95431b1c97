#pragma once
// An instrument for tests that answers from a script.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>
#include <wheatstone/error.hpp>

#include "transport/transport.hpp"

namespace wheatstone::instrument {

/// Instead of an answer: none until the deadline; none until somebody cancels; a link that breaks.
struct Silence {};
struct SilenceUntilCancelled {};
struct Breaks {};
using Reply = std::variant<std::string, Silence, SilenceUntilCancelled, Breaks>;

/// Keeps what is written. A read takes the next reply of the script; where the script is empty, `answer` is asked with
/// the last message.
class FakeTransport final : public transport::Transport {
 public:
  std::vector<std::string> written;
  std::deque<Reply> script;
  std::function<std::string(const std::string&)> answer = [](const std::string& message) { return usual(message); };
  bool tells_of_requests = false;                           ///< whether the protocol has service requests
  std::function<std::uint8_t()> status = [] { return 0; };  ///< asked for the status byte
  int clears = 0;
  int closes = 0;
  std::atomic<int> waiting{0};

  /// "+0,..." to everything that asks for errors, an identity to *IDN?, else 1.
  static std::string usual(const std::string& message) {
    if (message == "*IDN?") return "Keysight Technologies,EDU36311A,CN00000001,1.0";
    if (message.ends_with("SYST:ERR?")) return "+0,\"No error\"";
    return "1";
  }

  /// Whether somebody is told of service requests. Any thread.
  [[nodiscard]] bool has_listener() const {
    const std::scoped_lock lock(mutex_);
    return static_cast<bool>(told_of_requests_);
  }
  /// The instrument asks for service. Any thread.
  void request_service(std::uint8_t status_byte) {
    std::unique_lock lock(mutex_);
    const auto tell = told_of_requests_;
    lock.unlock();
    if (tell) tell(status_byte);
  }

  /// What was written since the last call.
  std::vector<std::string> take_written() { return std::exchange(written, {}); }

  void cancel() noexcept override {
    const std::scoped_lock lock(mutex_);
    cancelled_ = true;
    changed_.notify_all();
  }
  void reset_cancel() noexcept override {
    const std::scoped_lock lock(mutex_);
    cancelled_ = false;
  }
  std::uint8_t read_status_byte(std::int64_t) override { return status(); }
  bool on_service_request(std::function<void(std::uint8_t)> callback) override {
    const std::scoped_lock lock(mutex_);
    told_of_requests_ = tells_of_requests ? std::move(callback) : nullptr;
    return tells_of_requests;
  }
  std::string address() const override { return "fake"; }
  void close() noexcept override { ++closes; }

 protected:
  void do_write(std::string_view message, std::int64_t) override {
    throw_if_cancelled();
    written.emplace_back(message);
  }

  std::string do_read_message(std::int64_t) override {
    throw_if_cancelled();
    if (script.empty()) return answer(written.back());
    const Reply reply = script.front();
    script.pop_front();
    if (const auto* const text = std::get_if<std::string>(&reply)) return *text;
    if (std::holds_alternative<Silence>(reply)) throw TimeoutError("No answer within the time-out");
    if (std::holds_alternative<Breaks>(reply)) throw CommunicationError("The connection broke while reading");
    std::unique_lock lock(mutex_);
    ++waiting;
    changed_.wait(lock, [&] { return cancelled_; });
    throw Interrupted("The wait was interrupted");
  }

  void do_clear(std::int64_t) override { ++clears; }
  void do_trigger(std::int64_t) override { written.emplace_back("*TRG"); }

 private:
  void throw_if_cancelled() {
    const std::scoped_lock lock(mutex_);
    if (cancelled_) throw Interrupted("The wait was interrupted");
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool cancelled_ = false;
  std::function<void(std::uint8_t)> told_of_requests_;
};

}  // namespace wheatstone::instrument
