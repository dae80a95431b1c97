#include "procedure/row_values.hpp"

#include <fmt/format.h>

#include "base/number.hpp"

namespace wheatstone::procedure {

std::optional<double> as_number(const Value& value) {
  if (const bool* state = value.get_if<bool>()) return *state ? 1 : 0;
  return base::number_of(value);
}

RowValues::RowValues(std::span<const expression::Variable> variables, std::size_t parameters,
                     std::vector<std::size_t> used)
    : parameters_(parameters), used_(std::move(used)), places_(variables.size()), values_(variables.size()) {
  for (const expression::Variable& variable : variables) names_.push_back(variable.name);
}

std::optional<std::span<const double>> RowValues::of(const Point& point) {
  for (const std::size_t variable : used_) {
    const Value* const value = variable < parameters_ ? &point.data().values[variable] : find(point.row(), variable);
    if (!take(value, variable)) return std::nullopt;
  }
  return values_;
}

std::optional<std::span<const double>> RowValues::of(const Row& row) {
  for (const std::size_t variable : used_) {
    if (!take(find(row, variable), variable)) return std::nullopt;
  }
  return values_;
}

const Value* RowValues::find(const Row& row, std::size_t variable) {
  std::size_t& place = places_[variable];
  if (place < row.size() && row[place].key == names_[variable]) return &row[place].value;
  for (place = 0; place < row.size(); ++place) {
    if (row[place].key == names_[variable]) return &row[place].value;
  }
  return nullptr;
}

bool RowValues::take(const Value* value, std::size_t variable) {
  if (value == nullptr || value->is_null()) return false;
  const std::optional<double> number = as_number(*value);
  if (!number) {
    throw DataError(
        fmt::format("'{}' is {}, which an expression cannot calculate with", names_[variable], name_of(value->kind())));
  }
  values_[variable] = *number;
  return true;
}

}  // namespace wheatstone::procedure
