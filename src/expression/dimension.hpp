#pragma once
// What kind of quantity a number is: volts are no amperes.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wheatstone::expression {

/// Exponents of metre, kilogram, second, ampere and kelvin; or nothing that is known, which fits everything.
class Dimension {
 public:
  using Exponents = std::array<std::int8_t, 5>;

  /// Not known: a name without a unit, or with one that the table does not have ("dB").
  constexpr Dimension() = default;
  constexpr explicit Dimension(Exponents exponents) : exponents_(exponents), is_known_(true) {}
  /// A pure number.
  [[nodiscard]] static constexpr Dimension none() { return Dimension(Exponents{}); }

  [[nodiscard]] constexpr bool is_known() const { return is_known_; }
  [[nodiscard]] constexpr bool is_none() const { return is_known_ && exponents_ == Exponents{}; }

  /// Of a product, a quotient, a power, a square root. Not known where an operand is not, or where no whole exponents
  /// are left.
  [[nodiscard]] Dimension times(const Dimension& other) const;
  [[nodiscard]] Dimension over(const Dimension& other) const;
  [[nodiscard]] Dimension to_the(double power) const;

  /// "V" for volts, the first unit of the table without a prefix; "A/s", or "m^6 kg^3" where there is none; empty for a
  /// pure number and for what is not known.
  [[nodiscard]] std::string label() const;

  friend constexpr bool operator==(const Dimension&, const Dimension&) = default;

 private:
  Exponents exponents_ = {};
  bool is_known_ = false;
};

/// A unit of the SI with its prefix: "mV" is volts times ten to the minus three.
struct UnitScale {
  Dimension dimension = {};
  int decimal = 0;    ///< power of ten
  double factor = 1;  ///< besides it: 60 of "min"
  [[nodiscard]] double to_base(double value) const;
  [[nodiscard]] double from_base(double value) const;
};

/// "V", "mV", "kOhm", "µs", "A/s", "min". None where the table does not have it; an empty text is a pure number.
[[nodiscard]] std::optional<UnitScale> find_unit(std::string_view label);

}  // namespace wheatstone::expression
