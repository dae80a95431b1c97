#include "row_printer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ostream>
#include <wheatstone/error.hpp>

#include "cell_text.hpp"
#include "json.hpp"
#include "row_columns.hpp"

namespace wheatstone::cli {
namespace {

// What a column takes, as far as that is known beforehand, so that lines stand under each other.
std::size_t width_of(const Column& column) {
  const std::size_t usual = column.type == "time" ? 23 : is_number(column) ? 10 : 5;
  return std::max(columns_of(title_of(column)), usual);
}

// RFC 4180, section 2.
std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) line += (&cell == cells.data() ? "" : ",") + quoted(cell);
  return line + "\r\n";
}

std::vector<std::string> names_of(const std::vector<Column>& columns) {
  std::vector<std::string> names;
  for (const Column& column : columns) names.push_back(column.name);
  return names;
}

}  // namespace

RowFormat row_format_named(std::string_view name) {
  return name == "csv" ? RowFormat::csv : name == "jsonl" ? RowFormat::jsonl : RowFormat::table;
}

void RowPrinter::take_columns(const Experiment& run) {
  known_ = run.columns().size();
  columns_.clear();
  for (const Column& column : run.columns()) {
    if (chosen_.empty() || std::ranges::find(chosen_, column.name) != chosen_.end()) columns_.push_back(column);
  }
  if (format_ == RowFormat::table) leave_out();
  widths_.clear();
  for (const Column& column : columns_) widths_.push_back(width_of(column));
}

void RowPrinter::leave_out() {
  const auto limit = terminal_.limit();
  const auto width = [&] {
    std::size_t total = 0;
    for (const Column& column : columns_) total += width_of(column) + (total == 0 ? 0 : 2);
    return total;
  };
  while (limit && chosen_.empty() && columns_.size() > 1 && width() > *limit) {
    auto least = columns_.begin();
    for (auto each = columns_.begin(); each != columns_.end(); ++each) {
      if (rank_of(*each) >= rank_of(*least)) least = each;
    }
    if (rank_of(*least) == 0) return;
    columns_.erase(least);
  }
}

void RowPrinter::begin(const Experiment& run) {
  for (const std::string& name : chosen_) {
    const auto& all = run.columns();
    if (std::ranges::find(all, name, &Column::name) != all.end()) continue;
    throw DataError(fmt::format("the run has no column '{}'; it has {}", name, fmt::join(names_of(all), ", ")));
  }
  take_columns(run);
  print_head();
}

void RowPrinter::print_head() {
  if (format_ == RowFormat::jsonl) return;
  if (format_ == RowFormat::csv) {
    *terminal_.out << csv_line(names_of(columns_));
    return;
  }
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(title_of(column));
  print_line(titles);
}

void RowPrinter::widen(const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) widths_[i] = std::max(widths_[i], columns_of(cells[i]));
}

void RowPrinter::print_line(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string padding(widths_[i] - columns_of(cells[i]), ' ');
    if (i > 0) line += "  ";
    line += is_number(columns_[i]) ? padding + cells[i] : cells[i] + padding;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  *terminal_.out << terminal_.fit(line) << '\n';
}

void RowPrinter::take_new_columns(const Experiment& run) {
  if (format_ != RowFormat::csv) {
    take_columns(run);
    print_head();
    return;
  }
  known_ = run.columns().size();
  terminal_.out->flush();
  *terminal_.err << fmt::format("the run has a further column, '{}'; begin anew to see it\n",
                                printable(run.columns().back().name));
}

void RowPrinter::print(const Experiment& run, std::size_t from, std::size_t to) {
  if (from >= to) return;
  if (chosen_.empty() && run.columns().size() != known_) take_new_columns(run);
  for (std::size_t row = from; row < to; ++row) {
    if (format_ == RowFormat::jsonl) {
      Json cells = Json::object();
      for (const Column& column : columns_) cells.set(column.name, run.at(row, column.name));
      *terminal_.out << cells.line() << '\n';
      continue;
    }
    std::vector<std::string> cells;
    for (const Column& column : columns_) {
      const Value value = run.at(row, column.name);
      cells.push_back(format_ == RowFormat::csv ? cell_text(value) : brief_cell_text(value));
    }
    if (format_ == RowFormat::csv) {
      *terminal_.out << csv_line(cells);
    } else {
      widen(cells);
      print_line(cells);
    }
    if (!terminal_.out->good()) return;
  }
}

}  // namespace wheatstone::cli
