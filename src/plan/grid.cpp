#include "plan/grid.hpp"

#include <algorithm>
#include <cassert>

namespace wheatstone::plan {

std::vector<std::size_t> sizes_of(std::span<const Source> values) {
  std::vector<std::size_t> sizes;
  for (const Source& each : values) sizes.push_back(each->size());
  return sizes;
}

std::optional<std::uint64_t> grid_size(std::span<const std::size_t> sizes) {
  std::uint64_t n = 1;
  for (const std::size_t size : sizes) {
    if (__builtin_mul_overflow(n, std::uint64_t{size}, &n)) return std::nullopt;
  }
  return n;
}

std::uint64_t locate_in_grid(std::uint64_t index, std::span<const std::size_t> sizes,
                             std::span<std::size_t> positions) {
  for (std::size_t k = sizes.size(); k-- > 0;) {
    positions[k] = index % sizes[k];
    index /= sizes[k];
  }
  return index;
}

Grid::Grid(std::vector<Source> values) : values_(std::move(values)), sizes_(sizes_of(values_)) {
  assert(std::ranges::find(sizes_, std::size_t{0}) == sizes_.end());
}

std::optional<std::uint64_t> Grid::size() const { return grid_size(sizes_); }

bool Grid::next(Place& place) {
  if (state_ != State::between) return begin(place);
  for (std::size_t k = sizes_.size(); k-- > 0;) {
    if (++place.positions[k] < sizes_[k]) {
      fetch(k, place);
      return true;
    }
    place.positions[k] = 0;
  }
  state_ = State::ended;
  return false;
}

bool Grid::begin(Place& place) {
  if (state_ == State::ended) return false;
  state_ = locate_in_grid(skipped_, sizes_, place.positions) == 0 ? State::between : State::ended;
  if (state_ == State::ended) return false;
  for (std::size_t k = 0; k < values_.size(); ++k) values_[k]->get(place.positions[k], place.values[k]);
  mark_all_changed(place);
  return true;
}

void Grid::skip(std::uint64_t count, Place& place) {
  if (state_ == State::ended) return;
  if (state_ == State::between) {  // the points up to and with this one are behind
    skipped_ = 0;
    for (std::size_t k = 0; k < sizes_.size(); ++k) skipped_ = skipped_ * sizes_[k] + place.positions[k];
    ++skipped_;
  }
  if (__builtin_add_overflow(skipped_, count, &skipped_)) {
    state_ = State::ended;
    return;
  }
  state_ = State::before_first;
}

void Grid::restart(std::uint64_t /*repetition*/) {
  skipped_ = 0;
  state_ = State::before_first;
}

void Grid::fetch(std::size_t first, Place& place) const {
  place.changed.clear();
  values_[first]->get(place.positions[first], place.values[first]);
  place.changed.push_back(first);
  for (std::size_t k = first + 1; k < values_.size(); ++k) {
    if (sizes_[k] == 1) continue;  // at the start again, where it has always been
    values_[k]->get(0, place.values[k]);
    place.changed.push_back(k);
  }
}

}  // namespace wheatstone::plan
