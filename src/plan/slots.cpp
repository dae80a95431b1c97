#include "plan/slots.hpp"

#include <algorithm>
#include <cassert>

namespace wheatstone::plan {

Slots::Slots(std::int64_t start, std::int64_t interval, std::optional<std::int64_t> duration, bool catch_up)
    : start_(start), interval_(interval), catch_up_(catch_up) {
  assert(interval > 0);
  if (duration) size_ = static_cast<std::uint64_t>((*duration - 1) / interval + 1);
}

std::optional<Slots::Slot> Slots::peek(std::int64_t now, bool held_up) const {
  const std::uint64_t least = std::max(next_, least_);
  std::uint64_t number = least;
  if (!catch_up_ && next_ > first_ && now > start_) {  // the first slot is the start itself and is never missed
    const std::int64_t since_start = now - start_;
    const std::int64_t passed = held_up ? since_start / interval_ : (since_start - 1) / interval_ + 1;
    number = std::max(number, static_cast<std::uint64_t>(passed));
  }
  // What was held up past the end still has its last slot.
  if (held_up && number >= size_ && least < size_) number = size_ - 1;
  if (number >= size_) return std::nullopt;
  return Slot{number, start_ + static_cast<std::int64_t>(number) * interval_, number - next_};
}

}  // namespace wheatstone::plan
