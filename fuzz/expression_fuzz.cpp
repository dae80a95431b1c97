// What anybody may type as an expression: it is refused with a place in the text, or evaluates to the same number
// twice.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "expression/expression.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ws = wheatstone::expression;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::vector<ws::Variable> variables = {
      {"v", "V"}, {"i", "mA"}, {"n", ""}, {"on", "", ws::Variable::Kind::boolean}};
  const std::vector<double> values = {1.5, 20, 3, 1};
  try {
    const ws::Expression expression = ws::Expression::parse(text, variables);
    const double once = expression.evaluate(values);
    const double twice = expression.evaluate(values);
    if (std::bit_cast<std::uint64_t>(once) != std::bit_cast<std::uint64_t>(twice)) std::abort();
    if (expression.is_condition() && once != 0 && once != 1) std::abort();
    for (const std::size_t used : expression.uses()) {
      if (used >= values.size()) std::abort();
    }
  } catch (const ws::ParseError& error) {
    if (error.at() > size || error.why().empty()) std::abort();
  }
  return 0;
}
