#pragma once
// Noise that depends on what is read and how often, never on which thread reads first.

#include <cstdint>
#include <string_view>

namespace wheatstone::simulation {

/// One stream of random numbers, f(seed, alias, quantity, n): the n-th number is the same whenever and wherever it is
/// asked for. SplitMix64's mixing function over a keyed counter. Immutable; any thread may call any method.
class NoiseStream {
 public:
  NoiseStream(std::uint64_t seed, std::string_view alias, std::string_view quantity);

  /// Normal, mean 0, standard deviation 1.
  [[nodiscard]] double gaussian(std::uint64_t n) const;

  /// Mean 0, standard deviation 1, bell-shaped within +-3.46: the sum of four uniform numbers from one draw, for
  /// records of many samples.
  [[nodiscard]] double bounded(std::uint64_t n) const;

  /// Uniform in [-1, 1).
  [[nodiscard]] double uniform(std::uint64_t n) const;

 private:
  [[nodiscard]] std::uint64_t bits(std::uint64_t n) const;

  std::uint64_t key_;
  std::uint64_t whitening_;
};

/// How one specimen of a model differs from the ideal, for as long as it lives: it reads or gives
/// value * (1 + gain) + offset. Drawn once, uniformly within the data sheet's limits: a specimen within specification
/// may stand anywhere in it, and no averaging brings it nearer to the truth.
struct SystematicError {
  double gain = 0;
  double offset = 0;

  [[nodiscard]] double applied_to(double value) const { return value * (1 + gain) + offset; }
};

/// The specimen `alias` of the bench with that seed. `gain_limit` is a fraction of the value, `offset_limit` in its
/// unit.
[[nodiscard]] SystematicError draw_systematic_error(std::uint64_t seed, std::string_view alias,
                                                    std::string_view quantity, double gain_limit, double offset_limit);

}  // namespace wheatstone::simulation
