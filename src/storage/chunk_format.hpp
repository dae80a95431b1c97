#pragma once
// The figures of docs/formats/run.md, "A chunk". Change that page first.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/uuid.hpp"
#include "storage/node.hpp"

namespace wheatstone::storage {

constexpr std::uint32_t k_format_version = 2;
constexpr std::uint64_t k_buffer_alignment = 64;
constexpr std::int64_t k_first_chunk_rows = 1024;
constexpr std::int64_t k_most_chunk_rows = 65536;
constexpr std::int64_t k_first_chunk_bytes = std::int64_t{1} << 20;
constexpr std::int64_t k_most_chunk_bytes = std::int64_t{1} << 26;

struct ChunkHeader {
  char magic[8];
  std::uint32_t version;
  std::uint32_t description_size;
  std::uint8_t run[16];
  std::uint64_t first_row;
  std::uint64_t capacity;
  std::uint64_t file_size;
  std::uint32_t reserved;
  std::uint32_t check;      ///< of the 60 bytes before and the description
  std::uint64_t row_count;  ///< release-stored; alone in its cache line
  std::uint8_t padding[56];
};
static_assert(sizeof(ChunkHeader) == 128 && offsetof(ChunkHeader, run) == 16 && offsetof(ChunkHeader, check) == 60 &&
              offsetof(ChunkHeader, row_count) == 64);
constexpr char k_chunk_magic[8] = {'W', 'S', 'C', 'H', 'U', 'N', 'K', '\0'};

struct BufferSpan {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// Where everything of a chunk lies.
struct ChunkLayout {
  std::vector<ColumnInfo> columns = {};
  std::vector<std::vector<BufferSpan>> buffers = {};  ///< for each column, depth first in Arrow's order
  BufferSpan checks = {};
  std::int64_t rows = 0;
  std::uint64_t file_size = 0;
  std::string description = {};
};

/// Lays out `rows` rows; `room` has for each column what its variable parts may take in all, as measure() orders them.
[[nodiscard]] ChunkLayout lay_out(std::vector<ColumnInfo> columns, std::int64_t rows, const std::vector<Extents>& room);

/// Reads a description. Throws DataError where it cannot be, or where a buffer lies outside the file.
[[nodiscard]] ChunkLayout read_layout(std::string_view description, std::int64_t rows, std::uint64_t file_size);

/// A column's tree over the file's bytes in memory. REQUIRES: a layout made by one of the above for that memory.
[[nodiscard]] Node node_over(const Type& type, std::span<const BufferSpan> buffers, const std::byte* memory);

/// The check of header and description.
[[nodiscard]] std::uint32_t header_check(const ChunkHeader& header, std::string_view description);

}  // namespace wheatstone::storage
