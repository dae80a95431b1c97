#pragma once
// What a column becomes with a value that it meets.

#include <cstdint>
#include <functional>
#include <optional>
#include <wheatstone/value.hpp>

#include "storage/column.hpp"

namespace wheatstone::storage {

/// True for ints that a float64 holds exactly.
[[nodiscard]] constexpr bool exact_as_real(std::int64_t value) {
  constexpr std::int64_t k_exact = std::int64_t{1} << 53;
  return value >= -k_exact && value <= k_exact;
}

/// The column with the kind and type that it needs to hold `value` too. Throws DataError naming row, column and both
/// types where it cannot. `beyond_53_bits` says whether an int is stored that a float64 cannot hold; asked only where
/// that decides.
[[nodiscard]] ColumnInfo settled_column(const ColumnInfo& column, const Value& value, std::uint64_t row,
                                        const std::function<bool()>& beyond_53_bits);

/// The array as a column of another element type keeps it without loss: one of no elements, or ints among float64. None
/// where it is kept as it is, or not at all. REQUIRES: a column of arrays, and an array.
[[nodiscard]] std::optional<Value> fitted_array(const ColumnInfo& column, const Value& value);

}  // namespace wheatstone::storage
