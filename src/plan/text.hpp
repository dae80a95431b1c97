#pragma once
// Values and places as sentences show them.

#include <string>

#include "plan/plan.hpp"

namespace wheatstone::plan {

/// "1.5", "'text'", "1+2j", "array": numbers in the fewest digits that give them back.
[[nodiscard]] std::string text_of(const Value& value);

/// "voltage = 1, current = 0.5": those that have a value.
[[nodiscard]] std::string text_of(const Place& place);

}  // namespace wheatstone::plan
