#include "row_columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cell_text.hpp"
#include "text.hpp"

namespace wheatstone::cli {

std::string title_of(const Column& column) {
  return printable(column.unit.empty() ? column.name : fmt::format("{} [{}]", column.name, column.unit.label()));
}

bool is_number(const Column& column) {
  return column.type == "int64" || column.type == "float64" || column.type == "complex" || column.type == "null";
}

std::size_t rank_of(const Column& column) {
  if (column.role == "uncertainty") return 3;
  if (column.role == "timestamp") return 2;
  return column.role == "parameter" ? 0 : 1;
}

std::string rows_text(const Terminal& terminal, const Experiment& run, std::size_t rows) {
  std::vector<TableColumn> columns;
  for (const Column& column : run.columns()) {
    columns.push_back({.title = title_of(column),
                       .is_number = is_number(column),
                       .rank = rank_of(column),
                       .least = column.type == "text" ? std::size_t{8} : std::size_t{0}});
  }
  Table table(columns);
  const std::size_t count = run.row_count();
  const std::size_t head = count <= rows ? count : (rows + 1) / 2;
  for (std::size_t row = 0; row < count; ++row) {
    std::vector<Cell> cells;
    if (row == head && head < count) {
      if (rows > 0) table.add(std::vector<Cell>(columns.size(), Cell("...", Style::faint)));
      row = count - rows / 2;
      if (row == count) break;
    }
    for (const Column& column : run.columns()) cells.emplace_back(brief_cell_text(run.at(row, column.name)));
    table.add(std::move(cells));
  }
  std::string text = table.text(terminal);
  const std::vector<std::string> missing = table.left_out(terminal);
  if (!missing.empty()) {
    text += terminal.faint(wrapped(fmt::format("not shown here: {}", fmt::join(missing, ", ")), terminal.width)) + "\n";
  }
  return text;
}

}  // namespace wheatstone::cli
