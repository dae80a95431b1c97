#include "storage/chunk_reader.hpp"

#include <wheatstone/error.hpp>

#include "storage/chunk_format.hpp"
#include "storage/row_check.hpp"

namespace wheatstone::storage {
namespace {

[[noreturn]] void refuse_chunk(const std::filesystem::path& path, const std::string& why) {
  throw StorageError("the chunk '" + path.string() + "' cannot be read: " + why);
}

[[noreturn]] void name_damaged(const std::filesystem::path& path) {
  throw StorageError("the chunk '" + path.string() + "' is damaged: its header does not match its checksum, so none " +
                     "of its rows can be read; restore it from a copy, or move it away to read the rows before it");
}

std::uint32_t add_bits(std::uint32_t crc, const std::uint8_t* bits, std::int64_t count) {
  const auto whole = static_cast<std::size_t>(count / 8);
  crc = crc32c(std::as_bytes(std::span(bits, whole)), crc);
  if (count % 8 == 0) return crc;
  const std::uint8_t last = bits[whole] & static_cast<std::uint8_t>((1U << (count % 8)) - 1);
  return crc32c(std::as_bytes(std::span(&last, 1)), crc);
}

bool has_nulls(const Node& node, std::int64_t rows) {
  if (node.validity == nullptr) return false;
  for (std::int64_t row = 0; row < rows; ++row) {
    if ((row & 7) == 0 && row + 8 <= rows && node.validity[row >> 3] == 0xFF)
      row += 7;
    else if (!node.valid(row))
      return true;
  }
  return false;
}

std::uint32_t add_buffers(std::uint32_t crc, const Node& node, std::int64_t count) {
  std::int64_t below = count;
  if (has_offsets(node.physical)) {
    const auto offsets = std::span(node.offsets, static_cast<std::size_t>(count) + 1);
    crc = crc32c(std::as_bytes(offsets), crc);
    below = offsets.back();
    const std::int64_t room = node.physical == Physical::list ? node.children.front().capacity : node.byte_capacity;
    if (below < 0 || below > room) return ~crc;  // damaged already; stay inside the buffers
    if (node.physical != Physical::list) crc = crc32c({node.data, static_cast<std::size_t>(below)}, crc);
  } else if (node.physical == Physical::bit) {
    crc = add_bits(crc, reinterpret_cast<const std::uint8_t*>(node.data), count);
  } else if (node.physical == Physical::pair) {
    below = 2 * count;
  } else {
    crc = crc32c({node.data, static_cast<std::size_t>(count) * width_of(node.physical)}, crc);
  }
  for (const Node& child : node.children) {
    if (has_nulls(child, below)) crc = add_bits(crc, child.validity, below);
    crc = add_buffers(crc, child, below);
  }
  return crc;
}

/// True where a block of the description was never written: the text, which has no zero byte, ends where one begins.
bool lacks_a_block(std::string_view description) {
  constexpr std::size_t k_block = 512;
  const std::size_t zero = description.find('\0');
  return zero != std::string_view::npos && (sizeof(ChunkHeader) + zero) % k_block == 0;
}

/// The description of a chunk whose header is whole; none where the header was never finished, which holds no row. A
/// loss of power or a copy cut short leaves such chunks; whatever else does not match is damage. The row count stands
/// in the header's page and is written after it, so that a count over a header that does not match is damage too.
std::optional<std::string_view> finished_description(const FileBytes& bytes, const ChunkHeader& header,
                                                     const std::filesystem::path& path) {
  const bool known = std::memcmp(header.magic, k_chunk_magic, sizeof k_chunk_magic) == 0;
  if (!known) {
    if (header.row_count != 0) name_damaged(path);
    return std::nullopt;
  }
  if (header.version > k_format_version) {
    refuse_chunk(path, "it has format " + std::to_string(header.version) + " and this version reads up to " +
                           std::to_string(k_format_version) + "; install a newer Wheatstone");
  }
  if (header.description_size > bytes.size - sizeof header) {
    if (header.row_count != 0 && header.file_size <= bytes.size) name_damaged(path);
    return std::nullopt;
  }
  const std::string_view description(reinterpret_cast<const char*>(bytes.data) + sizeof header,
                                     header.description_size);
  if (header_check(header, description) == header.check) return description;
  if (header.row_count != 0 && !lacks_a_block(description)) name_damaged(path);
  return std::nullopt;
}

}  // namespace

std::uint32_t column_check(const Node& node, std::int64_t rows) {
  std::uint32_t crc = 0;
  if (has_nulls(node, rows)) crc = add_bits(crc, node.validity, rows);
  return node.physical == Physical::none ? crc : add_buffers(crc, node, rows);
}

void Segment::require_whole(std::size_t column) const {
  if (checks.empty() || (*verified)[column].load(std::memory_order_acquire)) return;
  if (column_check(nodes[column], row_count) != checks[column]) {
    throw StorageError(
        "the part '" + file + "' is damaged: column '" + (*columns)[column].name +
        "' does not match its checksum; restore the file from a copy, other columns and parts can be read");
  }
  (*verified)[column].store(true, std::memory_order_release);
}

std::optional<FileBytes> load_file(io::FileSystem& files, const std::filesystem::path& path) {
  const std::unique_ptr<io::File> file = files.open(path, io::OpenMode::read);
  if (!file) return std::nullopt;
  const std::uint64_t size = file->size();
  if (size == 0) return FileBytes{};
  if (!files.is_shared_medium(path)) {
    if (const std::shared_ptr<io::Mapping> mapping = file->map(size, io::Access::read)) {
      return FileBytes{mapping->data(), size, mapping, mapping};
    }
  }
  const auto words = std::make_shared<std::vector<std::uint64_t>>((size + 7) / 8);  // aligned as Arrow wants it
  const auto bytes = std::as_writable_bytes(std::span(*words)).first(size);
  const std::size_t got = file->read_at(0, bytes);
  return FileBytes{bytes.data(), got, words, nullptr};
}

std::optional<ChunkRows> open_chunk(io::FileSystem& files, const std::filesystem::path& path, const base::Uuid& run,
                                    bool live) {
  const std::optional<FileBytes> bytes = load_file(files, path);
  if (!bytes) return std::nullopt;
  if (bytes->size < sizeof(ChunkHeader)) return ChunkRows{};  // cut by a crash before its first sync: no rows
  ChunkHeader header;
  std::memcpy(&header, bytes->data, sizeof header);
  const std::optional<std::string_view> finished = finished_description(*bytes, header, path);
  if (!finished) return ChunkRows{};
  const std::string_view description = *finished;
  if (std::memcmp(header.run, run.bytes.data(), sizeof header.run) != 0)
    refuse_chunk(path, "it belongs to another run");

  ChunkRows rows;
  // Acquire: cells of counted rows were stored before. The count is read in place, the copy above may be older.
  const auto* count = reinterpret_cast<const std::uint64_t*>(bytes->data + offsetof(ChunkHeader, row_count));
  rows.counted = __atomic_load_n(count, __ATOMIC_ACQUIRE);
  const auto capacity = static_cast<std::int64_t>(header.capacity);
  ChunkLayout layout;
  try {
    layout = read_layout(description, capacity, std::min(header.file_size, bytes->size));
  } catch (const DataError& error) {
    if (bytes->size < header.file_size) return ChunkRows{};  // cut short
    refuse_chunk(path, error.what());
  }
  Segment& segment = rows.segment;
  segment.first_row = header.first_row;
  segment.owner = bytes->owner;
  segment.mapping = bytes->mapping;
  segment.file = path.filename().string();
  for (std::size_t c = 0; c < layout.columns.size(); ++c) {
    segment.nodes.push_back(node_over(layout.columns[c].type, layout.buffers[c], bytes->data));
  }
  segment.columns = std::make_shared<const std::vector<ColumnInfo>>(std::move(layout.columns));
  const auto* checks = reinterpret_cast<const std::uint32_t*>(bytes->data + layout.checks.offset);
  const std::int64_t most = live ? std::min(capacity, static_cast<std::int64_t>(rows.counted)) : capacity;
  segment.row_count = rows_that_hold(segment.nodes, checks, header.first_row, most, run);
  return rows;
}

}  // namespace wheatstone::storage
