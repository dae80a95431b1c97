#pragma once
// The numbers that an expression needs, out of a point and its row.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <wheatstone/point.hpp>
#include <wheatstone/row.hpp>

#include "expression/expression.hpp"

namespace wheatstone::procedure {

/// Gathers the values of an expression's variables: parameters first, then columns by name. Keeps its room, so that a
/// point costs no allocation. One thread.
class RowValues {
 public:
  /// `parameters` is how many of the variables are parameters.
  RowValues(std::span<const expression::Variable> variables, std::size_t parameters, std::vector<std::size_t> used);

  /// Parameters of the point, columns of its row so far. Empty where one of the values is null. Throws DataError for a
  /// value that is no number.
  [[nodiscard]] std::optional<std::span<const double>> of(const Point& point);
  /// The same of a whole row, parameters too by name.
  [[nodiscard]] std::optional<std::span<const double>> of(const Row& row);

 private:
  [[nodiscard]] const Value* find(const Row& row, std::size_t variable);
  [[nodiscard]] bool take(const Value* value, std::size_t variable);

  std::vector<std::string> names_;
  std::size_t parameters_;
  std::vector<std::size_t> used_;
  std::vector<std::size_t> places_;  ///< where each name stood in the row before
  std::vector<double> values_;
};

/// A number, or 1 and 0 of a boolean; none of anything else.
[[nodiscard]] std::optional<double> as_number(const Value& value);

}  // namespace wheatstone::procedure
