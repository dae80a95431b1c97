#include "storage/row_check.hpp"

#include <algorithm>

namespace wheatstone::storage {
namespace {

template <class Crc>
std::int64_t count_rows(std::span<const Node> columns, const std::uint32_t* checks, std::uint64_t first_row,
                        std::int64_t rows, std::uint64_t seed) {
  for (std::int64_t row = 0; row < rows; ++row) {
    std::uint64_t crc = Crc::word(seed, first_row + static_cast<std::uint64_t>(row));
    for (std::size_t c = 0; c < columns.size(); c += 64) {
      std::uint64_t present = 0;
      for (std::size_t i = c; i < std::min(c + 64, columns.size()); ++i) {
        const bool valid = columns[i].physical != Physical::none && columns[i].valid(row);
        present |= static_cast<std::uint64_t>(valid) << (i - c);
      }
      crc = Crc::word(crc, present);
    }
    for (const Node& column : columns) {
      if (!add_cell<Crc>(column, row, crc)) return row;
    }
    if (static_cast<std::uint32_t>(~crc) != checks[row]) return row;
  }
  return rows;
}

}  // namespace

std::int64_t rows_that_hold(std::span<const Node> columns, const std::uint32_t* checks, std::uint64_t first_row,
                            std::int64_t rows, const base::Uuid& run) {
  const std::uint64_t seed = check_seed(run);
  return crc32c_in_hardware() ? count_rows<HardwareCrc>(columns, checks, first_row, rows, seed)
                              : count_rows<SoftwareCrc>(columns, checks, first_row, rows, seed);
}

}  // namespace wheatstone::storage
