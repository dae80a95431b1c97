#include "plan/repeated.hpp"

#include <algorithm>

namespace wheatstone::plan {

Repeated::Repeated(std::unique_ptr<Plan> plan, std::uint64_t times) : plan_(std::move(plan)), times_(times) {}

std::optional<std::uint64_t> Repeated::size() const {
  const std::optional<std::uint64_t> once = plan_->size();
  std::uint64_t all = 0;
  if (!once || __builtin_mul_overflow(*once, times_, &all)) return std::nullopt;
  return all;
}

bool Repeated::next(Place& place) {
  while (!plan_->next(place)) {
    // A turn without points, which constraints or values may leave, would be without them in each.
    if (turn_ + 1 >= times_ || taken_ == 0) return false;
    repeat(turn_ + 1);
  }
  ++taken_;
  place.repetition = first_ + turn_;
  return true;
}

void Repeated::repeat(std::uint64_t turn) {
  turn_ = turn;
  taken_ = 0;
  plan_->restart(first_ + turn_);
}

void Repeated::skip(std::uint64_t count, Place& place) {
  const std::optional<std::uint64_t> once = plan_->size();
  if (!once || *once == 0) {
    for (std::uint64_t k = 0; k < count && next(place);) ++k;
    plan_->skip(0, place);
    return;
  }
  const std::uint64_t left = *once - taken_;
  if (count >= left && turn_ + 1 < times_) {
    const std::uint64_t turns = std::min((count - left) / *once, times_ - turn_ - 2);
    repeat(turn_ + 1 + turns);
    count -= left + turns * *once;
  }
  plan_->skip(count, place);
  taken_ += std::min(count, *once - taken_);
}

void Repeated::restart(std::uint64_t repetition) {
  first_ = repetition * times_;
  repeat(0);
}

}  // namespace wheatstone::plan
