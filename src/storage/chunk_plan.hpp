#pragma once
// How large the next chunk is.

#include <cstdint>
#include <vector>

#include "storage/keeper.hpp"

namespace wheatstone::storage {

/// Levels of a chunk's size: 0 is that of a run's first chunk, each one above or below four times as much or as little.
constexpr int k_most_level = 3;
constexpr int k_least_level = -2;  // where columns change all the time

/// Plans a chunk: rows as long as their bytes stay in the level's budget; room for the variable parts as they were,
/// `per_row` for each column in the order of measure(), and for the row in hand, `need`, in any case.
[[nodiscard]] ChunkRequest plan_chunk(std::vector<ColumnInfo> columns, const std::vector<Extents>& need,
                                      std::vector<std::vector<double>> per_row, int level);

/// Bytes of one cell whose variable parts are `extents`.
[[nodiscard]] double size_of_cell(const Type& type, const Extents& extents);
constexpr double k_most_cell_bytes = 2147483648.0;  // 2 GiB

/// True where cells of that type take more or less room.
[[nodiscard]] bool is_variable(const Type& type);

}  // namespace wheatstone::storage
