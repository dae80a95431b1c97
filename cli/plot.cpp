#include "plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "terminal.hpp"

namespace wheatstone::cli {
namespace {

struct Range {
  double low = 0;
  double high = 0;

  [[nodiscard]] double share_of(double value) const { return (value - low) / (high - low); }
};

struct Dot {
  double x;
  double y;
  bool begins;  // a curve of its own
};

// Where a curve runs out of the field: -1 below, 1 above.
struct Beyond {
  double x;
  int side;
};

struct Drawing {
  std::vector<Dot> dots = {};
  std::vector<Beyond> beyond = {};
};

Drawing drawing_of(std::span<const double> x, std::span<const double> y) {
  Drawing drawing;
  bool begins = true;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i])) {
      begins = true;
    } else if (std::isinf(y[i])) {
      drawing.beyond.push_back({x[i], y[i] > 0 ? 1 : -1});
      begins = true;
    } else if (!std::isnan(y[i])) {
      drawing.dots.push_back({x[i], y[i], std::exchange(begins, false)});
    }
  }
  return drawing;
}

std::optional<Range> range_of(const std::vector<Dot>& dots, double Dot::* which) {
  if (dots.empty()) return std::nullopt;
  const auto [low, high] = std::ranges::minmax_element(dots, {}, which);
  Range range{(*low).*which, (*high).*which};
  // A constant is drawn in the middle of a field around it.
  if (range.low == range.high) {
    const double margin = range.low == 0 ? 1 : std::abs(range.low) * 0.1;
    range = {range.low - margin, range.high + margin};
  }
  return range;
}

// The field's dots, several to a character where the terminal shows braille.
class Field {
 public:
  Field(std::size_t columns, std::size_t lines, bool unicode)
      : unicode_(unicode),
        per_column_(unicode ? 2 : 1),
        per_line_(unicode ? 4 : 1),
        columns_(columns),
        lines_(lines),
        cells_(columns * lines, 0),
        marks_(columns * lines, 0) {}

  [[nodiscard]] std::size_t width() const { return columns_ * per_column_; }
  [[nodiscard]] std::size_t height() const { return lines_ * per_line_; }

  void set(std::size_t x, std::size_t y) {
    // Unicode, block 2800: dots 1 to 3 and 7 stand in the left column, 4 to 6 and 8 in the right one.
    static constexpr std::array<std::array<std::uint8_t, 2>, 4> k_braille = {
        {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}};
    std::uint8_t& cell = cells_[(y / per_line_) * columns_ + x / per_column_];
    cell = unicode_ ? static_cast<std::uint8_t>(cell | k_braille[y % 4][x % 2]) : std::uint8_t{1};
  }

  // Steps one dot at a time along the longer side.
  void join(double x0, double y0, double x1, double y1) {
    const double steps = std::max({std::abs(x1 - x0), std::abs(y1 - y0), 1.0});
    for (double i = 0; i <= steps; ++i) {
      set(static_cast<std::size_t>(std::lround(x0 + (x1 - x0) * i / steps)),
          static_cast<std::size_t>(std::lround(y0 + (y1 - y0) * i / steps)));
    }
  }

  // At the upper or the lower edge, in the place of dots.
  void mark(double share, int side) {
    const auto column = static_cast<std::size_t>(std::lround(share * static_cast<double>(columns_ - 1)));
    marks_[(side > 0 ? 0 : lines_ - 1) * columns_ + column] = side;
  }

  [[nodiscard]] std::string line(std::size_t number) const {
    std::string text;
    for (std::size_t column = 0; column < columns_; ++column) {
      const std::uint8_t cell = cells_[number * columns_ + column];
      if (const int side = marks_[number * columns_ + column]; side != 0) {
        text += unicode_ ? (side > 0 ? "▲" : "▼") : (side > 0 ? "^" : "v");
      } else if (cell == 0) {
        text += ' ';
      } else if (unicode_) {
        text +=
            {static_cast<char>(0xE2), static_cast<char>(0xA0 | (cell >> 6)), static_cast<char>(0x80 | (cell & 0x3F))};
      } else {
        text += '*';
      }
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  }

 private:
  bool unicode_;
  std::size_t per_column_;
  std::size_t per_line_;
  std::size_t columns_;
  std::size_t lines_;
  std::vector<std::uint8_t> cells_;
  std::vector<int> marks_;
};

void draw(Field& field, const std::vector<Dot>& dots, const Range& x, const Range& y, bool joined) {
  const auto across = [&](const Dot& dot) { return x.share_of(dot.x) * static_cast<double>(field.width() - 1); };
  const auto down = [&](const Dot& dot) { return (1 - y.share_of(dot.y)) * static_cast<double>(field.height() - 1); };
  const Dot* before = &dots.front();
  for (const Dot& dot : dots) {
    if (dot.begins || !joined) before = &dot;
    field.join(across(*before), down(*before), across(dot), down(dot));
    before = &dot;
  }
}

std::string cut(std::string_view text, std::size_t width) {
  std::string kept;
  for (std::size_t i = 0, column = 0; i < text.size(); ++i) {
    column += (static_cast<unsigned char>(text[i]) & 0xC0u) != 0x80u ? 1 : 0;
    if (column > width) break;
    kept += text[i];
  }
  return kept;
}

// The ends of the range under the axis, with the label between them where it fits.
std::string numbers_under(const Range& x, std::string_view label, std::size_t columns) {
  const std::string low = fmt::format("{:.4g}", x.low);
  const std::string high = fmt::format("{:.4g}", x.high);
  const std::size_t taken = low.size() + high.size();
  if (taken + 2 > columns) return cut(label, columns);
  const std::size_t room = columns - taken;
  const std::string middle = columns_of(label) + 2 <= room ? std::string(label) : std::string();
  const std::size_t left = (room - columns_of(middle)) / 2;
  return low + std::string(left, ' ') + middle + std::string(room - left - columns_of(middle), ' ') + high;
}

}  // namespace

std::string plot(std::span<const double> x, std::span<const double> y, const PlotOptions& options) {
  const Drawing drawing = drawing_of(x, y);
  std::vector<Dot> places = drawing.dots;
  for (const Beyond& beyond : drawing.beyond) places.push_back({beyond.x, 0, false});
  const auto x_range = range_of(places, &Dot::x);
  const auto y_range = range_of(drawing.dots, &Dot::y);
  if (!x_range || !y_range) return {};

  const std::string top = fmt::format("{:.4g}", y_range->high);
  const std::string bottom = fmt::format("{:.4g}", y_range->low);
  const std::size_t margin = std::max(top.size(), bottom.size());
  const std::size_t width = std::max<std::size_t>(options.width, 20);
  const std::size_t height = std::max<std::size_t>(options.height, 2);
  const std::size_t columns = width - margin - 2;
  Field field(columns, height, options.unicode);
  draw(field, drawing.dots, *x_range, *y_range, options.joined);
  for (const Beyond& beyond : drawing.beyond) field.mark(x_range->share_of(beyond.x), beyond.side);

  std::string text = cut(options.y_label, width) + "\n";
  for (std::size_t line = 0; line < height; ++line) {
    const std::string_view number = line == 0 ? top : line + 1 == height ? bottom : std::string_view{};
    text += fmt::format("{:>{}} {}{}\n", number, margin, options.unicode ? "│" : "|", field.line(line));
  }
  text += std::string(margin + 1, ' ') + (options.unicode ? "└" : "+");
  for (std::size_t column = 0; column < columns; ++column) text += options.unicode ? "─" : "-";
  text += "\n" + std::string(margin + 2, ' ') + numbers_under(*x_range, options.x_label, columns) + "\n";
  return text;
}

}  // namespace wheatstone::cli
