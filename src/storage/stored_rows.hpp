#pragma once
// The rows of a run that is gone on with, for who has to know them: plans and acquisitions.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/row.hpp>
#include <wheatstone/value.hpp>

#include "storage/chunk_reader.hpp"

namespace wheatstone::storage {

class Table;

/// The rows that a run had when it was reopened, cell by cell. They are read where they lie, in mapped files.
/// Immutable; any thread.
class StoredRows {
 public:
  StoredRows(std::shared_ptr<const std::vector<Segment>> segments, std::vector<ColumnInfo> columns);
  ~StoredRows();
  StoredRows(StoredRows&&) noexcept;
  StoredRows& operator=(StoredRows&&) noexcept;

  [[nodiscard]] std::uint64_t row_count() const;
  /// In order of being added, timing columns too. A column's place here is its number.
  [[nodiscard]] const std::vector<ColumnInfo>& columns() const { return columns_; }
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;

  /// One cell, with its column's unit; null where the row has none. A number that has an uncertainty brings it.
  /// REQUIRES: column < columns().size(). Throws DataError past the last row, StorageError where the part is damaged.
  [[nodiscard]] Value at(std::uint64_t row, std::size_t column) const;
  /// The cells of a row that are not null, by column name: parameters, timestamp and results, as they were added; no
  /// timing, and uncertainties with their numbers.
  [[nodiscard]] Row row(std::uint64_t row) const;

 private:
  struct Place {
    const Table* table = nullptr;
    std::size_t column = 0;
    std::optional<std::size_t> uncertainty = {};  ///< number of the column of its uncertainties
  };

  std::unique_ptr<Table> results_;
  std::unique_ptr<Table> timing_;
  std::vector<ColumnInfo> columns_;
  std::vector<Place> places_;
};

}  // namespace wheatstone::storage
