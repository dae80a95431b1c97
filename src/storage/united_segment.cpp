#include "storage/united_segment.hpp"

#include <algorithm>

#include "storage/chunk_format.hpp"
#include "storage/chunk_writer.hpp"
#include "storage/element_type.hpp"
#include "storage/table.hpp"

namespace wheatstone::storage {
namespace {

using Kind = Value::Kind;

constexpr std::uint64_t k_null_cell = 8;  // about what a column takes in a row that lacks it
constexpr std::uint64_t k_always = std::uint64_t{1} << 20;

std::uint64_t size_of(const Node& node, std::int64_t count) {
  std::uint64_t bytes = 0;
  std::int64_t below = count;
  if (has_offsets(node.physical)) {
    below = node.offsets[count];
    bytes = static_cast<std::uint64_t>(8 * count + (node.physical == Physical::list ? 0 : below));
  } else if (node.physical == Physical::bit) {
    bytes = static_cast<std::uint64_t>(count) / 8;
  } else if (node.physical == Physical::pair) {
    below = 2 * count;
  } else {
    bytes = static_cast<std::uint64_t>(count) * width_of(node.physical);
  }
  for (const Node& child : node.children) {
    bytes += size_of(child, below);
    if (child.validity != nullptr) bytes += static_cast<std::uint64_t>(below) / 8;
  }
  return bytes;
}

/// A column's place in a segment, or none. Columns of one run stand by number.
const ColumnInfo* find_in(const Segment& segment, std::uint32_t number) {
  const auto found = std::ranges::lower_bound(*segment.columns, number, {}, &ColumnInfo::number);
  return found == segment.columns->end() || found->number != number ? nullptr : &*found;
}

void add(Extents& to, const Extents& more) {
  to.resize(std::max(to.size(), more.size()));
  for (std::size_t i = 0; i < more.size(); ++i) to[i] += more[i];
}

/// One column of the united rows.
class Filler {
 public:
  Filler(ChunkWriter& chunk, std::size_t column) : chunk_(chunk), column_(column) {}

  void add_nulls(std::int64_t rows) {
    for (std::int64_t i = 0; i < rows; ++i) chunk_.put_null(column_, row_++);
  }
  void add(const Node& node, const ColumnInfo& from, std::int64_t rows) {
    const ColumnInfo& column = chunk_.columns()[column_];
    if (from.type == column.type) {
      copy_cells(chunk_.nodes()[column_], row_, node, rows);
    } else {
      for (std::int64_t i = 0; i < rows; ++i)
        write_cell(chunk_.nodes()[column_], column.type, row_ + i, fitted(column, read_cell(node, from, i)));
    }
    for (std::int64_t i = 0; i < rows; ++i) {
      if (!node.valid(i)) chunk_.put_null(column_, row_ + i);
    }
    row_ += rows;
  }

 private:
  ChunkWriter& chunk_;
  std::size_t column_;
  std::int64_t row_ = 0;
};

/// What the variable parts of a column take in all segments.
Extents room_for(const ColumnInfo& column, const std::vector<Segment>& segments) {
  Extents room;
  measure(column.type, Value(), room);
  for (const Segment& segment : segments) {
    const ColumnInfo* from = find_in(segment, column.number);
    if (from == nullptr || from->kind == Kind::null || room.empty()) continue;
    const Node& node = segment.nodes[static_cast<std::size_t>(from - segment.columns->data())];
    if (from->type == column.type) {
      Extents used;
      measure_used(node, segment.row_count, used);
      add(room, used);
      continue;
    }
    for (std::int64_t row = 0; row < segment.row_count; ++row) {
      Extents used;
      measure(column.type, fitted(column, read_cell(node, *from, row)), used);
      add(room, used);
    }
  }
  return room;
}

}  // namespace

std::uint64_t size_of_cells(const Segment& segment) {
  std::uint64_t bytes = 0;
  for (const Node& node : segment.nodes) bytes += size_of(node, segment.row_count);
  return bytes;
}

bool Neighbours::take(const Segment& segment) {
  std::vector<std::uint32_t> missing;
  for (const ColumnInfo& column : *segment.columns) {
    if (!columns_.contains(column.number)) missing.push_back(column.number);
  }
  const std::int64_t rows = rows_ + segment.row_count;
  const std::uint64_t bytes = bytes_ + size_of_cells(segment);
  const std::uint64_t cells = cell_count_ + static_cast<std::uint64_t>(segment.row_count) * segment.columns->size();
  const std::uint64_t united =
      bytes + k_null_cell * (static_cast<std::uint64_t>(rows) * (columns_.size() + missing.size()) - cells);
  const bool fits =
      rows <= k_most_chunk_rows && united <= k_most_chunk_bytes && (united <= k_always || united <= bytes + bytes / 2);
  if (rows_ != 0 && !fits) return false;
  columns_.insert(missing.begin(), missing.end());
  rows_ = rows;
  bytes_ = bytes;
  cell_count_ = cells;
  return true;
}

Segment unite(const std::vector<Segment>& segments, const base::Uuid& run) {
  std::vector<ColumnInfo> columns = united_columns(segments);
  std::int64_t rows = 0;
  for (const Segment& segment : segments) {
    rows += segment.row_count;
    for (std::size_t c = 0; c < segment.columns->size(); ++c) segment.require_whole(c);
  }
  std::vector<Extents> room;
  for (const ColumnInfo& column : columns) room.push_back(room_for(column, segments));
  const std::shared_ptr<ChunkWriter> chunk = ChunkWriter::in_memory(lay_out(columns, rows, room), run);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].kind == Kind::null) continue;
    Filler filler(*chunk, c);
    for (const Segment& segment : segments) {
      const ColumnInfo* from = find_in(segment, columns[c].number);
      if (from == nullptr || from->kind == Kind::null)
        filler.add_nulls(segment.row_count);
      else
        filler.add(segment.nodes[static_cast<std::size_t>(from - segment.columns->data())], *from, segment.row_count);
    }
  }
  Segment united;
  united.first_row = segments.front().first_row;
  united.row_count = rows;
  united.columns = std::make_shared<const std::vector<ColumnInfo>>(std::move(columns));
  united.nodes = chunk->nodes();
  united.owner = chunk;
  return united;
}

}  // namespace wheatstone::storage
