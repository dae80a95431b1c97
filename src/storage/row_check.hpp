#pragma once
// The check of a row, as docs/formats/run.md defines it: written once for the writer's hot path and for readers.

#include <cstdint>
#include <cstring>
#include <span>

#include "base/uuid.hpp"
#include "storage/crc32c.hpp"
#include "storage/node.hpp"

namespace wheatstone::storage {

/// The running CRC after the run's id; the start of every row's check.
[[nodiscard]] inline std::uint64_t check_seed(const base::Uuid& run) {
  return add_bytes<SoftwareCrc>(0xFFFFFFFF, reinterpret_cast<const std::byte*>(run.bytes.data()), run.bytes.size());
}

namespace detail {

/// Where a cell's variable parts lie; false where offsets run backwards or out of their buffers.
[[nodiscard]] inline bool range_of(const Node& node, std::int64_t i, std::int64_t& start, std::int64_t& end) {
  if (i < 0 || i >= node.capacity) return false;
  start = node.offsets[i];
  end = node.offsets[i + 1];
  const std::int64_t room = node.physical == Physical::list ? node.children.front().capacity : node.byte_capacity;
  return start >= 0 && start <= end && end <= room && (i != 0 || start == 0);
}

template <class Crc>
[[nodiscard]] bool add_elements(const Node& node, std::int64_t start, std::int64_t count, std::uint64_t& crc);

template <class Crc>
[[nodiscard]] bool add_variable(const Node& node, std::int64_t i, std::uint64_t& crc) {
  std::int64_t start = 0;
  std::int64_t end = 0;
  if (!range_of(node, i, start, end)) return false;
  crc = Crc::word(crc, static_cast<std::uint64_t>(end - start));
  if (node.physical == Physical::list) {
    const Node& child = node.children.front();
    if (child.validity != nullptr) {
      for (std::int64_t e = start; e < end; ++e) crc = Crc::byte(crc, child.valid(e) ? 1 : 0);
    }
    return add_elements<Crc>(child, start, end - start, crc);
  }
  crc = add_bytes<Crc>(crc, node.data + start, static_cast<std::size_t>(end - start));
  return true;
}

template <class Crc>
bool add_elements(const Node& node, std::int64_t start, std::int64_t count, std::uint64_t& crc) {
  if (node.physical == Physical::text) {
    for (std::int64_t i = start; i < start + count; ++i) {
      if (!add_variable<Crc>(node, i, crc)) return false;
    }
    return true;
  }
  if (node.physical == Physical::bit) {
    for (std::int64_t i = start; i < start + count; ++i) crc = Crc::byte(crc, node.bit(i) ? 1 : 0);
    return true;
  }
  if (node.physical == Physical::pair) return add_elements<Crc>(node.children.front(), 2 * start, 2 * count, crc);
  const auto width = static_cast<std::int64_t>(width_of(node.physical));
  crc = add_bytes<Crc>(crc, node.data + start * width, static_cast<std::size_t>(count * width));
  return true;
}

}  // namespace detail

/// Adds one cell of a column to a running check. False where the cell cannot be whole.
template <class Crc>
[[nodiscard]] bool add_cell(const Node& node, std::int64_t row, std::uint64_t& crc) {
  switch (node.physical) {
    case Physical::none:
      return true;
    case Physical::bit:
      crc = Crc::word(crc, node.bit(row) ? 1 : 0);
      return true;
    case Physical::int64:
    case Physical::float64:
    case Physical::time:
      crc = Crc::word(crc, node.value<std::uint64_t>(row));
      return true;
    case Physical::record:
      for (const Node& child : node.children) {
        if (!add_cell<Crc>(child, row, crc)) return false;
      }
      return true;
    case Physical::text:
    case Physical::bytes:
    case Physical::list:
      return detail::add_variable<Crc>(node, row, crc);
    default:
      return false;  // no column has such a type
  }
}

/// The longest prefix of rows whose checks hold, at most `rows`.
[[nodiscard]] std::int64_t rows_that_hold(std::span<const Node> columns, const std::uint32_t* checks,
                                          std::uint64_t first_row, std::int64_t rows, const base::Uuid& run);

}  // namespace wheatstone::storage
