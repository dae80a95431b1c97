#include "catalogue/utf8.hpp"

namespace wheatstone::catalogue {
namespace {

/// REQUIRES: code < 0x800, which all lower-case letters of lower_letter() are.
void append(std::string& text, char32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else {
    text += static_cast<char>(0xC0 | (code >> 6));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

}  // namespace

Letter first_letter(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text.front());
  const std::size_t size = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
  if (size == 1 || text.size() < size) return {byte, 1};
  char32_t code = byte & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return {byte, 1};
    code = (code << 6) | (next & 0x3FU);
  }
  return {code, size};
}

char32_t lower_letter(char32_t code) {
  const bool spaced_by_32 = (code >= U'A' && code <= U'Z') || (code >= 0xC0 && code <= 0xDE && code != 0xD7) ||
                            (code >= 0x391 && code <= 0x3A9) || (code >= 0x410 && code <= 0x42F);
  if (spaced_by_32) return code + 32;
  if (code == 0x2126) return 0x3C9;
  if (code == 0x1E9E) return 0xDF;
  if (code == 0xB5) return 0x3BC;
  // Latin Extended-A has its letters in pairs, the small one behind the capital.
  if ((code >= 0x100 && code <= 0x137) || (code >= 0x14A && code <= 0x177)) return code | 1;
  if ((code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E)) return code + (code & 1);
  if (code >= 0x400 && code <= 0x40F) return code + 80;
  return code;
}

std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Letter letter = first_letter(text);
    const bool is_letter = letter.size > 1 || letter.code < 0x80;
    const char32_t small = is_letter ? lower_letter(letter.code) : letter.code;
    if (is_letter && small == 0xDF)
      out += "ss";
    else if (small == letter.code)
      out += text.substr(0, letter.size);
    else
      append(out, small);
    text.remove_prefix(letter.size);
  }
  return out;
}

}  // namespace wheatstone::catalogue
