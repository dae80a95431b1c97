#pragma once
// A program mnemonic as two machine words, so that comparing and hashing cost nothing.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wheatstone::scpi {

/// Upper-case ASCII, at most 16 characters, zero-filled. IEEE 488.2 section 7.6.1 allows 12.
struct Mnemonic {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  static constexpr std::size_t k_longest = 16;

  /// REQUIRES: text.size() <= k_longest.
  [[nodiscard]] static constexpr Mnemonic pack(std::string_view text) {
    Mnemonic packed;
    for (std::size_t i = 0; i < text.size(); ++i) packed.put(i, text[i]);
    return packed;
  }

  constexpr void put(std::size_t index, char character) {
    const char up = character >= 'a' && character <= 'z' ? static_cast<char>(character - 'a' + 'A') : character;
    const auto byte = static_cast<std::uint64_t>(static_cast<unsigned char>(up));
    if (index < 8) {
      low |= byte << (8 * index);
    } else {
      high |= byte << (8 * (index - 8));
    }
  }

  friend constexpr bool operator==(const Mnemonic&, const Mnemonic&) = default;
};

[[nodiscard]] constexpr bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_mnemonic_character(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
/// IEEE 488.2 white space: every control character and the space, but not the newline that ends a message.
[[nodiscard]] constexpr bool is_space(char c) { return static_cast<unsigned char>(c) <= ' ' && c != '\n'; }

/// Without white space and newlines in front: all that may be taken off where a block may stand at the end.
[[nodiscard]] constexpr std::string_view without_space_before(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  return text;
}

/// Without white space and newlines at either end.
[[nodiscard]] constexpr std::string_view without_space_around(std::string_view text) {
  text = without_space_before(text);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

}  // namespace wheatstone::scpi
