#include "plan/slot_grids.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace wheatstone::plan {
namespace {

/// Due instants in [0, duration) of several grids: by inclusion and exclusion over least common multiples, which soon
/// leave the duration behind.
class InstantCount {
 public:
  InstantCount(std::vector<std::int64_t> intervals, std::int64_t duration)
      : intervals_(std::move(intervals)), duration_(duration) {}

  std::optional<std::uint64_t> count() {
    std::int64_t sum = 1;  // of the start, which all of them share
    for (std::size_t i = 0; i < intervals_.size(); ++i) sum += after_start(i + 1, intervals_[i], 1);
    if (steps_ > k_most_steps) return std::nullopt;
    return static_cast<std::uint64_t>(sum);
  }

 private:
  static constexpr std::uint64_t k_most_steps = 1'000'000;

  std::int64_t after_start(std::size_t from, std::int64_t multiple, int sign) {
    std::int64_t sum = sign * ((duration_ - 1) / multiple);
    for (std::size_t i = from; i < intervals_.size() && ++steps_ <= k_most_steps; ++i) {
      const std::int64_t factor = intervals_[i] / std::gcd(multiple, intervals_[i]);
      if (multiple <= (duration_ - 1) / factor) sum += after_start(i + 1, multiple * factor, -sign);
    }
    return sum;
  }

  std::vector<std::int64_t> intervals_;
  std::int64_t duration_;
  std::uint64_t steps_ = 0;
};

}  // namespace

SlotGrids::SlotGrids(std::int64_t start, const std::vector<std::int64_t>& intervals,
                     std::optional<std::int64_t> duration, bool catch_up)
    : intervals_(intervals), duration_(duration) {
  assert(!intervals.empty());
  for (const std::int64_t interval : intervals) grids_.emplace_back(start, interval, duration, catch_up);
  shares_.resize(grids_.size());
  held_up_.resize(grids_.size(), 0);
}

void SlotGrids::begin_after(std::int64_t elapsed) {
  for (std::size_t g = 0; g < grids_.size(); ++g) {
    grids_[g].begin_at(static_cast<std::uint64_t>(elapsed / intervals_[g]) + 1);
  }
}

std::optional<std::uint64_t> SlotGrids::size() const {
  if (!duration_) return std::nullopt;
  if (grids_.size() == 1) return grids_.front().size();
  std::vector<std::int64_t> finest;  // the instants of a multiple are those of its divisor
  for (const std::int64_t interval : intervals_) {
    const bool finer =
        std::ranges::any_of(intervals_, [&](std::int64_t other) { return other < interval && interval % other == 0; });
    if (!finer) finest.push_back(interval);
  }
  return InstantCount(std::move(finest), *duration_).count();
}

std::optional<std::int64_t> SlotGrids::next(std::int64_t now) {
  std::optional<std::int64_t> first;
  for (std::size_t g = 0; g < grids_.size(); ++g) {
    const auto slot = grids_[g].peek(now, held_up_[g] != 0);
    // What its own row overran stays missed, whatever is measured before its next one.
    if (held_up_[g] == 0) grids_[g].miss_before(slot ? slot->number : grids_[g].size());
    shares_[g].due = slot.has_value();
    if (!slot) continue;
    shares_[g].slot = *slot;
    if (!first || slot->due < *first) first = slot->due;
  }
  for (Share& share : shares_) share.due = share.due && share.slot.due == *first;
  return first;
}

void SlotGrids::take() {
  for (std::size_t g = 0; g < grids_.size(); ++g) {
    if (shares_[g].due) grids_[g].take(shares_[g].slot);
    held_up_[g] = shares_[g].due ? 0 : 1;
  }
}

void SlotGrids::held_up() { std::ranges::fill(held_up_, char{1}); }

void SlotGrids::rested() { std::ranges::fill(held_up_, char{0}); }

}  // namespace wheatstone::plan
