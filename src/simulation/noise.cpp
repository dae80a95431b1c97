#include "simulation/noise.hpp"

#include <cmath>
#include <numbers>

namespace wheatstone::simulation {
namespace {

constexpr std::uint64_t k_golden = 0x9e3779b97f4a7c15U;

/// The finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

std::uint64_t absorb(std::uint64_t state, std::string_view text) {
  for (const char c : text) state = mix(state + k_golden + static_cast<unsigned char>(c));
  return mix(state ^ (text.size() * k_golden));  // the length keeps ("ab", "c") and ("a", "bc") apart
}

/// In (0, 1]: 53 bits, never zero, so that its logarithm exists.
double unit_interval(std::uint64_t bits) { return (static_cast<double>(bits >> 11U) + 1.0) * 0x1p-53; }

}  // namespace

NoiseStream::NoiseStream(std::uint64_t seed, std::string_view alias, std::string_view quantity)
    : key_(absorb(absorb(mix(seed + k_golden), alias), quantity)), whitening_(mix(key_ + k_golden)) {}

std::uint64_t NoiseStream::bits(std::uint64_t n) const { return mix(mix(key_ + n * k_golden) ^ whitening_); }

double NoiseStream::gaussian(std::uint64_t n) const {
  const double radius = std::sqrt(-2.0 * std::log(unit_interval(bits(2 * n))));
  return radius * std::cos(2.0 * std::numbers::pi * unit_interval(bits(2 * n + 1)));
}

double NoiseStream::bounded(std::uint64_t n) const {
  const std::uint64_t drawn = bits(n);
  double sum = -2;
  for (unsigned part = 0; part < 4; ++part)
    sum += (static_cast<double>((drawn >> (16 * part)) & 0xffffU) + 0.5) * 0x1p-16;
  return sum * std::numbers::sqrt3;  // the variance of the sum is 4/12
}

double NoiseStream::uniform(std::uint64_t n) const { return 2.0 * (unit_interval(bits(2 * n)) - 0x1p-53) - 1.0; }

SystematicError draw_systematic_error(std::uint64_t seed, std::string_view alias, std::string_view quantity,
                                      double gain_limit, double offset_limit) {
  const NoiseStream stream(seed, alias, quantity);
  return {gain_limit * stream.uniform(0), offset_limit * stream.uniform(1)};
}

}  // namespace wheatstone::simulation
