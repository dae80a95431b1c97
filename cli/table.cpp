#include "table.hpp"

#include <algorithm>
#include <optional>

namespace wheatstone::cli {
namespace {

constexpr std::size_t k_gap = 2;

std::size_t width_of_all(const std::vector<std::size_t>& widths) {
  std::size_t total = 0;
  for (const std::size_t width : widths) total += width == 0 ? 0 : width + k_gap;
  return total == 0 ? 0 : total - k_gap;
}

// Takes room from the columns that may be shortened, the widest first. True once all fits.
bool shorten(std::vector<std::size_t>& widths, const std::vector<TableColumn>& columns, std::size_t limit) {
  while (width_of_all(widths) > limit) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (columns[i].least == 0 || widths[i] <= columns[i].least) continue;
      if (widest == nullptr || widths[i] > *widest) widest = &widths[i];
    }
    if (widest == nullptr) return false;
    --*widest;
  }
  return true;
}

// The column that can best be done without; none where all are needed.
std::optional<std::size_t> dispensable(const std::vector<std::size_t>& widths,
                                       const std::vector<TableColumn>& columns) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (widths[i] == 0 || columns[i].rank == 0) continue;
    if (!found || columns[i].rank >= columns[*found].rank) found = i;  // of equal ones the last
  }
  return found;
}

std::vector<std::size_t> fitted(const std::vector<std::size_t>& whole, const std::vector<TableColumn>& columns,
                                std::size_t limit) {
  std::vector<std::size_t> kept = whole;
  while (true) {
    std::vector<std::size_t> widths = kept;
    if (shorten(widths, columns, limit)) return widths;
    const auto last = dispensable(kept, columns);
    if (!last) return widths;
    kept[*last] = 0;
  }
}

std::string line_of(const Terminal& terminal, const std::vector<Cell>& cells, const std::vector<TableColumn>& columns,
                    const std::vector<std::size_t>& widths, bool is_head) {
  std::string line;
  std::string gap;
  const std::size_t limit = terminal.limit().value_or(SIZE_MAX);
  std::size_t taken = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (widths[i] == 0) continue;
    if (taken + gap.size() >= limit) break;
    taken += gap.size();
    const std::string text = shortened(cells[i].text, std::min(widths[i], limit - taken), terminal.unicode);
    const std::size_t width = columns_of(text);
    const std::string padding(widths[i] - width, ' ');
    taken += widths[i];
    line += gap;
    if (columns[i].is_number) line += padding;
    line += is_head ? terminal.bold(text) : terminal.styled(text, cells[i].style);
    gap = std::string(k_gap, ' ');
    if (!columns[i].is_number) gap += padding;
    if (!columns[i].is_number) taken -= padding.size();
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

std::vector<std::size_t> Table::whole_widths() const {
  std::vector<std::size_t> widths(columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    for (const auto& row : rows_) widths[i] = std::max(widths[i], columns_of(row[i].text));
    if (widths[i] > 0 || rows_.empty()) widths[i] = std::max(widths[i], columns_of(columns_[i].title));
  }
  return widths;
}

std::vector<std::string> Table::left_out(const Terminal& terminal) const {
  std::vector<std::string> titles;
  if (!terminal.limit()) return titles;
  const std::vector<std::size_t> whole = whole_widths();
  const std::vector<std::size_t> kept = fitted(whole, columns_, *terminal.limit());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (kept[i] == 0 && whole[i] > 0) titles.push_back(columns_[i].title);
  }
  return titles;
}

std::string Table::text(const Terminal& terminal) const {
  std::vector<Cell> head;
  for (const TableColumn& column : columns_) head.emplace_back(column.title);
  std::vector<std::size_t> widths = whole_widths();
  if (const auto limit = terminal.limit()) widths = fitted(widths, columns_, *limit);
  std::string text = line_of(terminal, head, columns_, widths, true);
  for (const auto& row : rows_) text += line_of(terminal, row, columns_, widths, false);
  return text;
}

}  // namespace wheatstone::cli
