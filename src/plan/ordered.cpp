#include "plan/ordered.hpp"

#include <algorithm>
#include <cassert>

namespace wheatstone::plan {
namespace {

std::optional<std::uint64_t> up_down_size(std::span<const Source> values) {
  std::vector<std::size_t> sizes = sizes_of(values);
  if (!sizes.empty()) sizes.back() = 2 * sizes.back() - 1;
  return grid_size(sizes);
}

}  // namespace

Ordered::Ordered(std::vector<Source> values, std::optional<std::uint64_t> count)
    : values_(std::move(values)), sizes_(sizes_of(values_)), count_(count), located_(values_.size()) {
  assert(std::ranges::find(sizes_, std::size_t{0}) == sizes_.end());
}

bool Ordered::next(Place& place) {
  if (index_ >= count_.value_or(UINT64_MAX)) return false;
  locate(index_++, located_);
  place.changed.clear();
  for (std::size_t k = 0; k < located_.size(); ++k) {
    if (place.positions[k] == located_[k] && !all_new_) continue;
    place.positions[k] = located_[k];
    values_[k]->get(located_[k], place.values[k]);
    place.changed.push_back(k);
  }
  all_new_ = false;
  return true;
}

void Ordered::skip(std::uint64_t count, Place& /*place*/) {
  if (__builtin_add_overflow(index_, count, &index_)) index_ = UINT64_MAX;
  all_new_ = true;
}

void Ordered::restart(std::uint64_t /*repetition*/) {
  index_ = 0;
  all_new_ = true;
}

Zip::Zip(std::vector<Source> values, std::size_t count) : Ordered(std::move(values), count) {
  assert(std::ranges::none_of(sizes(), [&](std::size_t size) { return size < count; }));
}

void Zip::locate(std::uint64_t index, std::span<std::size_t> positions) const {
  std::ranges::fill(positions, static_cast<std::size_t>(index));
}

Snake::Snake(std::vector<Source> values) : Ordered(values, grid_size(sizes_of(values))) {}

void Snake::locate(std::uint64_t index, std::span<std::size_t> positions) const {
  for (std::size_t k = positions.size(); k-- > 0;) {
    const std::size_t size = sizes()[k];
    const std::size_t along = index % size;
    index /= size;  // how often this parameter has come to an end
    positions[k] = index % 2 == 0 ? along : size - 1 - along;
  }
}

UpDown::UpDown(std::vector<Source> values) : Ordered(values, up_down_size(values)) {}

void UpDown::locate(std::uint64_t index, std::span<std::size_t> positions) const {
  if (positions.empty()) return;
  const std::size_t last = positions.size() - 1;
  const std::size_t size = sizes()[last];
  const std::size_t along = index % (2 * size - 1);
  positions[last] = along < size ? along : 2 * (size - 1) - along;
  locate_in_grid(index / (2 * size - 1), sizes().first(last), positions.first(last));
}

Shuffled::Shuffled(std::vector<Source> values, std::uint64_t seed)
    : Ordered(values, grid_size(sizes_of(values))), seed_(seed), permutation_(*size(), seed, 0) {}

void Shuffled::restart(std::uint64_t repetition) {
  Ordered::restart(repetition);
  permutation_ = Permutation(*size(), seed_, repetition);
}

void Shuffled::locate(std::uint64_t index, std::span<std::size_t> positions) const {
  locate_in_grid(permutation_(index), sizes(), positions);
}

}  // namespace wheatstone::plan
