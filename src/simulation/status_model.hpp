#pragma once
// IEEE 488.2 status reporting and SCPI's error queue, of one simulated instrument.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace wheatstone::simulation {

/// First in, first out. When it is full, the newest entry becomes -350 and later ones are lost (SCPI-99 volume 2,
/// section 21.8.1).
class ErrorQueue {
 public:
  explicit ErrorQueue(std::size_t capacity) : capacity_(capacity) {}

  void push(int number, std::string_view detail);
  /// The oldest entry as SYSTem:ERRor? answers it; `+0,"No error"` where there is none.
  [[nodiscard]] std::string pop();
  void clear() { entries_.clear(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    int number = 0;
    std::string detail;
  };
  std::size_t capacity_;
  std::deque<Entry> entries_;
};

/// A condition register with its transition filters and event register (SCPI-99 volume 1, section 9). Events latch when
/// the condition is looked at, which every query and every change does.
class RegisterGroup {
 public:
  void update(std::uint16_t condition);
  [[nodiscard]] std::uint16_t condition() const { return condition_; }
  /// Reading an event register empties it.
  [[nodiscard]] std::uint16_t take_event();
  void clear_event() { event_ = 0; }
  void preset();
  [[nodiscard]] bool summary() const { return (event_ & enable) != 0; }

  std::uint16_t enable = 0;
  std::uint16_t positive = 0x7fff;
  std::uint16_t negative = 0;

 private:
  std::uint16_t condition_ = 0;
  std::uint16_t event_ = 0;
};

/// Bits of the standard event status register (IEEE 488.2, section 11.5.1.1).
enum StandardEvent : std::uint8_t {
  k_operation_complete = 1,
  k_query_error = 4,
  k_device_error = 8,
  k_execution_error = 16,
  k_command_error = 32,
  k_power_on = 128,
};

/// Everything that *STB?, *ESR? and SYSTem:ERRor? tell. Guarded by its instrument.
class StatusModel {
 public:
  explicit StatusModel(std::size_t queue_capacity) : errors(queue_capacity) {}

  /// Queues the error and sets the bit of its class.
  void report(int number, std::string_view detail = {});
  void set_event(std::uint8_t bits) { event_ = static_cast<std::uint8_t>(event_ | bits); }
  /// *ESR?: reading empties it.
  [[nodiscard]] std::uint8_t take_event();
  /// *CLS: the queue and all event registers, but no enable register.
  void clear();
  /// IEEE 488.2 section 11.2: message available, event summary, master summary; SCPI's error queue and register groups.
  [[nodiscard]] std::uint8_t status_byte(bool message_available) const;

  ErrorQueue errors;
  RegisterGroup operation;
  RegisterGroup questionable;
  std::uint8_t event_enable = 0;
  std::uint8_t service_request_enable = 0;

 private:
  std::uint8_t event_ = k_power_on;
};

}  // namespace wheatstone::simulation
