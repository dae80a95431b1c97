#include "terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
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

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }

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

std::string Terminal::faint(std::string_view text) const {
  return color ? fmt::format("\x1b[2m{}\x1b[0m", text) : std::string(text);
}

std::string Terminal::fit(std::string_view text) const {
  if (!is_out_terminal && !is_width_told) return std::string(text);
  std::string fitted;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (columns_of(line) <= width) {
      fitted += line;
    } else {
      std::size_t column = 0;
      for (std::size_t i = 0; i < line.size(); ++i) {
        if (begins_character(line[i]) && ++column == width) break;
        fitted += line[i];
      }
      fitted += unicode ? "…" : ">";
    }
    if (end < text.size()) fitted += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fitted;
}

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

}  // namespace wheatstone::cli
