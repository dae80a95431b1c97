#include "expression/expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "expression/parser.hpp"

namespace wheatstone::expression {
namespace {

constexpr std::size_t k_shown = 100;  // columns of the line that is quoted

/// Columns of UTF-8 text, one a code point.
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// The line with a caret below each column of the place, indented by four.
std::string caret_below(std::string_view text, std::size_t at, std::size_t length) {
  at = std::min(at, text.size());
  length = std::max<std::size_t>(1, std::min(length, text.size() - at));
  const std::size_t line_start = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  const std::size_t from = at - line_start > k_shown ? at - k_shown : line_start;
  const std::size_t line_end = std::min({text.find('\n', at), text.size(), from + 2 * k_shown});
  std::string line(text.substr(from, line_end - from));
  std::ranges::replace_if(line, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  const std::string_view marked = text.substr(at, std::min(length, line_end > at ? line_end - at : 1));
  return fmt::format("    {}\n    {}{}", line, std::string(columns_of(text.substr(from, at - from)), ' '),
                     std::string(std::max<std::size_t>(1, columns_of(marked)), '^'));
}

}  // namespace

ParseError::ParseError(std::string_view text, std::string why, std::size_t at, std::size_t length)
    : ConfigurationError(fmt::format("column {}: {}\n{}", columns_of(text.substr(0, std::min(at, text.size()))) + 1,
                                     why, caret_below(text, at, length))),
      why_(std::move(why)),
      shown_(caret_below(text, at, length)),
      at_(at) {}

ParseError::~ParseError() = default;

Expression Expression::parse(std::string_view text, std::span<const Variable> variables) {
  return Parser(text, variables).parse();
}

std::optional<std::size_t> Expression::alone() const {
  if (code_.size() != 1 || uses_.size() != 1) return std::nullopt;
  return uses_.front();
}

double Expression::evaluate(std::span<const double> values) const noexcept {
  std::array<double, k_stack + 1> stack;
  double* top = stack.data();  // one past the last
  for (const Instruction& each : code_) {
    double* const last = top - 1;
    switch (each.operation) {
      case Operation::number:
        *top++ = each.number;
        break;
      case Operation::variable:
        *top++ = values[each.variable];
        break;
      case Operation::scaled_up:
        *top++ = values[each.variable] * each.number;
        break;
      case Operation::scaled_down:
        *top++ = values[each.variable] / each.number;
        break;
      case Operation::negate:
        *last = -*last;
        break;
      case Operation::not_:
        *last = *last == 0 ? 1 : 0;
        break;
      case Operation::add:
        last[-1] += *last;
        --top;
        break;
      case Operation::subtract:
        last[-1] -= *last;
        --top;
        break;
      case Operation::multiply:
        last[-1] *= *last;
        --top;
        break;
      case Operation::divide:
        last[-1] /= *last;
        --top;
        break;
      case Operation::power:
        last[-1] = std::pow(last[-1], *last);
        --top;
        break;
      case Operation::less:
        last[-1] = last[-1] < *last ? 1 : 0;
        --top;
        break;
      case Operation::less_equal:
        last[-1] = last[-1] <= *last ? 1 : 0;
        --top;
        break;
      case Operation::greater:
        last[-1] = last[-1] > *last ? 1 : 0;
        --top;
        break;
      case Operation::greater_equal:
        last[-1] = last[-1] >= *last ? 1 : 0;
        --top;
        break;
      case Operation::equal:
        last[-1] = last[-1] == *last ? 1 : 0;
        --top;
        break;
      case Operation::not_equal:
        last[-1] = last[-1] != *last ? 1 : 0;
        --top;
        break;
      case Operation::and_:
        last[-1] = last[-1] != 0 && *last != 0 ? 1 : 0;
        --top;
        break;
      case Operation::or_:
        last[-1] = last[-1] != 0 || *last != 0 ? 1 : 0;
        --top;
        break;
      case Operation::abs:
        *last = std::abs(*last);
        break;
      case Operation::sqrt:
        *last = std::sqrt(*last);
        break;
      case Operation::exp:
        *last = std::exp(*last);
        break;
      case Operation::ln:
        *last = std::log(*last);
        break;
      case Operation::log10:
        *last = std::log10(*last);
        break;
      case Operation::sin:
        *last = std::sin(*last);
        break;
      case Operation::cos:
        *last = std::cos(*last);
        break;
      case Operation::tan:
        *last = std::tan(*last);
        break;
      case Operation::asin:
        *last = std::asin(*last);
        break;
      case Operation::acos:
        *last = std::acos(*last);
        break;
      case Operation::atan:
        *last = std::atan(*last);
        break;
      case Operation::floor:
        *last = std::floor(*last);
        break;
      case Operation::ceil:
        *last = std::ceil(*last);
        break;
      case Operation::round:
        *last = std::round(*last);
        break;
      case Operation::sign:
        *last = *last > 0 ? 1 : *last < 0 ? -1 : *last;
        break;
      case Operation::minimum:
        last[-1] = std::min(last[-1], *last);
        --top;
        break;
      case Operation::maximum:
        last[-1] = std::max(last[-1], *last);
        --top;
        break;
      case Operation::atan2:
        last[-1] = std::atan2(last[-1], *last);
        --top;
        break;
      case Operation::choose:
        last[-2] = last[-2] != 0 ? last[-1] : *last;
        top -= 2;
        break;
    }
  }
  return stack[0];
}

Quantity parse_quantity(std::string_view text) {
  const Expression read = Expression::parse(text, {});
  if (read.is_condition()) throw ParseError(text, "a number belongs here", 0, text.size());
  return {read.evaluate({}), read.dimension()};
}

}  // namespace wheatstone::expression
