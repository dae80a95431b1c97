#include "storage/chunk_format.hpp"

#include <algorithm>
#include <wheatstone/error.hpp>

#include "storage/crc32c.hpp"

namespace wheatstone::storage {
namespace {

std::uint64_t aligned(std::uint64_t offset, std::uint64_t to = k_buffer_alignment) {
  return (offset + to - 1) / to * to;
}

std::uint64_t bits(std::int64_t count) { return (static_cast<std::uint64_t>(count) + 7) / 8; }

/// Places a type's buffers one behind the other.
class Placer {
 public:
  explicit Placer(std::uint64_t cursor) : cursor_(cursor) {}

  BufferSpan place(std::uint64_t size) {
    const BufferSpan span{aligned(cursor_), size};
    cursor_ = span.offset + size;
    return span;
  }

  void place(const Type& type, std::int64_t capacity, const std::int64_t*& room, bool is_column,
             std::vector<BufferSpan>& out) {
    if (type.physical == Physical::none) return;
    out.push_back(is_column || type.nullable ? place(bits(capacity)) : BufferSpan{});
    std::int64_t below = capacity;
    if (has_offsets(type.physical)) {
      out.push_back(place((static_cast<std::uint64_t>(capacity) + 1) * 8));
      below = *room++;
      if (type.physical != Physical::list) out.push_back(place(static_cast<std::uint64_t>(below)));
    } else if (type.physical == Physical::bit) {
      out.push_back(place(bits(capacity)));
    } else if (const std::size_t width = width_of(type.physical); width != 0) {
      out.push_back(place(static_cast<std::uint64_t>(capacity) * width));
    } else if (type.physical == Physical::pair) {
      below = 2 * capacity;
    }
    for (const Field& child : type.children) place(child.type, below, room, false, out);
  }

  [[nodiscard]] std::uint64_t cursor() const { return cursor_; }

 private:
  std::uint64_t cursor_;
};

void append(std::string& text, BufferSpan span) {
  text += "[" + std::to_string(span.offset) + "," + std::to_string(span.size) + "]";
}

/// The description, from the text of each column.
std::string describe(const ChunkLayout& layout, const std::vector<std::string>& columns) {
  std::string text = "{\"columns\":[";
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (c != 0) text += ",";
    text.append(columns[c], 0, columns[c].size() - 1);  // its end is written below
    text += ",\"buffers\":[";
    for (std::size_t b = 0; b < layout.buffers[c].size(); ++b) {
      if (b != 0) text += ",";
      append(text, layout.buffers[c][b]);
    }
    text += "]}";
  }
  text += "],\"checks\":";
  append(text, layout.checks);
  return text + "}";
}

void place_all(ChunkLayout& layout, const std::vector<Extents>& room, std::uint64_t start) {
  Placer placer(start);
  layout.buffers.assign(layout.columns.size(), {});
  for (std::size_t c = 0; c < layout.columns.size(); ++c) {
    const std::int64_t* column_room = room[c].data();
    placer.place(layout.columns[c].type, layout.rows, column_room, true, layout.buffers[c]);
  }
  layout.checks = placer.place(static_cast<std::uint64_t>(layout.rows) * 4);
  layout.file_size = aligned(placer.cursor(), 4096);
}

BufferSpan span_from(const io::Document& document, std::uint64_t file_size) {
  const auto& items = document.items();
  const auto* offset = items.size() == 2 ? items[0].get_if<std::int64_t>() : nullptr;
  const auto* size = items.size() == 2 ? items[1].get_if<std::int64_t>() : nullptr;
  if (offset == nullptr || size == nullptr || *offset < 0 || *size < 0)
    throw DataError("a buffer is not described by two numbers");
  const BufferSpan span{static_cast<std::uint64_t>(*offset), static_cast<std::uint64_t>(*size)};
  if (span.offset > file_size || span.size > file_size - span.offset || span.offset % k_buffer_alignment != 0) {
    throw DataError("a buffer lies outside the file");
  }
  return span;
}

std::int64_t count_of(BufferSpan span, std::size_t width) { return static_cast<std::int64_t>(span.size / width); }

class NodeBuilder {
 public:
  NodeBuilder(std::span<const BufferSpan> buffers, const std::byte* memory) : buffers_(buffers), memory_(memory) {}

  Node build(const Type& type) {
    Node node{type.physical};
    if (type.physical == Physical::none) return node;
    const BufferSpan validity = next();
    if (validity.size != 0) node.validity = reinterpret_cast<const std::uint8_t*>(memory_ + validity.offset);
    if (has_offsets(type.physical)) {
      const BufferSpan offsets = next();
      node.offsets = reinterpret_cast<const std::int64_t*>(memory_ + offsets.offset);
      node.capacity = count_of(offsets, 8) - 1;
      if (type.physical != Physical::list) {
        const BufferSpan data = next();
        node.data = memory_ + data.offset;
        node.byte_capacity = static_cast<std::int64_t>(data.size);
      }
    } else if (type.physical != Physical::record && type.physical != Physical::pair) {
      const BufferSpan data = next();
      node.data = memory_ + data.offset;
      node.capacity = type.physical == Physical::bit ? static_cast<std::int64_t>(data.size * 8)
                                                     : count_of(data, width_of(type.physical));
    }
    for (const Field& child : type.children) node.children.push_back(build(child.type));
    if (type.physical == Physical::pair) node.capacity = node.children.front().capacity / 2;
    if (type.physical == Physical::record) {
      node.capacity = node.children.empty() ? 0 : INT64_MAX;
      for (const Node& child : node.children) node.capacity = std::min(node.capacity, child.capacity);
    }
    if (type.nullable && validity.size != 0)
      node.capacity = std::min(node.capacity, static_cast<std::int64_t>(validity.size) * 8);
    return node;
  }

  [[nodiscard]] bool at_end() const { return at_ == buffers_.size(); }

 private:
  BufferSpan next() {
    if (at_ == buffers_.size()) throw DataError("a column has fewer buffers than its type");
    return buffers_[at_++];
  }

  std::span<const BufferSpan> buffers_;
  const std::byte* memory_;
  std::size_t at_ = 0;
};

}  // namespace

ChunkLayout lay_out(std::vector<ColumnInfo> columns, std::int64_t rows, const std::vector<Extents>& room) {
  ChunkLayout layout;
  layout.columns = std::move(columns);
  layout.rows = rows;
  // The description names offsets and stands before them: laid out once to learn its length, which later offsets may
  // lengthen by some digits each.
  place_all(layout, room, 0);
  std::vector<std::string> columns_text;
  for (const ColumnInfo& column : layout.columns) columns_text.push_back(to_text(column));
  std::size_t numbers = 2;
  for (const auto& spans : layout.buffers) numbers += 2 * spans.size();
  place_all(layout, room, sizeof(ChunkHeader) + describe(layout, columns_text).size() + 8 * numbers);
  layout.description = describe(layout, columns_text);
  return layout;
}

ChunkLayout read_layout(std::string_view description, std::int64_t rows, std::uint64_t file_size) {
  const io::Document document = io::Document::parse(description);
  ChunkLayout layout;
  layout.rows = rows;
  layout.file_size = file_size;
  const auto* columns = document.find("columns");
  const auto* checks = document.find("checks");
  if (columns == nullptr || checks == nullptr) throw DataError("the description lacks columns or checks");
  layout.checks = span_from(*checks, file_size);
  if (count_of(layout.checks, 4) < rows) throw DataError("there are fewer checks than rows");
  for (const io::Document& item : columns->items()) {
    layout.columns.push_back(column_from(item));
    std::vector<BufferSpan> spans;
    if (const auto* buffers = item.find("buffers")) {
      for (const io::Document& buffer : buffers->items()) spans.push_back(span_from(buffer, file_size));
    }
    const ColumnInfo& column = layout.columns.back();
    NodeBuilder builder(spans, nullptr);
    const Node node = builder.build(column.type);
    if (!builder.at_end() || (column.kind != Value::Kind::null && node.capacity < rows)) {
      throw DataError("the column '" + column.name + "' has other buffers than its type needs");
    }
    if (column.kind != Value::Kind::null && spans.front().size < bits(rows)) {
      throw DataError("the column '" + column.name + "' has no validity for each row");
    }
    layout.buffers.push_back(std::move(spans));
  }
  return layout;
}

Node node_over(const Type& type, std::span<const BufferSpan> buffers, const std::byte* memory) {
  return NodeBuilder(buffers, memory).build(type);
}

std::uint32_t header_check(const ChunkHeader& header, std::string_view description) {
  const auto bytes = std::as_bytes(std::span(&header, 1)).first(offsetof(ChunkHeader, check));
  return crc32c(std::as_bytes(std::span(description)), crc32c(bytes));
}

}  // namespace wheatstone::storage
