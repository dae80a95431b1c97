#pragma once
// A word of a procedure, and where it stands.

#include <string>
#include <string_view>

#include "expression/expression.hpp"

namespace wheatstone::procedure {

/// Text as it was typed. What is wrong with it is said with file, line and column; what came from the command line has
/// its option's name for a file, and line 0.
struct PlacedText {
  std::string text = {};
  std::string file = {};
  int line = 0;
  int column = 0;  ///< of its first character, from 1

  /// "iv.yaml:12:5".
  [[nodiscard]] std::string where(std::size_t offset = 0) const;
  /// Throws ConfigurationError, "iv.yaml:12:5: why".
  [[noreturn]] void fail(std::string_view why, std::size_t offset = 0) const;
  /// The same with the line of an expression and a caret below its place.
  [[noreturn]] void fail(const expression::ParseError& error) const;
  /// The same for what `offset` bytes of other text stand before.
  [[noreturn]] void fail(const expression::ParseError& error, std::size_t offset) const;
};

}  // namespace wheatstone::procedure
