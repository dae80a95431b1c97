#pragma once
// Moves messages to an instrument and back. One protocol a file; drivers cannot tell them apart.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace wheatstone::transport {

/// What passed a transport, for recording. Called by the thread that moved the message, with the instrument's lock
/// held.
enum class Direction : std::uint8_t { written, read, cleared, triggered };
using Tap = std::function<void(Direction direction, std::string_view message)>;

/// A link to one instrument. One thread at a time uses it (the instrument's lock), except cancel(), which any thread
/// may call. Times are `base::Clock::monotonic()` nanoseconds. Waits enter a base::BlockingRegion. Messages may hold
/// any bytes; the terminator belongs to the transport: added on writing, taken off on reading.
///
/// Failures: TimeoutError when the deadline passes, CommunicationError when the link breaks or is half-read (the link
/// is then closed or usable, never in between), Interrupted after cancel(), ConnectionError when it cannot be opened.
class Transport {
 public:
  virtual ~Transport() = default;

  void write(std::string_view message, std::int64_t deadline) {
    do_write(message, deadline);
    if (tap_) tap_(Direction::written, message);
  }

  /// One whole response message. A definite-length block (IEEE 488.2, 8.7.9) is read by its length.
  [[nodiscard]] std::string read_message(std::int64_t deadline) {
    std::string message = do_read_message(deadline);
    if (tap_) tap_(Direction::read, message);
    return message;
  }

  /// Ends the wait in progress, and each further one until reset_cancel(), with Interrupted.
  virtual void cancel() noexcept = 0;
  virtual void reset_cancel() noexcept = 0;

  /// Device clear, or what the protocol has in its place: drops input, output and any half-read message.
  void clear(std::int64_t deadline) {
    do_clear(deadline);
    if (tap_) tap_(Direction::cleared, {});
  }

  /// IEEE 488.2 status byte, by serial poll where the protocol has one, else by *STB?.
  [[nodiscard]] virtual std::uint8_t read_status_byte(std::int64_t deadline) = 0;

  /// Group execute trigger, or *TRG.
  void trigger(std::int64_t deadline) {
    do_trigger(deadline);
    if (tap_) tap_(Direction::triggered, {});
  }

  /// Calls back, from a thread of the transport, when the instrument requests service; an empty callback ends that.
  /// Returns false where the protocol has no service request.
  virtual bool on_service_request(std::function<void(std::uint8_t status_byte)> callback) = 0;

  /// The VISA resource name it was opened by; "simulated" and the like for the others.
  [[nodiscard]] virtual std::string address() const = 0;

  virtual void close() noexcept = 0;

  void set_tap(Tap tap) { tap_ = std::move(tap); }

 protected:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  virtual void do_write(std::string_view message, std::int64_t deadline) = 0;
  virtual std::string do_read_message(std::int64_t deadline) = 0;
  virtual void do_clear(std::int64_t deadline) = 0;
  virtual void do_trigger(std::int64_t deadline) = 0;

 private:
  Tap tap_;
};

}  // namespace wheatstone::transport
