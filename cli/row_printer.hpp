#pragma once
// Rows as they come, one a line.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/experiment.hpp>

#include "terminal.hpp"

namespace wheatstone::cli {

enum class RowFormat : std::uint8_t { table, csv, jsonl };
/// REQUIRES: "table", "csv" or "jsonl".
[[nodiscard]] RowFormat row_format_named(std::string_view name);

/// Prints rows of one run to `terminal.out`. A table leaves out what there is no room for, by rank_of(). Columns that
/// appear while it prints are added to tables, under a new head, and to objects; CSV keeps the columns that it began
/// with and says so on `terminal.err`. One thread.
class RowPrinter {
 public:
  /// `chosen`: only these columns; all where it is empty.
  RowPrinter(const Terminal& terminal, RowFormat format, std::vector<std::string> chosen)
      : terminal_(terminal), format_(format), chosen_(std::move(chosen)) {}

  /// Prints the head. Throws DataError for a chosen column that the run has not, naming those that it has.
  void begin(const Experiment& run);
  /// Prints rows `from` to `to` - 1 of the run, or of a later look at it.
  void print(const Experiment& run, std::size_t from, std::size_t to);

 private:
  void take_columns(const Experiment& run);
  void take_new_columns(const Experiment& run);
  void leave_out();
  void widen(const std::vector<std::string>& cells);
  void print_line(const std::vector<std::string>& cells);
  void print_head();

  const Terminal& terminal_;
  RowFormat format_;
  std::vector<std::string> chosen_;
  std::vector<Column> columns_;
  std::vector<std::size_t> widths_;
  std::size_t known_ = 0;  // columns that the run had when it was last looked at
};

}  // namespace wheatstone::cli
