#include "terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <iostream>

namespace wheatstone::cli {
namespace {

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view(value);
}

// 0 where COLUMNS does not say.
std::size_t width_told() {
  std::size_t width = 0;
  const std::string_view columns = environment("COLUMNS");
  std::from_chars(columns.data(), columns.data() + columns.size(), width);
  return width;
}

std::size_t width_of_output() {
  std::size_t width = width_told();
  winsize size = {};
  if (width == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) width = size.ws_col;
  return width == 0 ? 80 : std::clamp<std::size_t>(width, 20, 500);
}

// Where no locale is set, as in containers, the terminal around them shows UTF-8 nearly always.
bool shows_unicode() {
  for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string locale(environment(name));
    if (locale.empty()) continue;
    std::ranges::transform(locale, locale.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return true;
}

struct Character {
  char32_t code = 0;  // k_broken where the bytes are no UTF-8
  std::string_view bytes = {};
  std::size_t columns = 1;
};

constexpr char32_t k_broken = 0xFFFFFFFF;

struct Block {
  char32_t first;
  char32_t last;
};

// Unicode 15: blocks of combining marks, joiners, variation selectors and tags.
constexpr std::array<Block, 8> k_without_width = {{{0x0300, 0x036F},
                                                   {0x1AB0, 0x1AFF},
                                                   {0x1DC0, 0x1DFF},
                                                   {0x200B, 0x200F},
                                                   {0x20D0, 0x20FF},
                                                   {0xFE00, 0xFE0F},
                                                   {0xFE20, 0xFE2F},
                                                   {0xE0000, 0xE01EF}}};
// Unicode 15, EastAsianWidth.txt: W and F, and the pictures that terminals draw two columns wide.
constexpr std::array<Block, 17> k_wide = {{{0x1100, 0x115F},
                                           {0x231A, 0x231B},
                                           {0x23E9, 0x23EC},
                                           {0x26A1, 0x26A1},
                                           {0x26BD, 0x26BE},
                                           {0x2705, 0x2705},
                                           {0x274C, 0x274C},
                                           {0x2E80, 0x303E},
                                           {0x3041, 0xA4CF},
                                           {0xA960, 0xA97C},
                                           {0xAC00, 0xD7A3},
                                           {0xF900, 0xFAFF},
                                           {0xFE30, 0xFE6F},
                                           {0xFF00, 0xFF60},
                                           {0xFFE0, 0xFFE6},
                                           {0x1F300, 0x1FAFF},
                                           {0x20000, 0x3FFFD}}};

template <std::size_t N>
bool is_in(const std::array<Block, N>& blocks, char32_t code) {
  return std::ranges::any_of(blocks, [code](const Block& block) { return block.first <= code && code <= block.last; });
}

bool is_control(char32_t code) { return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == k_broken; }

std::size_t columns_of_code(char32_t code) {
  if (code < 0x300) return 1;
  if (is_in(k_without_width, code)) return 0;
  return is_in(k_wide, code) ? 2 : 1;
}

// Takes the first character off `text`, which is not empty; bytes that begin none one at a time.
Character next_character(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  std::size_t length = first < 0x80                    ? 1
                       : first >= 0xF0 && first < 0xF5 ? 4
                       : first >= 0xE0 && first < 0xF0 ? 3
                       : first >= 0xC2 && first < 0xE0 ? 2
                                                       : 0;
  char32_t code = length == 1 ? first : first & (0xFFu >> (length + 1));
  bool whole = length > 0 && length <= text.size();
  for (std::size_t i = 1; whole && i < length; ++i) {
    whole = (byte(i) & 0xC0u) == 0x80u;
    code = (code << 6) | (byte(i) & 0x3Fu);
  }
  if (!whole) {
    length = 1;
    code = k_broken;
  }
  const Character character{code, text.substr(0, length), code == k_broken ? 1 : columns_of_code(code)};
  text.remove_prefix(length);
  return character;
}

}  // namespace

Terminal Terminal::of_process() {
  Terminal terminal;
  terminal.out = &std::cout;
  terminal.err = &std::cerr;
  terminal.width = width_of_output();
  terminal.is_width_told = width_told() != 0;
  const bool dumb = environment("TERM") == "dumb";
  terminal.is_out_terminal = isatty(STDOUT_FILENO) == 1;
  terminal.is_err_terminal = isatty(STDERR_FILENO) == 1 && !dumb;
  terminal.color = terminal.is_out_terminal && !dumb && environment("NO_COLOR").empty();
  terminal.unicode = shows_unicode();
  return terminal;
}

std::string Terminal::bold(std::string_view text) const {
  return color ? fmt::format("\x1b[1m{}\x1b[0m", text) : std::string(text);
}

std::string Terminal::faint(std::string_view text) const { return styled(text, Style::faint); }

std::string Terminal::styled(std::string_view text, Style style) const {
  constexpr std::array k_codes = {0, 2, 32, 33, 31};  // ECMA-48, 8.3.117: faint, green, yellow, red
  if (!color || style == Style::plain || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", k_codes[static_cast<std::size_t>(style)], text);
}

std::optional<std::size_t> Terminal::limit() const {
  return is_out_terminal || is_width_told ? std::optional(width) : std::nullopt;
}

std::string Terminal::fit(std::string_view text) const {
  if (!limit()) return std::string(text);
  std::string fitted;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    fitted += shortened(text.substr(0, end), width, unicode);
    if (end < text.size()) fitted += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fitted;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) columns += next_character(text).columns;
  return columns;
}

std::string shortened(std::string_view text, std::size_t width, bool unicode) {
  if (columns_of(text) <= width) return std::string(text);
  std::string kept;
  std::size_t taken = 0;
  while (!text.empty()) {
    const Character character = next_character(text);
    taken += character.columns;
    if (taken + 1 > width) break;
    kept += character.bytes;
  }
  return width == 0 ? kept : kept + (unicode ? "…" : ">");
}

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const Character character = next_character(text);
    if (character.code == '\n' || character.code == '\t' || character.code == '\r') {
      shown += ' ';
    } else if (is_control(character.code)) {
      shown += '?';
    } else {
      shown += character.bytes;
    }
  }
  return shown;
}

std::string printable_lines(std::string_view text) {
  std::string lines;
  while (true) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines += printable(text.substr(0, end));
    if (end == text.size()) return lines;
    lines += '\n';
    text.remove_prefix(end + 1);
  }
}

}  // namespace wheatstone::cli
