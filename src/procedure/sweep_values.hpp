#pragma once
// From what was typed to a parameter's values.

#include <memory>
#include <optional>
#include <string>
#include <wheatstone/parameter.hpp>

#include "procedure/definition.hpp"

namespace wheatstone::procedure {

struct SweepValues {
  std::shared_ptr<const ParameterValues> values = {};
  std::string unit = {};  ///< of the numbers; empty where nobody says
  Value::Kind kind = Value::Kind::real;
};

/// What such values are in expressions.
[[nodiscard]] expression::Variable::Kind variable_kind(Value::Kind kind);

/// Throws ConfigurationError at the value's place. Numbers with units are converted to `unit`, or to the one unit that
/// they share, or to SI base units.
[[nodiscard]] SweepValues sweep_values(const ValuesText& text, const std::optional<PlacedText>& unit);

/// "voltage=0:5:0.1" or "mode=CC,CR", taken apart. Throws ConfigurationError.
struct Assignment {
  std::string name = {};
  ValuesText values = {};
};
[[nodiscard]] Assignment parse_assignment(std::string_view text);

}  // namespace wheatstone::procedure
