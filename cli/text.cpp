#include "text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "terminal.hpp"

namespace wheatstone::cli {
namespace {

std::string line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                    const std::vector<std::size_t>& right) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string padding(widths[i] - columns_of(cells[i]), ' ');
    const bool is_number = std::ranges::find(right, i) != right.end();
    line += is_number ? padding + cells[i] : cells[i] + padding;
    line += "  ";
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

std::string utc(Time time, bool fraction) {
  using namespace std::chrono;
  const sys_time<nanoseconds> instant{nanoseconds(time.nanoseconds)};
  const auto second = floor<seconds>(instant);
  const std::string text = fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(system_clock::to_time_t(second)));
  return fraction ? fmt::format("{}.{:03}", text, duration_cast<milliseconds>(instant - second).count()) : text;
}

std::string rfc3339(Time time) {
  using namespace std::chrono;
  const sys_time<nanoseconds> instant{nanoseconds(time.nanoseconds)};
  const auto second = floor<seconds>(instant);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:09}Z", fmt::gmtime(system_clock::to_time_t(second)),
                     (instant - second).count());
}

std::string columns(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows,
                    const std::vector<std::size_t>& right) {
  std::vector<std::size_t> widths;
  for (const std::string& cell : head) widths.push_back(columns_of(cell));
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  std::string text = line_of(head, widths, right);
  for (const auto& row : rows) text += line_of(row, widths, right);
  return text;
}

std::string wrapped(std::string_view text, std::size_t width, std::string_view indent) {
  std::string lines;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (column > 0 && column + 1 + columns_of(word) > width) {
      lines += "\n";
      lines += indent;
      column = 0;
    } else if (column > 0) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += columns_of(word);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string shell_word(const std::string& word) {
  const bool is_plain = !word.empty() && word.find_first_of(" \t\n'\"\\$`!*?&|;<>(){}[]#~") == std::string::npos;
  if (is_plain) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace wheatstone::cli
