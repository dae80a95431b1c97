#pragma once
// Arithmetic that somebody typed, checked once and evaluated often. No side effects, no loops, nothing else of a
// language.
//
//   expression  or
//   or          and { "or" and }
//   and         not { "and" not }
//   not         "not" not | comparison
//   comparison  sum [ ("<" | "<=" | ">" | ">=" | "==" | "!=") sum ]
//   sum         product { ("+" | "-") product }
//   product     unary { ("*" | "/") unary }
//   unary       ("-" | "+") unary | power
//   power       primary [ "^" unary ]
//   primary     number [ unit ] | name | name "(" expression { "," expression } ")" | "(" expression ")"
//
// All is calculated in SI base units: a name in mV is taken as volts, 500 mV is 0.5.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/error.hpp>

#include "expression/dimension.hpp"

namespace wheatstone::expression {

/// A name that an expression may use; its place in the list is that of its value in evaluate().
struct Variable {
  std::string name;
  std::string unit = {};  ///< of its values; a prefix scales them
  enum class Kind : std::uint8_t { number, boolean, text, other } kind = Kind::number;
};

/// What an expression's text is refused with: why, then the line and a caret below the place.
class ParseError : public ConfigurationError {
 public:
  ParseError(std::string_view text, std::string why, std::size_t at, std::size_t length);
  ~ParseError() override;
  [[nodiscard]] const std::string& why() const { return why_; }
  [[nodiscard]] std::size_t at() const { return at_; }  ///< bytes before the place
  /// The line and the caret below it.
  [[nodiscard]] const std::string& shown() const { return shown_; }

 private:
  std::string why_;
  std::string shown_;
  std::size_t at_;
};

/// A checked expression: a value, immutable; any thread. Takes a few nanoseconds an operation to evaluate, and
/// allocates nothing.
class Expression {
 public:
  /// Throws ParseError: for what is no expression, an unknown name (with the nearest), units that do not go together,
  /// numbers where conditions belong or the other way round, and for what is nested or long beyond reason.
  [[nodiscard]] static Expression parse(std::string_view text, std::span<const Variable> variables);

  /// REQUIRES: a value for each variable, in its own unit; a boolean is 0 or 1. The result is in SI base units, that of
  /// a condition 0 or 1. Whatever arithmetic makes of it: infinities and NaN are results.
  [[nodiscard]] double evaluate(std::span<const double> values) const noexcept;

  [[nodiscard]] bool is_condition() const { return is_condition_; }
  [[nodiscard]] const Dimension& dimension() const { return dimension_; }
  /// Whether it may stand for any unit: a number without one, or not known to have one.
  [[nodiscard]] bool fits(const Dimension& wanted) const {
    return is_bare_ || !dimension_.is_known() || !wanted.is_known() || dimension_ == wanted;
  }
  /// Places of the variables that it uses, each once, ascending.
  [[nodiscard]] const std::vector<std::size_t>& uses() const { return uses_; }
  /// The variable that it is, where it is nothing else.
  [[nodiscard]] std::optional<std::size_t> alone() const;

 private:
  friend class Parser;
  enum class Operation : std::uint8_t {
    number,
    variable,
    scaled_up,
    scaled_down,  // what is pushed; scaled: a variable times or over `number`
    negate,
    not_,
    add,
    subtract,
    multiply,
    divide,
    power,
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    not_equal,
    and_,
    or_,
    abs,
    sqrt,
    exp,
    ln,
    log10,
    sin,
    cos,
    tan,
    asin,
    acos,
    atan,
    floor,
    ceil,
    round,
    sign,
    minimum,
    maximum,
    atan2,
    choose,
  };
  struct Instruction {
    Operation operation;
    std::uint32_t variable = 0;
    double number = 0;
  };
  static constexpr std::size_t k_stack = 128;

  std::vector<Instruction> code_;
  std::vector<std::size_t> uses_;
  Dimension dimension_;
  bool is_condition_ = false;
  bool is_bare_ = false;
};

/// A number with or without a unit, as people type it: "500 mV", "10ms", "0.5". In SI base units. Throws ParseError.
struct Quantity {
  double value = 0;
  Dimension dimension = {};  ///< none() of a bare number
};
[[nodiscard]] Quantity parse_quantity(std::string_view text);

}  // namespace wheatstone::expression
