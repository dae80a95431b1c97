#pragma once
// The number that a value is.

#include <optional>
#include <wheatstone/value.hpp>

namespace wheatstone::base {

/// A real or an integer as a double; none for anything else.
[[nodiscard]] inline std::optional<double> number_of(const Value& value) {
  if (const double* real = value.get_if<double>()) return *real;
  if (const std::int64_t* integer = value.get_if<std::int64_t>()) return static_cast<double>(*integer);
  return std::nullopt;
}

}  // namespace wheatstone::base
