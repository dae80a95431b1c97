#include "procedure/placed_text.hpp"

#include <fmt/format.h>

namespace wheatstone::procedure {

std::string PlacedText::where(std::size_t offset) const {
  if (line == 0) return file;
  // Text of several lines begins elsewhere than its value does: only the first line's columns are known.
  const bool is_known = text.substr(0, offset).find('\n') == std::string::npos;
  return fmt::format("{}:{}:{}", file, line, column + static_cast<int>(is_known ? offset : 0));
}

void PlacedText::fail(std::string_view why, std::size_t offset) const {
  throw ConfigurationError(fmt::format("{}: {}", where(offset), why));
}

void PlacedText::fail(const expression::ParseError& error) const { fail(error, 0); }

void PlacedText::fail(const expression::ParseError& error, std::size_t offset) const {
  throw ConfigurationError(fmt::format("{}: {}\n{}", where(offset + error.at()), error.why(), error.shown()));
}

}  // namespace wheatstone::procedure
