#pragma once
// How the program spells single cells.

#include <string>
#include <wheatstone/value.hpp>

namespace wheatstone::cli {

/// A cell in full where it is a scalar, text or an instant; of an array, waveform or table its kind and size:
/// "float64[3x2]". Null is "".
[[nodiscard]] std::string cell_text(const Value& value);

/// A cell for a person: at most seven digits, instants to the millisecond, on one line. Null is "null".
[[nodiscard]] std::string brief_cell_text(const Value& value);

}  // namespace wheatstone::cli
