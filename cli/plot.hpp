#pragma once
// A curve in the characters of a terminal.

#include <cstddef>
#include <span>
#include <string>

namespace wheatstone::cli {

/// What to draw, and in how much room.
struct PlotOptions {
  std::string x_label = {};
  std::string y_label = {};
  std::size_t width = 80;   ///< columns in all, axis and labels included; at least 20 are taken
  std::size_t height = 16;  ///< lines of the field; labels come on top of it
  bool unicode = true;      ///< braille dots, eight to a character; else one '*' to a character
  bool joined = true;       ///< by lines; else dots by themselves
};

/// Points joined by straight lines, with an axis on either side whose ends are numbered. Points where either number is
/// not finite are left out. An infinite y is marked at the edge beyond which it lies; there, and at a point whose x is
/// no number, a curve breaks off. Each line ends with a newline; no line is wider than asked. Empty where no point is
/// left. REQUIRES: x and y of equal size.
[[nodiscard]] std::string plot(std::span<const double> x, std::span<const double> y, const PlotOptions& options);

}  // namespace wheatstone::cli
