#pragma once
// A column's memory as a tree of Arrow buffers, wherever they lie: in a chunk, in a part, or made.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>
#include <wheatstone/value.hpp>

#include "storage/column.hpp"

namespace wheatstone::storage {

/// One node of the tree. Owns nothing; who hands it out says what keeps the memory.
struct Node {
  Physical physical = Physical::none;
  std::int64_t capacity = 0;       ///< values that fit, or are there
  std::int64_t byte_capacity = 0;  ///< of text and bytes: the size of `data`
  const std::uint8_t* validity = nullptr;
  const std::int64_t* offsets = nullptr;
  const std::byte* data = nullptr;
  std::vector<Node> children = {};

  [[nodiscard]] bool valid(std::int64_t i) const {
    return validity == nullptr || ((validity[i >> 3] >> (i & 7)) & 1) != 0;
  }
  [[nodiscard]] bool bit(std::int64_t i) const {
    return ((std::to_integer<unsigned>(data[i >> 3]) >> (i & 7)) & 1U) != 0;
  }
  template <class T>
  [[nodiscard]] T value(std::int64_t i) const {
    T value;
    std::memcpy(&value, data + i * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
    return value;
  }
};

/// One cell as a value; the null value where the cell is null. REQUIRES: the cell's check has held.
[[nodiscard]] Value read_cell(const Node& node, const ColumnInfo& column, std::int64_t row);

/// What the variable-length parts of a cell take, one number for each node with offsets, depth first: bytes of text,
/// elements of a list.
using Extents = std::vector<std::int64_t>;

/// Adds what `value` takes in a column of `type` to `out`; the null value takes nothing. REQUIRES: value fits type.
void measure(const Type& type, const Value& value, Extents& out);
/// Adds what the rows before `row` have taken.
void measure_used(const Node& node, std::int64_t row, Extents& out);
/// Adds the room that a node's buffers have in all.
void measure_room(const Node& node, Extents& out);

/// Writes a cell at `row` behind the cells before it; null as zeros and empty lists. Validity is left alone. REQUIRES:
/// the node lies in memory that the caller may write, the value fits the type, and there is room.
void write_cell(const Node& node, const Type& type, std::int64_t row, const Value& value);

/// Copies the first `rows` cells of a node behind the cells before `row`, without the column's own validity. REQUIRES:
/// as write_cell(); nodes of one type.
void copy_cells(const Node& to, std::int64_t row, const Node& from, std::int64_t rows);

}  // namespace wheatstone::storage
