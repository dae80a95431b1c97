#include "simulation/status_model.hpp"

#include <utility>

#include "scpi/error_list.hpp"

namespace wheatstone::simulation {
namespace {

/// SCPI-99 volume 2, section 21.8: the hundreds name the class. Positive numbers are the device's own.
std::uint8_t event_of(int number) {
  switch (number <= -100 && number > -500 ? number / 100 : -3) {
    case -1:
      return k_command_error;
    case -2:
      return k_execution_error;
    case -4:
      return k_query_error;
    default:
      return k_device_error;
  }
}

}  // namespace

void ErrorQueue::push(int number, std::string_view detail) {
  if (entries_.size() < capacity_) {
    entries_.push_back({number, std::string(detail)});
  } else {
    entries_.back() = {scpi::k_queue_overflow, {}};
  }
}

std::string ErrorQueue::pop() {
  if (entries_.empty()) return scpi::error_answer(scpi::k_no_error);
  const Entry entry = std::move(entries_.front());
  entries_.pop_front();
  return scpi::error_answer(entry.number, entry.detail);
}

void RegisterGroup::update(std::uint16_t condition) {
  const unsigned rose = condition & ~condition_;
  const unsigned fell = condition_ & ~condition;
  event_ = static_cast<std::uint16_t>(event_ | (rose & positive) | (fell & negative));
  condition_ = condition;
}

std::uint16_t RegisterGroup::take_event() { return std::exchange(event_, std::uint16_t{0}); }

void RegisterGroup::preset() {
  enable = 0;
  positive = 0x7fff;
  negative = 0;
}

void StatusModel::report(int number, std::string_view detail) {
  errors.push(number, detail);
  set_event(event_of(number));
}

std::uint8_t StatusModel::take_event() { return std::exchange(event_, std::uint8_t{0}); }

void StatusModel::clear() {
  errors.clear();
  event_ = 0;
  operation.clear_event();
  questionable.clear_event();
}

std::uint8_t StatusModel::status_byte(bool message_available) const {
  unsigned byte = 0;
  if (!errors.empty()) byte |= 0x04U;
  if (questionable.summary()) byte |= 0x08U;
  if (message_available) byte |= 0x10U;
  if ((event_ & event_enable) != 0) byte |= 0x20U;
  if (operation.summary()) byte |= 0x80U;
  if ((byte & service_request_enable & 0xbfU) != 0) byte |= 0x40U;
  return static_cast<std::uint8_t>(byte);
}

}  // namespace wheatstone::simulation
