#pragma once
// Rows of several files as one table: columns united by name, widened, in their order.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/experiment.hpp>

#include "storage/arrow_tree.hpp"
#include "storage/chunk_reader.hpp"

namespace wheatstone::storage {

/// Which columns a table shows.
enum class TableView : std::uint8_t { results, timing };

/// The columns of all segments, united by name and in order of being added. Throws StorageError where they do not
/// belong together.
[[nodiscard]] std::vector<ColumnInfo> united_columns(const std::vector<Segment>& segments);

/// A column's cells in one segment.
struct Cells {
  Node node = {};
  const ColumnInfo* info =
      nullptr;  ///< as the segment has it; null where it lacks the column, whose cells are all null
  std::shared_ptr<const void> owner = {};
};

/// Immutable; any thread.
class Table {
 public:
  Table(std::shared_ptr<const std::vector<Segment>> segments, TableView view);
  /// One without rows, of a run that ended before its first: the columns that are known all the same.
  explicit Table(std::vector<ColumnInfo> columns);
  /// These columns of another, by place.
  Table(const Table& all, const std::vector<std::size_t>& places);

  [[nodiscard]] std::uint64_t row_count() const { return row_count_; }
  [[nodiscard]] const std::vector<Column>& columns() const { return shown_; }
  [[nodiscard]] std::size_t segment_count() const { return segments_->size(); }
  [[nodiscard]] std::int64_t rows_of(std::size_t segment) const { return (*segments_)[segment].row_count; }
  [[nodiscard]] std::uint64_t first_row_of(std::size_t segment) const { return starts_[segment]; }
  /// Names what became known later. REQUIRES: before the table is shared.
  void set_unit(std::string_view column, Unit unit);

  /// The place of a column. Throws DataError with the nearest names where there is none.
  [[nodiscard]] std::size_t place_of(std::string_view column) const;
  [[nodiscard]] Value::Kind kind_of(std::size_t column) const { return united_[column].info.kind; }

  /// Throws StorageError where the part is damaged.
  [[nodiscard]] Cells cells(std::size_t segment, std::size_t column) const;
  /// A row of the segment, of a column's cells there.
  [[nodiscard]] Value value(const Cells& cells, std::size_t column, std::int64_t row_in_segment) const;
  /// Throws DataError past the end.
  [[nodiscard]] Value at(std::uint64_t row, std::size_t column) const;

  /// Gives the pages of a segment's file that were read back to the kernel, which keeps them if it likes; what is read
  /// again comes back by itself.
  void let_go(std::size_t segment) const;

  /// For the Arrow interface: the schema, and one segment as a batch of it.
  [[nodiscard]] SchemaTree schema() const;
  [[nodiscard]] ArrayTree batch(std::size_t segment) const;

 private:
  enum class Source : std::uint8_t { stored, row_number, lateness };
  enum class ArrayForm : std::uint8_t { record, list, fixed };
  struct United {
    ColumnInfo info;
    Source source = Source::stored;
    std::vector<std::int32_t> in_segment = {};  ///< its place there, or -1; of lateness, that of "started"
    std::vector<std::int32_t> scheduled = {};   ///< of lateness: the place of "scheduled"
  };
  /// How a column of arrays is handed out.
  struct ArrayShape {
    ArrayForm form = ArrayForm::record;
    std::vector<std::int64_t> shape = {};  ///< of every cell, where fixed
  };

  void unite(TableView view);
  void show();
  void add_timing();
  [[nodiscard]] Cells computed(const Segment& segment, std::size_t index, const United& column) const;
  [[nodiscard]] Cells stored(std::size_t segment, std::int32_t place) const;
  [[nodiscard]] const ArrayShape& shape_of(std::size_t column) const;
  [[nodiscard]] ArrayShape find_shape(std::size_t column) const;
  [[nodiscard]] SchemaTree schema_of_column(std::size_t column) const;
  [[nodiscard]] ArrayTree array_of_column(std::size_t segment, std::size_t column) const;
  [[nodiscard]] ArrayTree array_of_arrays(const Cells& cells, const Type& type, const ArrayShape& shape,
                                          std::int64_t rows) const;
  [[nodiscard]] ArrayTree array_of_frames(const Cells& cells, const Type& type, std::int64_t rows) const;

  std::shared_ptr<const std::vector<Segment>> segments_;
  std::vector<std::uint64_t> starts_;
  std::uint64_t row_count_ = 0;
  std::vector<United> united_;
  std::vector<Column> shown_;
  // Arrays' shapes are looked at once, when the table is first handed over.
  mutable std::once_flag shapes_found_;
  mutable std::vector<ArrayShape> shapes_;
};

}  // namespace wheatstone::storage
