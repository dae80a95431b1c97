#pragma once
// A table for people, as wide as their terminal.

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "terminal.hpp"

namespace wheatstone::cli {

struct Cell {
  Cell(std::string content = {}, Style look = Style::plain) : text(std::move(content)), style(look) {}  // NOLINT
  Cell(const char* content) : text(content) {}                                                          // NOLINT
  std::string text;
  Style style;
};

/// What a column is for, when there is not room for all.
struct TableColumn {
  std::string title = {};
  bool is_number = false;  ///< stands to the right, and is never shortened
  std::size_t rank = 0;    ///< the last column of the highest rank is left out first; 0 is never left out
  std::size_t least = 0;   ///< may be shortened to so many columns; 0: not at all
};

/// Rows of cells under a head. Where a person reads, or COLUMNS is set, no line is wider than that: columns that may be
/// are shortened, then those of high rank left out, then lines are cut. In a pipe the table is whole.
class Table {
 public:
  explicit Table(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

  /// REQUIRES: as many cells as columns.
  void add(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }

  /// With the head in bold. A column without any text is left out, unless there are no rows.
  [[nodiscard]] std::string text(const Terminal& terminal) const;
  /// The titles of the columns that text() leaves out for want of room.
  [[nodiscard]] std::vector<std::string> left_out(const Terminal& terminal) const;

 private:
  [[nodiscard]] std::vector<std::size_t> whole_widths() const;

  std::vector<TableColumn> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace wheatstone::cli
