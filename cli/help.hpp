#pragma once
// What `wheatstone VERB --help` prints.

#include <cstddef>
#include <string>

#include "read_words.hpp"

namespace wheatstone::cli {

/// What the verb does and takes, in lines of at most `width` columns (from 40; examples stay whole, to be copied).
[[nodiscard]] std::string help_of(const Chosen& chosen, std::size_t width);

}  // namespace wheatstone::cli
