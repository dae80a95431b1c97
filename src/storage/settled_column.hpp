#pragma once
// What a column becomes with a value that it meets.

#include <cstdint>
#include <functional>
#include <string_view>
#include <wheatstone/value.hpp>

#include "storage/column.hpp"

namespace wheatstone::storage {

/// Says of a column of a table's cells, or of one of the columns of its frames by name (else ""), whether a whole
/// number is stored that a float64 cannot hold.
using Beyond53Bits = std::function<bool(std::string_view part)>;

/// The column with the kind and type that it needs to hold `value` too. Throws DataError naming row, column and both
/// types where it cannot. `beyond` is asked only where that decides.
[[nodiscard]] ColumnInfo settled_column(const ColumnInfo& column, const Value& value, std::uint64_t row,
                                        const Beyond53Bits& beyond);

/// True where the column keeps an array or a frame without becoming another. REQUIRES: a column of that kind.
[[nodiscard]] bool keeps(const ColumnInfo& column, const Value& value);

}  // namespace wheatstone::storage
