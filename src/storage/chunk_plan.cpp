#include "storage/chunk_plan.hpp"

#include <algorithm>
#include <cmath>

namespace wheatstone::storage {
namespace {

/// What one row takes, with `extents` for its variable parts.
double bytes_of(const Type& type, double count, const double*& extents) {
  double bytes = 0;
  double below = count;
  if (has_offsets(type.physical)) {
    below = *extents++;
    bytes = 8 * count + (type.physical == Physical::list ? 0 : below);
  } else if (type.physical == Physical::bit) {
    bytes = count / 8;
  } else if (type.physical == Physical::pair) {
    below = 2 * count;
  } else {
    bytes = count * static_cast<double>(width_of(type.physical));
  }
  if (type.nullable) bytes += count / 8;
  for (const Field& child : type.children) bytes += bytes_of(child.type, below, extents);
  return bytes;
}

std::int64_t scaled(std::int64_t first, int level) { return level < 0 ? first >> (-2 * level) : first << (2 * level); }

}  // namespace

bool is_variable(const Type& type) {
  if (has_offsets(type.physical)) return true;
  return std::ranges::any_of(type.children, [](const Field& field) { return is_variable(field.type); });
}

double size_of_cell(const Type& type, const Extents& extents) {
  const std::vector<double> reals(extents.begin(), extents.end());
  const double* at = reals.data();
  return bytes_of(type, 1, at);
}

ChunkRequest plan_chunk(std::vector<ColumnInfo> columns, const std::vector<Extents>& need,
                        std::vector<std::vector<double>> per_row, int level) {
  const std::int64_t most_rows = std::clamp(scaled(k_first_chunk_rows, level), std::int64_t{1}, k_most_chunk_rows);
  const std::int64_t budget = std::min(scaled(k_first_chunk_bytes, level), k_most_chunk_bytes);
  double row_bytes = 4;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (per_row[c].size() != need[c].size()) per_row[c].assign(need[c].begin(), need[c].end());
    const double* extents = per_row[c].data();
    row_bytes += bytes_of(columns[c].type, 1, extents) + 0.125;
  }
  ChunkRequest request;
  request.columns = std::move(columns);
  request.rows =
      std::clamp(static_cast<std::int64_t>(static_cast<double>(budget) / row_bytes), std::int64_t{1}, most_rows);
  for (std::size_t c = 0; c < need.size(); ++c) {
    Extents room;
    for (std::size_t i = 0; i < need[c].size(); ++i) {
      const double likely =
          request.rows == 1 ? per_row[c][i] : per_row[c][i] * static_cast<double>(request.rows) * 1.25 + 64;
      room.push_back(std::max(need[c][i], static_cast<std::int64_t>(std::ceil(likely))));
    }
    request.room.push_back(std::move(room));
  }
  return request;
}

}  // namespace wheatstone::storage
