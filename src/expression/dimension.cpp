// Units after the SI brochure, 9th edition, tables 2, 4, 7 (prefixes) and 8 (min, h).

#include "expression/dimension.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace wheatstone::expression {
namespace {

struct Unit {
  std::string_view name;
  Dimension::Exponents exponents;  // m kg s A K
  bool takes_prefix = true;
  int decimal = 0;
  double factor = 1;
};

// In this order a dimension finds its label: what benches speak of comes first.
constexpr std::array k_units = std::to_array<Unit>({
    {"V", {2, 1, -3, -1, 0}},
    {"A", {0, 0, 0, 1, 0}},
    {"W", {2, 1, -3, 0, 0}},
    {"Ohm", {2, 1, -3, -2, 0}},
    {"Ω", {2, 1, -3, -2, 0}},
    {"S", {-2, -1, 3, 2, 0}},
    {"F", {-2, -1, 4, 2, 0}},
    {"H", {2, 1, -2, -2, 0}},
    {"C", {0, 0, 1, 1, 0}},
    {"J", {2, 1, -2, 0, 0}},
    {"Hz", {0, 0, -1, 0, 0}},
    {"s", {0, 0, 1, 0, 0}},
    {"K", {0, 0, 0, 0, 1}},
    {"m", {1, 0, 0, 0, 0}},
    {"g", {0, 1, 0, 0, 0}, true, -3},
    {"N", {1, 1, -2, 0, 0}},
    {"Pa", {-1, 1, -2, 0, 0}},
    {"T", {0, 1, -2, -1, 0}},
    {"min", {0, 0, 1, 0, 0}, false, 0, 60},
    {"h", {0, 0, 1, 0, 0}, false, 0, 3600},
});

struct Prefix {
  std::string_view name;
  int decimal;
};
constexpr std::array k_prefixes = std::to_array<Prefix>({{"f", -15},
                                                         {"p", -12},
                                                         {"n", -9},
                                                         {"u", -6},
                                                         {"µ", -6},
                                                         {"μ", -6},
                                                         {"m", -3},
                                                         {"k", 3},
                                                         {"M", 6},
                                                         {"G", 9},
                                                         {"T", 12}});

std::optional<UnitScale> find_atom(std::string_view label) {
  for (const Unit& unit : k_units) {
    if (unit.name == label) return UnitScale{Dimension(unit.exponents), unit.decimal, unit.factor};
  }
  for (const Prefix& prefix : k_prefixes) {
    if (!label.starts_with(prefix.name)) continue;
    for (const Unit& unit : k_units) {
      if (unit.takes_prefix && unit.name == label.substr(prefix.name.size())) {
        return UnitScale{Dimension(unit.exponents), unit.decimal + prefix.decimal, unit.factor};
      }
    }
  }
  return std::nullopt;
}

/// value * 10^decimal, rounded once: exact powers of ten multiply, or divide, which for a decimal fraction is what the
/// decimal itself would have been read as.
double scaled(double value, int decimal) {
  constexpr std::array k_powers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9, 1e10,
                                   1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20};
  const auto n = static_cast<std::size_t>(std::abs(decimal));
  const double power = n < k_powers.size() ? k_powers[n] : std::pow(10.0, static_cast<double>(n));
  return decimal < 0 ? value / power : value * power;
}

}  // namespace

Dimension Dimension::times(const Dimension& other) const {
  if (!is_known_ || !other.is_known_) return {};
  Exponents sum;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const int exponent = exponents_[i] + other.exponents_[i];
    if (std::abs(exponent) > 100) return {};
    sum[i] = static_cast<std::int8_t>(exponent);
  }
  return Dimension(sum);
}

Dimension Dimension::over(const Dimension& other) const { return times(other.to_the(-1)); }

Dimension Dimension::to_the(double power) const {
  if (!is_known_) return {};
  Exponents result;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const double exponent = exponents_[i] * power;
    if (exponent != std::floor(exponent) || std::abs(exponent) > 100) return {};
    result[i] = static_cast<std::int8_t>(exponent);
  }
  return Dimension(result);
}

std::string Dimension::label() const {
  if (!is_known_ || is_none()) return {};
  for (const Unit& unit : k_units) {
    if (unit.exponents == exponents_ && unit.decimal == 0 && unit.factor == 1) return std::string(unit.name);
  }
  for (const std::string_view below : {"s", "V", "A", "K", "m"}) {  // "A/s", "V/K"
    for (const Unit& unit : k_units) {
      if (find_atom(below)->dimension == Dimension(unit.exponents).over(*this) && unit.decimal == 0 &&
          unit.factor == 1) {
        return fmt::format("{}/{}", unit.name, below);
      }
    }
  }
  constexpr std::array<std::string_view, 5> k_base = {"m", "kg", "s", "A", "K"};
  std::string text;
  for (std::size_t i = 0; i < exponents_.size(); ++i) {
    if (exponents_[i] == 0) continue;
    text += (text.empty() ? "" : " ") + std::string(k_base[i]);
    if (exponents_[i] != 1) text += "^" + std::to_string(exponents_[i]);
  }
  return text;
}

double UnitScale::to_base(double value) const { return scaled(factor == 1 ? value : value * factor, decimal); }

double UnitScale::from_base(double value) const {
  const double result = scaled(value, -decimal);
  return factor == 1 ? result : result / factor;
}

std::optional<UnitScale> find_unit(std::string_view label) {
  UnitScale whole{.dimension = Dimension::none()};
  bool divides = false;
  while (!label.empty()) {
    const std::size_t end = label.find_first_of("/*");
    const auto atom = find_atom(label.substr(0, end));
    if (!atom) return std::nullopt;
    whole.dimension = divides ? whole.dimension.over(atom->dimension) : whole.dimension.times(atom->dimension);
    whole.decimal += divides ? -atom->decimal : atom->decimal;
    whole.factor *= divides ? 1 / atom->factor : atom->factor;
    if (end == std::string_view::npos) return whole;
    divides = label[end] == '/';
    label.remove_prefix(end + 1);
    if (label.empty()) return std::nullopt;
  }
  return whole;
}

}  // namespace wheatstone::expression
