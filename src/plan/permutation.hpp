#pragma once
// An order drawn from a seed without keeping it.

#include <array>
#include <cstdint>

namespace wheatstone::plan {

/// A permutation of 0 to size - 1 that is computed, not stored: a balanced Feistel network of 12 rounds over the least
/// even number of bits, 6 at least, that holds the size; what falls outside is sent through again until it falls inside
/// (Black and Rogaway, Ciphers with arbitrary finite domains, 2002), four times at most on the average above 16 points.
/// The round function is SplitMix64's finaliser, keyed by seed, stream and round. The same arguments give the same
/// order on every machine and in every version: runs that go on rely on it. Immutable; any thread.
class Permutation {
 public:
  /// REQUIRES: 0 < size < 2^62.
  Permutation(std::uint64_t size, std::uint64_t seed, std::uint64_t stream);

  /// Where item `index` of the order is. REQUIRES: index < size.
  [[nodiscard]] std::uint64_t operator()(std::uint64_t index) const;

 private:
  static constexpr std::size_t k_rounds = 12;

  [[nodiscard]] std::uint64_t once(std::uint64_t index) const;

  std::uint64_t size_;
  unsigned half_bits_;
  std::array<std::uint64_t, k_rounds> keys_;
};

}  // namespace wheatstone::plan
