#include "plan/permutation.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace wheatstone::plan {
namespace {

constexpr std::uint64_t k_golden = 0x9E3779B97F4A7C15;  // 2^64 over the golden ratio, SplitMix64's increment

/// The finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
constexpr std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

}  // namespace

Permutation::Permutation(std::uint64_t size, std::uint64_t seed, std::uint64_t stream)
    : size_(size), half_bits_(std::max(3u, (static_cast<unsigned>(std::bit_width(size - 1)) + 1) / 2)) {
  assert(size > 0 && size < (std::uint64_t{1} << 62));
  std::uint64_t state = mixed(seed + k_golden) ^ mixed(mixed(stream + k_golden) + k_golden);
  for (std::uint64_t& key : keys_) key = mixed(state += k_golden);
}

std::uint64_t Permutation::operator()(std::uint64_t index) const {
  assert(index < size_);
  do index = once(index);
  while (index >= size_);
  return index;
}

std::uint64_t Permutation::once(std::uint64_t index) const {
  const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
  std::uint64_t left = index >> half_bits_;
  std::uint64_t right = index & mask;
  for (const std::uint64_t key : keys_) {
    left ^= mixed(right + key) >> (64 - half_bits_);
    std::swap(left, right);
  }
  return left << half_bits_ | right;
}

}  // namespace wheatstone::plan
