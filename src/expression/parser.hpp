#pragma once
// From the words of an expression to its instructions. Recursive descent, its depth bounded.

#include <span>
#include <string>
#include <string_view>

#include "expression/expression.hpp"
#include "expression/token.hpp"

namespace wheatstone::expression {

class Parser {
 public:
  Parser(std::string_view text, std::span<const Variable> variables) : tokens_(text), variables_(variables) {}

  [[nodiscard]] Expression parse();

 private:
  using Operation = Expression::Operation;

  /// What a part of the expression is: where it stands, and of what kind.
  struct Part {
    std::size_t at = 0;
    std::size_t end = 0;
    Dimension dimension = Dimension::none();
    bool is_condition = false;
    bool is_bare = false;  ///< a number without a unit, which goes with any unit where things are added or compared
    std::optional<double> constant = {};
  };
  struct Deeper;

  Part alternative();
  Part conjunction();
  Part negation();
  Part comparison();
  Part sum();
  Part product();
  Part unary();
  Part power();
  Part primary();
  Part number();
  Part name();
  Part variable(const Token& name);
  Part call(const Token& name);
  Part choice(const Token& name, std::span<const Part> arguments);
  Part function_of_one(const Token& name, Operation operation, const Part& argument);

  void emit(Operation operation, int taken, double number = 0, std::size_t variable = 0);
  Part joined(const Part& left, const Part& right) const;
  Dimension common(const Part& left, const Part& right, std::string_view verb) const;
  void require_condition(const Part& part, std::string_view word) const;
  void require_number(const Part& part, std::string_view what) const;
  [[nodiscard]] bool is_symbol(std::string_view symbol) const;
  [[nodiscard]] bool is_word(std::string_view word) const;
  bool take_symbol(std::string_view symbol);
  bool take_word(std::string_view word);
  void expect(std::string_view symbol, const Token& opened);
  [[noreturn]] void fail(std::string why, std::size_t at, std::size_t length = 1) const;
  [[noreturn]] void fail_at_word() const;

  TokenReader tokens_;
  std::span<const Variable> variables_;
  Expression made_;
  std::size_t end_of_last_ = 0;
  std::size_t stacked_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace wheatstone::expression
