#pragma once
// Rows of one file, ready to be read.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.hpp"
#include "io/file.hpp"
#include "storage/node.hpp"

namespace wheatstone::storage {

/// Consecutive rows from one chunk or one batch of a part. Immutable but for what is remembered as verified; any
/// thread.
struct Segment {
  std::uint64_t first_row = 0;
  std::int64_t row_count = 0;
  std::shared_ptr<const std::vector<ColumnInfo>> columns;
  std::vector<Node> nodes;                    ///< one a column
  std::shared_ptr<const void> owner;          ///< keeps the memory of the nodes
  std::shared_ptr<io::Mapping> mapping = {};  ///< of its file; null where that was read
  std::string file;                           ///< for messages
  std::vector<std::uint32_t> checks;          ///< of each column's buffers; empty where rows were checked instead
  std::shared_ptr<std::vector<std::atomic<bool>>> verified;

  /// Checks the buffers of a column before they are first used. Throws StorageError that names the file.
  void require_whole(std::size_t column) const;
};

/// The bytes of a file in memory: mapped, or read where the medium is shared with other machines or refuses to map.
struct FileBytes {
  const std::byte* data = nullptr;
  std::uint64_t size = 0;
  std::shared_ptr<const void> owner;
  std::shared_ptr<io::Mapping> mapping = {};  ///< null where the file was read
};
/// None where there is no such file.
[[nodiscard]] std::optional<FileBytes> load_file(io::FileSystem& files, const std::filesystem::path& path);

struct ChunkRows {
  Segment segment;
  std::uint64_t counted = 0;  ///< what the row count said
};

/// The rows of a chunk whose checks hold; where `live`, at most the row count. Throws StorageError for another run's
/// file, a newer format, or a damaged header; none where the file is gone.
[[nodiscard]] std::optional<ChunkRows> open_chunk(io::FileSystem& files, const std::filesystem::path& path,
                                                  const base::Uuid& run, bool live);

/// CRC32C over a column's buffers as they are exported, docs/formats/run.md "A part".
[[nodiscard]] std::uint32_t column_check(const Node& node, std::int64_t rows);

}  // namespace wheatstone::storage
