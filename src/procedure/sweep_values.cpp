#include "procedure/sweep_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <wheatstone/series.hpp>

#include "base/text.hpp"

namespace wheatstone::procedure {
namespace {

constexpr std::string_view k_forms = "give a list, 0:5:0.1 (start:stop:step) or linspace(0, 5, 11)";

struct Number {
  PlacedText text;
  expression::Quantity quantity;
  std::string unit;  ///< as typed
};

/// The unit at the end of "100 mV".
std::string unit_typed(std::string_view text) {
  text = base::trimmed(text);
  const std::size_t end = text.find_last_of("0123456789. )");
  return std::string(end == std::string_view::npos ? text : text.substr(end + 1));
}

Number number_of(const PlacedText& text) {
  try {
    return {text, expression::parse_quantity(text.text), unit_typed(text.text)};
  } catch (const expression::ParseError& error) {
    text.fail(error);
  }
}

/// The unit that a column of these numbers has.
std::string unit_of(const std::vector<Number>& numbers, const std::optional<PlacedText>& given) {
  const Number* first = nullptr;  // that has a unit
  bool is_same = true;
  for (const Number& number : numbers) {
    if (number.unit.empty()) continue;
    if (first == nullptr) first = &number;
    if (number.quantity.dimension != first->quantity.dimension) {
      number.text.fail(fmt::format("'{}' and '{}' are of different kinds", first->text.text, number.text.text));
    }
    is_same = is_same && number.unit == first->unit;
  }
  if (first == nullptr) return given ? given->text : "";
  for (const Number& number : numbers) {
    if (number.unit.empty() && number.quantity.value != 0) {
      number.text.fail(
          fmt::format("'{}' has no unit, and '{}' has one; give each its unit", number.text.text, first->text.text));
    }
  }
  if (!given) return is_same ? first->unit : first->quantity.dimension.label();
  const auto scale = expression::find_unit(given->text);
  if (!scale || scale->dimension != first->quantity.dimension) {
    first->text.fail(fmt::format("'{}' cannot be converted to {}", first->text.text, given->text));
  }
  return given->text;
}

double in_unit(const Number& number, const std::string& unit) {
  if (number.unit == unit) {  // as it was typed, to the bit
    const std::string_view digits = base::trimmed(number.text.text);
    return expression::parse_quantity(digits.substr(0, digits.size() - unit.size())).value;
  }
  const auto scale = expression::find_unit(unit);
  return number.unit.empty() || !scale ? number.quantity.value : scale->from_base(number.quantity.value);
}

bool looks_like_number(std::string_view text) {
  text = base::trimmed(text);
  return !text.empty() && std::string_view("0123456789.+-").find(text.front()) != std::string_view::npos;
}

bool looks_like_integer(std::string_view text) {
  text = base::trimmed(text);
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.size() < 16 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<bool> on_or_off(std::string_view text) {
  for (const std::string_view yes : {"true", "on"}) {
    if (base::equal_ignoring_case(text, yes)) return true;
  }
  for (const std::string_view no : {"false", "off"}) {
    if (base::equal_ignoring_case(text, no)) return false;
  }
  return std::nullopt;
}

[[noreturn]] void fail_mixed(const PlacedText& first, const PlacedText& other) {
  other.fail(fmt::format("'{}' and '{}' are values of different kinds", first.text, other.text));
}

SweepValues listed_numbers(const std::vector<PlacedText>& list, const std::optional<PlacedText>& unit) {
  std::vector<Number> numbers;
  for (const PlacedText& item : list) {
    if (!looks_like_number(item.text)) fail_mixed(list.front(), item);
    numbers.push_back(number_of(item));
  }
  SweepValues values{.unit = unit_of(numbers, unit)};
  if (std::ranges::all_of(list, [](const PlacedText& item) { return looks_like_integer(item.text); })) {
    values.kind = Value::Kind::integer;
    std::vector<std::int64_t> integers;
    for (const Number& number : numbers) integers.push_back(static_cast<std::int64_t>(number.quantity.value));
    values.values = std::make_shared<const detail::ListedValues<std::int64_t>>(std::move(integers));
    return values;
  }
  std::vector<double> reals;
  for (const Number& number : numbers) reals.push_back(in_unit(number, values.unit));
  values.values = std::make_shared<const detail::ListedValues<double>>(std::move(reals));
  return values;
}

SweepValues listed(const std::vector<PlacedText>& list, const std::optional<PlacedText>& unit) {
  const PlacedText& first = list.front();
  if (looks_like_number(first.text)) return listed_numbers(list, unit);
  if (unit) unit->fail(fmt::format("'{}' and the values beside it have no unit", first.text));
  if (on_or_off(first.text)) {
    std::vector<std::uint8_t> switches;
    for (const PlacedText& item : list) {
      const auto state = on_or_off(item.text);
      if (!state) fail_mixed(first, item);
      switches.push_back(*state ? 1 : 0);
    }
    return {std::make_shared<const detail::ListedValues<bool>>(std::move(switches)), "", Value::Kind::boolean};
  }
  std::vector<std::string> words;
  for (const PlacedText& item : list) {
    if (looks_like_number(item.text) || on_or_off(item.text)) fail_mixed(first, item);
    words.push_back(item.text);
  }
  return {std::make_shared<const detail::ListedValues<std::string>>(std::move(words)), "", Value::Kind::text};
}

/// The pieces of text between separators, each at its place.
std::vector<PlacedText> split(const PlacedText& whole, std::size_t from, std::size_t to, char separator) {
  std::vector<PlacedText> parts;
  std::size_t start = from;
  for (std::size_t at = from; at <= to; ++at) {
    if (at != to && whole.text[at] != separator) continue;
    PlacedText part = whole;
    const std::string_view piece = std::string_view(whole.text).substr(start, at - start);
    part.text = base::trimmed(piece);
    const std::size_t spaces = std::min(piece.find_first_not_of(' '), piece.size());
    part.column += static_cast<int>(start + spaces);
    parts.push_back(std::move(part));
    start = at + 1;
  }
  return parts;
}

std::size_t count_in(const Number& number) {
  const double count = number.quantity.value;
  if (!number.unit.empty() || count != std::floor(count) || count < 1 || count > 9e15) {
    number.text.fail(fmt::format("'{}' is no number of values", number.text.text));
  }
  return static_cast<std::size_t>(count);
}

SweepValues by_rule(const PlacedText& rule, std::string_view name, const std::vector<PlacedText>& arguments,
                    const std::optional<PlacedText>& unit) {
  constexpr std::array<std::string_view, 5> k_rules = {"linspace", "logspace", "geomspace", "arange", "steps"};
  if (std::ranges::find(k_rules, name) == k_rules.end()) {
    const std::vector<std::string> known(k_rules.begin(), k_rules.end());
    const auto near = base::nearest(name, known, 1);
    rule.fail(near.empty() ? fmt::format("there is no rule '{}'; {}", name, k_forms)
                           : fmt::format("there is no rule '{}'; did you mean '{}'?", name, near.front()));
  }
  if (arguments.size() != 3) rule.fail(fmt::format("{} takes three numbers, not {}", name, arguments.size()));
  const bool counts = name == "linspace" || name == "logspace" || name == "geomspace";
  std::vector<Number> numbers;
  for (std::size_t i = 0; i < (counts ? 2U : 3U); ++i) numbers.push_back(number_of(arguments[i]));
  SweepValues values{.unit = unit_of(numbers, unit)};
  const double start = in_unit(numbers[0], values.unit);
  const double stop = in_unit(numbers[1], values.unit);
  try {
    if (counts) {
      const std::size_t count = count_in(number_of(arguments[2]));
      values.values = (name == "linspace"   ? linspace(start, stop, count)
                       : name == "logspace" ? logspace(start, stop, count)
                                            : geomspace(start, stop, count))
                          .values();
    } else {
      const double step = in_unit(numbers[2], values.unit);
      values.values = (name == "arange" ? arange(start, stop, step) : steps(start, stop, step)).values();
    }
  } catch (const ConfigurationError& error) {
    rule.fail(error.what());
  }
  return values;
}

}  // namespace

expression::Variable::Kind variable_kind(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::boolean:
      return expression::Variable::Kind::boolean;
    case Value::Kind::text:
      return expression::Variable::Kind::text;
    default:
      return expression::Variable::Kind::number;
  }
}

SweepValues sweep_values(const ValuesText& text, const std::optional<PlacedText>& unit) {
  if (text.is_list) return listed(text.list, unit);
  const PlacedText& rule = text.rule;
  const std::size_t open = rule.text.find('(');
  if (open != std::string::npos) {
    const std::size_t close = rule.text.find_last_not_of(' ');
    if (rule.text[close] != ')')
      rule.fail(
          fmt::format("'{}' is not closed by a parenthesis; within braces, what has commas needs quotes", rule.text));
    return by_rule(rule, base::trimmed(std::string_view(rule.text).substr(0, open)), split(rule, open + 1, close, ','),
                   unit);
  }
  if (rule.text.find(':') != std::string::npos) {
    const auto parts = split(rule, 0, rule.text.size(), ':');
    if (parts.size() != 3) rule.fail(fmt::format("'{}' is no start:stop:step; {}", rule.text, k_forms));
    return by_rule(rule, "steps", parts, unit);
  }
  if (base::trimmed(rule.text).empty()) rule.fail(fmt::format("values are missing; {}", k_forms));
  return listed({rule}, unit);
}

Assignment parse_assignment(std::string_view text) {
  const std::size_t equals = text.find('=');
  const PlacedText whole{.text = std::string(text), .file = fmt::format("--set {}", text)};
  if (equals == std::string_view::npos || base::trimmed(text.substr(0, equals)).empty()) {
    whole.fail("write it as NAME=VALUES, such as voltage=0:5:0.1");
  }
  Assignment made{.name = std::string(base::trimmed(text.substr(0, equals)))};
  made.values.rule = {.text = std::string(base::trimmed(text.substr(equals + 1))), .file = whole.file};
  const bool is_list =
      made.values.rule.text.find('(') == std::string::npos && made.values.rule.text.find(',') != std::string::npos;
  if (!is_list) return made;
  made.values.is_list = true;
  made.values.list = split(made.values.rule, 0, made.values.rule.text.size(), ',');
  return made;
}

}  // namespace wheatstone::procedure
