#include "plan/slots.hpp"

#include <algorithm>
#include <cassert>

namespace wheatstone::plan {

Slots::Slots(std::int64_t start, std::int64_t interval, std::optional<std::int64_t> duration,
             std::optional<std::uint64_t> count, bool catch_up)
    : start_(start), interval_(interval), duration_(duration), catch_up_(catch_up) {
  assert(interval > 0 && (duration || count));
  size_ = count.value_or(UINT64_MAX);
  if (duration) size_ = std::min(size_, static_cast<std::uint64_t>((*duration - 1) / interval + 1));
}

std::optional<Slots::Slot> Slots::next(std::int64_t now) {
  std::uint64_t number = next_;
  if (!catch_up_ && next_ > 0 && now > start_) {  // the first slot is the start itself and is never missed
    const auto passed =
        static_cast<std::uint64_t>((now - start_ - 1) / interval_ + 1);  // first slot due at now or later
    number = std::max(number, passed);
  }
  if (number >= size_) return std::nullopt;
  const Slot slot{number, start_ + static_cast<std::int64_t>(number) * interval_, number - next_};
  next_ = number + 1;
  return slot;
}

std::optional<std::int64_t> Slots::end() const {
  if (!duration_) return std::nullopt;
  return start_ + *duration_;
}

}  // namespace wheatstone::plan
