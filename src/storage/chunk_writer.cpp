#include "storage/chunk_writer.hpp"

#include <wheatstone/error.hpp>

namespace wheatstone::storage {
namespace {

std::shared_ptr<std::vector<std::uint64_t>> zeroed(std::uint64_t size) {
  return std::make_shared<std::vector<std::uint64_t>>(size / 8 + 8);
}

/// The first address at or after `data` that is a multiple of 64.
std::byte* aligned(std::uint64_t* data) {
  const auto address = reinterpret_cast<std::uintptr_t>(data);
  return reinterpret_cast<std::byte*>(data) + (k_buffer_alignment - address % k_buffer_alignment) % k_buffer_alignment;
}

}  // namespace

std::unique_ptr<ChunkWriter> ChunkWriter::create(io::FileSystem& files, const std::filesystem::path& path,
                                                 ChunkLayout layout, const base::Uuid& run, ChunkMedium& medium) {
  files.remove(path);
  std::unique_ptr<io::File> file = files.open(path, io::OpenMode::create);
  try {
    const std::uint64_t size = layout.file_size;
    std::shared_ptr<io::Mapping> mapping;
    if (medium == ChunkMedium::mapped && file->reserve(size) == io::Reservation::reserved)
      mapping = file->map(size, io::Access::write);
    medium = mapping ? ChunkMedium::mapped : ChunkMedium::written;
    std::unique_ptr<ChunkWriter> chunk(new ChunkWriter(std::move(layout), medium));
    chunk->path_ = path;
    if (mapping) {
      chunk->attach(mapping, mapping->data(), run);
      chunk->mapping_ = mapping;
    } else {
      auto memory = zeroed(size);
      chunk->attach(memory, aligned(memory->data()), run);
      file->write_at(0, {chunk->data_, size});
    }
    chunk->file_ = std::move(file);
    return chunk;
  } catch (...) {
    files.remove(path);
    throw;
  }
}

std::unique_ptr<ChunkWriter> ChunkWriter::in_memory(ChunkLayout layout, const base::Uuid& run) {
  auto memory = zeroed(layout.file_size);
  std::unique_ptr<ChunkWriter> chunk(new ChunkWriter(std::move(layout), ChunkMedium::written));
  chunk->attach(memory, aligned(memory->data()), run);
  return chunk;
}

void ChunkWriter::attach(std::shared_ptr<const void> memory, std::byte* data, const base::Uuid& run) {
  memory_ = std::move(memory);
  data_ = data;
  checks_ = reinterpret_cast<std::uint32_t*>(data + layout_.checks.offset);
  ChunkHeader& head = header();
  std::memcpy(head.magic, k_chunk_magic, sizeof head.magic);
  head.version = k_format_version;
  head.description_size = static_cast<std::uint32_t>(layout_.description.size());
  std::memcpy(head.run, run.bytes.data(), sizeof head.run);
  head.capacity = static_cast<std::uint64_t>(layout_.rows);
  head.file_size = layout_.file_size;
  std::memcpy(data + sizeof head, layout_.description.data(), layout_.description.size());
  head.check = header_check(head, layout_.description);
  for (std::size_t c = 0; c < layout_.columns.size(); ++c) {
    nodes_.push_back(node_over(layout_.columns[c].type, layout_.buffers[c], data));
    if (!layout_.buffers[c].empty())
      std::memset(data + layout_.buffers[c].front().offset, 0xFF, layout_.buffers[c].front().size);
  }
}

void ChunkWriter::adopt(io::FileSystem& files, std::uint64_t first_row, const std::filesystem::path& path) {
  header().first_row = first_row;
  header().check = header_check(header(), layout_.description);
  if (file_ == nullptr) return;
  if (medium_ == ChunkMedium::written) write_range(data_, sizeof(ChunkHeader));
  files.rename(path_, path);
  path_ = path;
}

void ChunkWriter::put_null(std::size_t column, std::int64_t row) {
  const Node& node = nodes_[column];
  if (node.physical == Physical::none) return;
  write_cell(node, layout_.columns[column].type, row, Value());
  data_[layout_.buffers[column].front().offset + static_cast<std::uint64_t>(row / 8)] &=
      ~static_cast<std::byte>(1U << (row % 8));
}

void ChunkWriter::sync() {
  if (file_ != nullptr) file_->sync();
}

void ChunkWriter::let_go() {
  if (mapping_) mapping_->let_go();
}

void ChunkWriter::write_range(const void* from, std::size_t size) {
  const auto* bytes = static_cast<const std::byte*>(from);
  file_->write_at(static_cast<std::uint64_t>(bytes - data_), {bytes, size});
}

void ChunkWriter::write_node(const Node& node, std::int64_t from, std::int64_t to) {
  if (from == to || node.physical == Physical::none) return;
  std::int64_t below_from = from;
  std::int64_t below_to = to;
  if (has_offsets(node.physical)) {
    below_from = node.offsets[from];
    below_to = node.offsets[to];
    if (node.physical != Physical::list)
      write_range(node.data + below_from, static_cast<std::size_t>(below_to - below_from));
    write_range(node.offsets + from + 1, static_cast<std::size_t>(to - from) * 8);
  } else if (node.physical == Physical::bit) {
    write_range(node.data + from / 8, static_cast<std::size_t>((to - 1) / 8 - from / 8 + 1));
  } else if (const std::size_t width = width_of(node.physical); width != 0) {
    write_range(node.data + static_cast<std::size_t>(from) * width, static_cast<std::size_t>(to - from) * width);
  } else if (node.physical == Physical::pair) {
    below_from = 2 * from;
    below_to = 2 * to;
  }
  for (const Node& child : node.children) {
    if (child.validity != nullptr && below_from != below_to)
      write_range(child.validity + below_from / 8, static_cast<std::size_t>((below_to - 1) / 8 - below_from / 8 + 1));
    write_node(child, below_from, below_to);
  }
}

void ChunkWriter::write_out(std::int64_t row) {
  for (const Node& node : nodes_) {
    write_node(node, row, row + 1);
    if (node.validity != nullptr && !node.valid(row)) write_range(node.validity + row / 8, 1);
  }
  write_range(checks_ + row, sizeof(std::uint32_t));
  const std::uint64_t count = static_cast<std::uint64_t>(row) + 1;
  file_->write_at(offsetof(ChunkHeader, row_count), std::as_bytes(std::span(&count, 1)));
}

}  // namespace wheatstone::storage
