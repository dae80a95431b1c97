#pragma once
// A chunk being written: the file, its memory, and the one place that knows how a row becomes visible.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "base/uuid.hpp"
#include "io/file.hpp"
#include "storage/chunk_format.hpp"

namespace wheatstone::storage {

/// How a chunk's memory reaches its file; decided once a run.
enum class ChunkMedium : std::uint8_t {
  mapped,   // the file itself, mapped
  written,  // memory of ours, written by pwrite at each commit: where the file system cannot reserve or map
};

/// One chunk. The writing thread owns it until it is closed; then nobody writes it. sync() may be called from any
/// thread.
class ChunkWriter {
 public:
  /// Makes the file `path` with room for the layout. `medium` is what to try, and becomes what was found possible.
  /// Throws StorageError where the medium is full; then no file is left.
  static std::unique_ptr<ChunkWriter> create(io::FileSystem& files, const std::filesystem::path& path,
                                             ChunkLayout layout, const base::Uuid& run, ChunkMedium& medium);
  /// A chunk in memory only, for a row that the medium refused.
  static std::unique_ptr<ChunkWriter> in_memory(ChunkLayout layout, const base::Uuid& run);

  /// Gives the chunk its place in the run: the first row, and its name.
  void adopt(io::FileSystem& files, std::uint64_t first_row, const std::filesystem::path& path);

  [[nodiscard]] const std::vector<ColumnInfo>& columns() const { return layout_.columns; }
  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  [[nodiscard]] std::int64_t capacity() const { return layout_.rows; }
  [[nodiscard]] std::uint64_t file_size() const { return layout_.file_size; }
  [[nodiscard]] std::uint64_t first_row() const { return header().first_row; }
  [[nodiscard]] std::uint32_t* checks() const { return checks_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Rows committed. Any thread.
  [[nodiscard]] std::int64_t row_count() const {
    return static_cast<std::int64_t>(__atomic_load_n(&header().row_count, __ATOMIC_ACQUIRE));
  }
  [[nodiscard]] std::shared_ptr<const void> memory() const { return memory_; }

  /// The null cell of a column.
  void put_null(std::size_t column, std::int64_t row);

  /// Makes the row after the last visible to every reader: one release store. REQUIRES: its cells and check are
  /// written.
  void publish(std::int64_t row) {
    if (file_ != nullptr && medium_ == ChunkMedium::written) write_out(row);
    __atomic_store_n(&header().row_count, static_cast<std::uint64_t>(row) + 1, __ATOMIC_RELEASE);
  }

  void sync();

  /// Gives up the memory of a chunk that waits to be sealed: the file has it. Any thread.
  void let_go();

 private:
  ChunkWriter(ChunkLayout layout, ChunkMedium medium) : layout_(std::move(layout)), medium_(medium) {}
  [[nodiscard]] ChunkHeader& header() const { return *reinterpret_cast<ChunkHeader*>(data_); }
  void attach(std::shared_ptr<const void> memory, std::byte* data, const base::Uuid& run);
  void write_out(std::int64_t row);
  void write_range(const void* from, std::size_t size);
  void write_node(const Node& node, std::int64_t from, std::int64_t to);

  ChunkLayout layout_;
  ChunkMedium medium_;
  std::unique_ptr<io::File> file_;
  std::filesystem::path path_;
  std::shared_ptr<const void> memory_;
  std::shared_ptr<io::Mapping> mapping_;  ///< the same, of a mapped chunk
  std::byte* data_ = nullptr;
  std::uint32_t* checks_ = nullptr;
  std::vector<Node> nodes_;
};

}  // namespace wheatstone::storage
