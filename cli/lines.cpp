#include "lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string>

#include "text.hpp"

namespace wheatstone::cli {

namespace {
constexpr std::size_t k_indent = 12;
}

void print_line(const Terminal& terminal, std::string_view what, std::string_view text) {
  if (text.empty()) return;
  *terminal.out << terminal.faint(fmt::format("{:<{}}", what, k_indent));
  const std::size_t room = std::max<std::size_t>(terminal.limit().value_or(SIZE_MAX), k_indent + 8) - k_indent;
  // A blank is the only place to break at, so a folder or an id stays whole, to be copied.
  *terminal.out << wrapped(text, room, std::string(k_indent, ' ')) << '\n';
}

}  // namespace wheatstone::cli
