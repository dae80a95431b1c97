#pragma once
// What is said of one thing, a line each.

#include <string_view>

#include "terminal.hpp"

namespace wheatstone::cli {

/// "what        text" where there is text, `what` faint; a long text goes on below itself where a person reads.
void print_line(const Terminal& terminal, std::string_view what, std::string_view text);

}  // namespace wheatstone::cli
