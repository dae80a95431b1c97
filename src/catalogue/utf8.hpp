#pragma once
// Text by its characters.

#include <cstddef>
#include <string>
#include <string_view>

namespace wheatstone::catalogue {

/// A character of UTF-8 text.
struct Letter {
  char32_t code = 0;
  std::size_t size = 1;  ///< in bytes
};

/// The first character of UTF-8 text; a byte that is none stands for itself. REQUIRES: text is not empty.
[[nodiscard]] Letter first_letter(std::string_view text);

/// The lower case of a Latin, Greek or Cyrillic letter, the micro sign as mu and the ohm sign as omega; anything else
/// as it is.
[[nodiscard]] char32_t lower_letter(char32_t code);

/// Text with its letters in lower case.
[[nodiscard]] std::string folded(std::string_view text);

}  // namespace wheatstone::catalogue
