#include "plan/grid.hpp"

#include <algorithm>
#include <cassert>

namespace wheatstone::plan {

Grid::Grid(std::vector<std::size_t> sizes) : sizes_(std::move(sizes)) {
  assert(std::ranges::find(sizes_, std::size_t{0}) == sizes_.end());
}

std::optional<std::uint64_t> Grid::size() const {
  std::uint64_t n = 1;
  for (const std::size_t size : sizes_) {
    if (__builtin_mul_overflow(n, std::uint64_t{size}, &n)) return std::nullopt;
  }
  return n;
}

std::optional<std::size_t> Grid::advance(std::span<std::size_t> positions) {
  if (!started_) {
    started_ = true;
    std::ranges::fill(positions, std::size_t{0});
    return 0;
  }
  for (std::size_t k = sizes_.size(); k-- > 0;) {
    if (++positions[k] < sizes_[k]) return k;
    positions[k] = 0;
  }
  return std::nullopt;
}

}  // namespace wheatstone::plan
