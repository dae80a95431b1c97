#include "expression/parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.hpp"

namespace wheatstone::expression {
namespace {

constexpr std::size_t k_deepest = 60;      // levels of parentheses, signs and powers within each other
constexpr std::size_t k_longest = 10'000;  // bytes
constexpr std::array<std::string_view, 5> k_words = {"and", "or", "not", "true", "false"};

struct OneArgument {
  std::string_view name;
  int operation;
};

}  // namespace

/// One level of recursion.
struct Parser::Deeper {
  explicit Deeper(Parser& p) : parser(p) {
    if (++parser.depth_ > k_deepest) parser.fail("this is nested too deeply", parser.tokens_.now().at);
  }
  ~Deeper() { --parser.depth_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;
  Parser& parser;
};

Expression Parser::parse() {
  if (tokens_.text().size() > k_longest) fail("this expression is too long", k_longest);
  if (tokens_.now().kind == Token::Kind::end) fail("an expression belongs here", 0);
  const Part whole = alternative();
  if (tokens_.now().kind != Token::Kind::end) fail_at_word();
  made_.dimension_ = whole.dimension;
  made_.is_condition_ = whole.is_condition;
  made_.is_bare_ = whole.is_bare;
  std::ranges::sort(made_.uses_);
  made_.uses_.erase(std::ranges::unique(made_.uses_).begin(), made_.uses_.end());
  return std::move(made_);
}

Parser::Part Parser::alternative() {
  Part left = conjunction();
  while (is_word("or")) {
    require_condition(left, "or");
    take_word("or");
    const Part right = conjunction();
    require_condition(right, "or");
    emit(Operation::or_, 2);
    left = joined(left, right);
    left.is_condition = true;
  }
  return left;
}

Parser::Part Parser::conjunction() {
  Part left = negation();
  while (is_word("and")) {
    require_condition(left, "and");
    take_word("and");
    const Part right = negation();
    require_condition(right, "and");
    emit(Operation::and_, 2);
    left = joined(left, right);
    left.is_condition = true;
  }
  return left;
}

Parser::Part Parser::negation() {
  if (!is_word("not")) return comparison();
  const Deeper deeper(*this);
  const std::size_t at = tokens_.now().at;
  take_word("not");
  Part part = negation();
  require_condition(part, "not");
  emit(Operation::not_, 1);
  part.at = at;
  return part;
}

Parser::Part Parser::comparison() {
  constexpr std::array<std::pair<std::string_view, Operation>, 6> k_comparisons = {{{"<", Operation::less},
                                                                                    {"<=", Operation::less_equal},
                                                                                    {">", Operation::greater},
                                                                                    {">=", Operation::greater_equal},
                                                                                    {"==", Operation::equal},
                                                                                    {"!=", Operation::not_equal}}};
  const auto found = [&] {
    return std::ranges::find_if(k_comparisons, [&](const auto& entry) { return is_symbol(entry.first); });
  };
  if (is_symbol("=")) fail_at_word();
  const Part left = sum();
  const auto* const operation = found();
  if (operation == k_comparisons.end()) return left;
  take_symbol(operation->first);
  const Part right = sum();
  if (left.is_condition != right.is_condition) {
    fail("a condition is compared with a number", left.at, right.end - left.at);
  }
  if (left.is_condition && operation->second != Operation::equal && operation->second != Operation::not_equal) {
    fail(fmt::format("'{}' compares numbers, and these are conditions", operation->first), left.at,
         right.end - left.at);
  }
  if (!left.is_condition) (void)common(left, right, "compares");
  if (found() != k_comparisons.end()) {
    fail("comparisons do not chain; write 'a < b and b < c'", tokens_.now().at, tokens_.now().text.size());
  }
  emit(operation->second, 2);
  Part both = joined(left, right);
  both.is_condition = true;
  return both;
}

Parser::Part Parser::sum() {
  Part left = product();
  while (is_symbol("+") || is_symbol("-")) {
    const bool adds = is_symbol("+");
    tokens_.advance();
    const Part right = product();
    require_number(left, adds ? "added" : "subtracted");
    require_number(right, adds ? "added" : "subtracted");
    Part both = joined(left, right);
    both.dimension = common(left, right, adds ? "adds" : "subtracts");
    both.is_bare = left.is_bare && right.is_bare;
    emit(adds ? Operation::add : Operation::subtract, 2);
    left = both;
  }
  return left;
}

Parser::Part Parser::product() {
  Part left = unary();
  while (is_symbol("*") || is_symbol("/")) {
    const bool multiplies = is_symbol("*");
    tokens_.advance();
    const Part right = unary();
    require_number(left, multiplies ? "multiplied" : "divided");
    require_number(right, multiplies ? "multiplied" : "divided");
    Part both = joined(left, right);
    both.dimension = multiplies ? left.dimension.times(right.dimension) : left.dimension.over(right.dimension);
    both.is_bare = left.is_bare && right.is_bare;
    emit(multiplies ? Operation::multiply : Operation::divide, 2);
    left = both;
  }
  return left;
}

Parser::Part Parser::unary() {
  if (!is_symbol("-") && !is_symbol("+")) return power();
  const Deeper deeper(*this);
  const Token sign = tokens_.now();
  tokens_.advance();
  Part part = unary();
  require_number(part, "given a sign");
  part.at = sign.at;
  if (sign.text == "-") {
    emit(Operation::negate, 1);
    if (part.constant) part.constant = -*part.constant;
  }
  return part;
}

Parser::Part Parser::power() {
  const Part base = primary();
  if (is_symbol("**")) fail("a power is written 'a ^ b'", tokens_.now().at, 2);
  if (!is_symbol("^")) return base;
  const Deeper deeper(*this);
  tokens_.advance();
  const Part exponent = unary();
  require_number(base, "raised to a power");
  require_number(exponent, "an exponent");
  if (exponent.dimension.is_known() && !exponent.dimension.is_none()) {
    fail(fmt::format("an exponent in {}; it has to be a number without a unit", exponent.dimension.label()),
         exponent.at, exponent.end - exponent.at);
  }
  Part both = joined(base, exponent);
  both.is_bare = base.is_bare;
  if (base.dimension.is_none()) {
    both.dimension = Dimension::none();
  } else {
    both.dimension = exponent.constant ? base.dimension.to_the(*exponent.constant) : Dimension();
  }
  emit(Operation::power, 2);
  return both;
}

Parser::Part Parser::primary() {
  const Token first = tokens_.now();
  if (first.kind == Token::Kind::number) return number();
  if (first.kind == Token::Kind::name) return name();
  if (!is_symbol("(")) fail_at_word();
  const Deeper deeper(*this);
  take_symbol("(");
  Part part = alternative();
  expect(")", first);
  part.at = first.at;
  part.end = end_of_last_;
  return part;
}

Parser::Part Parser::number() {
  const Token digits = tokens_.now();
  Part part{.at = digits.at, .is_bare = true};
  double value = 0;
  const auto read = std::from_chars(digits.text.data(), digits.text.data() + digits.text.size(), value);
  if (read.ec != std::errc() || read.ptr != digits.text.data() + digits.text.size()) {
    fail(fmt::format("'{}' is no number that can be kept", base::excerpt(digits.text, 40)), digits.at,
         digits.text.size());
  }
  tokens_.advance();
  part.end = digits.at + digits.text.size();
  const Token unit = tokens_.now();
  if (unit.kind == Token::Kind::name && std::ranges::find(k_words, unit.text) == k_words.end()) {
    const auto scale = find_unit(unit.text);
    if (!scale) {
      fail(fmt::format("'{}' is no unit; units are V, A, W, Ohm, Hz, s and their kin, with prefixes such as m or k",
                       base::excerpt(unit.text, 40)),
           unit.at, unit.text.size());
    }
    value = scale->to_base(value);
    part.dimension = scale->dimension;
    part.is_bare = false;
    part.end = unit.at + unit.text.size();
    tokens_.advance();
  }
  part.constant = value;
  end_of_last_ = part.end;
  emit(Operation::number, 0, value);
  return part;
}

Parser::Part Parser::name() {
  const Token word = tokens_.now();
  if (std::ranges::find(k_words, word.text) != k_words.end() && word.text != "true" && word.text != "false") {
    fail_at_word();
  }
  tokens_.advance();
  end_of_last_ = word.at + word.text.size();
  if (is_symbol("(")) return call(word);
  for (const Variable& known : variables_) {
    if (known.name == word.text) return variable(word);
  }
  Part part{.at = word.at, .end = end_of_last_};
  if (word.text == "pi") {
    part.constant = 3.141592653589793;
    part.is_bare = true;
    emit(Operation::number, 0, *part.constant);
    return part;
  }
  if (word.text == "true" || word.text == "false") {
    part.is_condition = true;
    emit(Operation::number, 0, word.text == "true" ? 1 : 0);
    return part;
  }
  return variable(word);
}

Parser::Part Parser::variable(const Token& word) {
  const auto found = std::ranges::find(variables_, word.text, &Variable::name);
  if (found == variables_.end()) {
    std::vector<std::string> names;
    for (const Variable& known : variables_) names.push_back(known.name);
    const std::vector<std::string> near = base::nearest(word.text, names);
    std::string why = fmt::format("there is no '{}' here", base::excerpt(word.text, 40));
    if (!near.empty()) {
      why += "; did you mean " + base::listed(near) + "?";
    } else if (!names.empty()) {
      why += "; there " + std::string(names.size() == 1 ? "is " : "are ") + base::listed(names, "and");
    }
    fail(std::move(why), word.at, word.text.size());
  }
  if (found->kind == Variable::Kind::other || found->kind == Variable::Kind::text) {
    fail(fmt::format("'{}' is no number to calculate with", found->name), word.at, word.text.size());
  }
  Part part{.at = word.at, .end = end_of_last_};
  part.is_condition = found->kind == Variable::Kind::boolean;
  const auto place = static_cast<std::size_t>(found - variables_.begin());
  made_.uses_.push_back(place);
  const auto scale = found->unit.empty() ? std::nullopt : find_unit(found->unit);
  if (!part.is_condition) part.dimension = scale ? scale->dimension : Dimension();
  if (!scale || (scale->decimal == 0 && scale->factor == 1)) {
    emit(Operation::variable, 0, 0, place);
  } else if (scale->decimal < 0 && scale->factor == 1) {
    emit(Operation::scaled_down, 0, UnitScale{.decimal = -scale->decimal}.to_base(1), place);
  } else {
    emit(Operation::scaled_up, 0, scale->to_base(1), place);
  }
  return part;
}

Parser::Part Parser::call(const Token& word) {
  const Deeper deeper(*this);
  const Token opened = tokens_.now();
  take_symbol("(");
  std::vector<Part> arguments;
  if (!is_symbol(")")) {
    arguments.push_back(alternative());
    while (take_symbol(",")) arguments.push_back(alternative());
  }
  expect(")", opened);
  constexpr std::array<std::pair<std::string_view, Operation>, 15> k_of_one = {{{"abs", Operation::abs},
                                                                                {"sqrt", Operation::sqrt},
                                                                                {"exp", Operation::exp},
                                                                                {"ln", Operation::ln},
                                                                                {"log10", Operation::log10},
                                                                                {"sin", Operation::sin},
                                                                                {"cos", Operation::cos},
                                                                                {"tan", Operation::tan},
                                                                                {"asin", Operation::asin},
                                                                                {"acos", Operation::acos},
                                                                                {"atan", Operation::atan},
                                                                                {"floor", Operation::floor},
                                                                                {"ceil", Operation::ceil},
                                                                                {"round", Operation::round},
                                                                                {"sign", Operation::sign}}};
  const auto* const one = std::ranges::find(k_of_one, word.text, [](const auto& entry) { return entry.first; });
  const auto refuse_count = [&](std::string_view wanted) {
    fail(fmt::format("{} takes {}, not {}", word.text, wanted, arguments.size()), word.at, word.text.size());
  };
  if (one != k_of_one.end()) {
    if (arguments.size() != 1) refuse_count("one argument");
    return function_of_one(word, one->second, arguments.front());
  }
  if (word.text == "if") {
    if (arguments.size() != 3) refuse_count("a condition and two values");
    return choice(word, arguments);
  }
  if (word.text == "min" || word.text == "max" || word.text == "atan2") {
    if (arguments.size() < 2 || (word.text == "atan2" && arguments.size() > 2)) {
      refuse_count(word.text == "atan2" ? "two arguments" : "two arguments at least");
    }
    Part all = arguments.front();
    const Operation operation = word.text == "min"   ? Operation::minimum
                                : word.text == "max" ? Operation::maximum
                                                     : Operation::atan2;
    for (const Part& argument : arguments) require_number(argument, "an argument");
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      all.dimension = common(all, arguments[i], word.text == "atan2" ? "relates" : "compares");
      all.is_bare = all.is_bare && arguments[i].is_bare;
      emit(operation, 2);
    }
    if (word.text == "atan2") all.dimension = Dimension::none();
    return {.at = word.at, .end = end_of_last_, .dimension = all.dimension, .is_bare = all.is_bare};
  }
  std::vector<std::string> names = {"if", "min", "max", "atan2"};
  for (const auto& [known, operation] : k_of_one) names.emplace_back(known);
  const std::vector<std::string> near = base::nearest(word.text, names, 1);
  fail(fmt::format("there is no function '{}'; {} {}?", base::excerpt(word.text, 40),
                   near.empty() ? "there are" : "did you mean",
                   near.empty() ? base::listed(names, "and") : base::listed(near)),
       word.at, word.text.size());
}

Parser::Part Parser::choice(const Token& word, std::span<const Part> arguments) {
  require_condition(arguments[0], "if");
  if (arguments[1].is_condition != arguments[2].is_condition) {
    fail("of the two values one is a condition and the other a number", arguments[1].at,
         arguments[2].end - arguments[1].at);
  }
  Part part{.at = word.at, .end = end_of_last_, .is_condition = arguments[1].is_condition};
  if (!part.is_condition) part.dimension = common(arguments[1], arguments[2], "chooses between");
  part.is_bare = arguments[1].is_bare && arguments[2].is_bare;
  emit(Operation::choose, 3);
  return part;
}

Parser::Part Parser::function_of_one(const Token& word, Operation operation, const Part& argument) {
  require_number(argument, "an argument");
  Part part{.at = word.at, .end = end_of_last_};
  switch (operation) {
    case Operation::abs:
    case Operation::floor:
    case Operation::ceil:
    case Operation::round:
      part.dimension = argument.dimension;
      part.is_bare = argument.is_bare;
      break;
    case Operation::sqrt:
      part.dimension = argument.dimension.to_the(0.5);
      part.is_bare = argument.is_bare;
      break;
    default:
      part.is_bare = true;  // a number, as the logarithm of volts is taken to be that of their number
      break;
  }
  emit(operation, 1);
  return part;
}

void Parser::emit(Operation operation, int taken, double number, std::size_t variable) {
  made_.code_.push_back({operation, static_cast<std::uint32_t>(variable), number});
  stacked_ = stacked_ - static_cast<std::size_t>(taken) + 1;
  if (stacked_ > Expression::k_stack) fail("this has too many parts within each other", tokens_.now().at);
}

Parser::Part Parser::joined(const Part& left, const Part& right) const {
  return {.at = left.at, .end = right.end, .dimension = Dimension::none()};
}

/// The unit of two things that have to be of one kind.
Dimension Parser::common(const Part& left, const Part& right, std::string_view verb) const {
  if (left.is_bare) return right.dimension;
  if (right.is_bare || left.dimension == right.dimension) return left.dimension;
  // What is added to amperes is in amperes, or the sum means nothing: so a parameter without a unit is no way around.
  if (!left.dimension.is_known()) return right.dimension;
  if (!right.dimension.is_known()) return left.dimension;
  const auto spoken = [](const Dimension& dimension) {
    return dimension.is_none() ? std::string("a number without a unit") : dimension.label();
  };
  fail(fmt::format("this {} {} and {}", verb, spoken(left.dimension), spoken(right.dimension)), left.at,
       right.end - left.at);
}

void Parser::require_condition(const Part& part, std::string_view word) const {
  if (part.is_condition) return;
  fail(fmt::format("'{}' takes conditions, such as a < b, and this is a number", word), part.at, part.end - part.at);
}

void Parser::require_number(const Part& part, std::string_view what) const {
  if (!part.is_condition) return;
  fail(fmt::format("a condition cannot be {}", what), part.at, part.end - part.at);
}

bool Parser::is_symbol(std::string_view symbol) const {
  return tokens_.now().kind == Token::Kind::symbol && tokens_.now().text == symbol;
}

bool Parser::is_word(std::string_view word) const {
  return tokens_.now().kind == Token::Kind::name && tokens_.now().text == word;
}

bool Parser::take_symbol(std::string_view symbol) {
  if (!is_symbol(symbol)) return false;
  end_of_last_ = tokens_.now().at + symbol.size();
  tokens_.advance();
  return true;
}

bool Parser::take_word(std::string_view word) {
  if (!is_word(word)) return false;
  tokens_.advance();
  return true;
}

void Parser::expect(std::string_view symbol, const Token& opened) {
  if (take_symbol(symbol)) return;
  if (tokens_.now().kind == Token::Kind::end) {
    fail("this parenthesis is not closed", opened.at);
  }
  fail_at_word();
}

void Parser::fail(std::string why, std::size_t at, std::size_t length) const {
  throw ParseError(tokens_.text(), std::move(why), at, length);
}

void Parser::fail_at_word() const {
  const Token& word = tokens_.now();
  if (word.kind == Token::Kind::end) fail("the expression ends too early", word.at);
  if (word.text == "=") fail("'=' sets nothing here; '==' compares", word.at);
  if (word.text == "&&") fail("write 'and'", word.at, 2);
  fail(fmt::format("'{}' does not belong here", base::excerpt(word.text, 40)), word.at, word.text.size());
}

}  // namespace wheatstone::expression
