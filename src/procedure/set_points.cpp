#include "procedure/set_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.hpp"
#include "procedure/row_values.hpp"
#include "session/run_document.hpp"

namespace wheatstone::procedure {
namespace {

using expression::Expression;
using expression::Variable;

/// Whether text can be nothing but a word: AUTO, CC.
bool is_word(std::string_view text, std::span<const Variable> parameters) {
  const bool is_name = !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
  return is_name && std::ranges::find(parameters, text, &Variable::name) == parameters.end();
}

std::vector<std::size_t> sorted(std::vector<std::size_t> uses) {
  std::ranges::sort(uses);
  uses.erase(std::ranges::unique(uses).begin(), uses.end());
  return uses;
}

}  // namespace

Template::Template(const PlacedText& text, std::span<const Variable> variables) {
  std::size_t at = 0;
  while (at < text.text.size()) {
    const std::size_t open = std::min(text.text.find('{', at), text.text.size());
    if (open > at) pieces_.push_back({text.text.substr(at, open - at)});
    if (open == text.text.size()) break;
    const std::size_t close = text.text.find('}', open);
    if (close == std::string::npos) text.fail("this brace is not closed", open);
    const std::string inside = text.text.substr(open + 1, close - open - 1);
    try {
      pieces_.push_back({"", Expression::parse(inside, variables)});
    } catch (const expression::ParseError& error) {
      text.fail(error, open + 1);
    }
    const auto& used = pieces_.back().expression->uses();
    uses_.insert(uses_.end(), used.begin(), used.end());
    at = close + 1;
  }
  uses_ = sorted(std::move(uses_));
}

std::string Template::text(std::span<const double> values) const {
  std::string made;
  for (const Piece& piece : pieces_) {
    made += piece.expression ? base::shortest(piece.expression->evaluate(values)) : piece.text;
  }
  return made;
}

SetPoint::SetPoint(const SetText& text, const TargetBinder& binder, std::span<const Variable> parameters)
    : place_(text.target),
      value_(text.value),
      target_(binder.set(text.target)),
      content_(content_of(text.value, parameters)) {
  if (const auto* expression = std::get_if<Expression>(&content_)) uses_ = expression->uses();
  if (const auto* words = std::get_if<Template>(&content_)) uses_ = words->uses();
  if (const auto* parameter = std::get_if<std::size_t>(&content_)) uses_ = {*parameter};
}

SetPoint::Content SetPoint::content_of(const PlacedText& value, std::span<const Variable> parameters) const {
  if (target_.kind == Quantity::Kind::on_off) return switch_of(value, parameters);
  const bool may_be_word = target_.set_word && is_word(base::trimmed(value.text), parameters);
  if (target_.kind == Quantity::Kind::word || may_be_word) return word_of(value, parameters);
  try {
    Expression expression = Expression::parse(value.text, parameters);
    if (expression.is_condition()) value.fail(fmt::format("'{}' takes a number, and this is a condition", place_.text));
    const auto unit = expression::find_unit(target_.unit);
    const bool has_unit = unit && !target_.unit.empty();
    if (has_unit && !expression.fits(unit->dimension)) {
      const std::string given = expression.dimension().label();
      value.fail(fmt::format("'{}' is set in {}, and this is {}", place_.text, target_.unit,
                             given.empty() ? std::string("a number without a unit") : "in " + given));
    }
    return expression;
  } catch (const expression::ParseError& error) {
    value.fail(error);
  }
}

SetPoint::Content SetPoint::switch_of(const PlacedText& value, std::span<const Variable> parameters) const {
  const std::string_view text = base::trimmed(value.text);
  if (base::equal_ignoring_case(text, "on")) return Expression::parse("true", {});
  if (base::equal_ignoring_case(text, "off")) return Expression::parse("false", {});
  try {
    Expression expression = Expression::parse(value.text, parameters);
    if (!expression.is_condition()) value.fail("on, off or a condition such as v > 1 belongs here");
    return expression;
  } catch (const expression::ParseError& error) {
    value.fail(error);
  }
}

SetPoint::Content SetPoint::word_of(const PlacedText& value, std::span<const Variable> parameters) const {
  const std::string text(base::trimmed(value.text));
  const auto named = std::ranges::find(parameters, text, &Variable::name);
  if (named != parameters.end() && named->kind == Variable::Kind::text) {
    return static_cast<std::size_t>(named - parameters.begin());
  }
  if (!target_.require_word) return Template(value, parameters);  // a message as it stands
  try {
    target_.require_word(text);
  } catch (const Error& error) {
    value.fail(error.what());
  }
  return text;
}

std::optional<std::size_t> SetPoint::parameter_alone() const {
  const auto* expression = std::get_if<Expression>(&content_);
  return expression == nullptr ? std::nullopt : expression->alone();
}

void SetPoint::send(std::span<const Value> values, std::span<const double> numbers) const {
  if (const auto* expression = std::get_if<Expression>(&content_)) {
    target_.set(expression->evaluate(numbers));
  } else if (const auto* words = std::get_if<Template>(&content_)) {
    target_.set_word(words->text(numbers));
  } else if (const auto* word = std::get_if<std::string>(&content_)) {
    target_.set_word(*word);
  } else {
    target_.set_word(*values[std::get<std::size_t>(content_)].get_if<std::string>());
  }
}

void SetPoint::require_words(std::size_t parameter, const ParameterValues& values) const {
  const auto* named = std::get_if<std::size_t>(&content_);
  if (named == nullptr || *named != parameter || !target_.require_word) return;
  Value value;
  for (std::size_t i = 0; i < values.size(); ++i) {
    values.get(i, value);
    try {
      target_.require_word(*value.get_if<std::string>());
    } catch (const Error& error) {
      value_.fail(error.what());
    }
  }
}

void write_numbers(const Point::Data& point, std::vector<double>& out) {
  out.resize(point.values.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = as_number(point.values[i]).value_or(std::numeric_limits<double>::quiet_NaN());
  }
}

bool SetPoints::is_new(const SetPoint& point, const Point::Data& at, bool all) const {
  return all || std::ranges::any_of(at.changed, [&](std::size_t parameter) {
           return std::ranges::binary_search(point.uses(), parameter);
         });
}

void SetPoints::send(const Point& point) {
  const Point::Data& data = point.data();
  write_numbers(data, numbers_);
  const bool all = !std::exchange(begun_, true) || point.first_after_resume();
  for (const SetPoint& each : points_) {
    if (is_new(each, data, all)) each.send(data.values, numbers_);
  }
}

void SetPoints::rehearse(const Point::Data& point, Rehearsals& rehearsals) {
  write_numbers(point, numbers_);
  const bool all = !std::exchange(begun_, true);
  for (const SetPoint& each : points_) {
    if (!is_new(each, point, all)) continue;
    const auto refused_at = [&] {
      if (each.uses().empty()) return each.value_place().where() + ": ";
      return fmt::format("{}: at {}, ", each.place().where(), session::text_of_place(point));
    };
    rehearsals.take(each.instrument(), refused_at, [&] { each.send(point.values, numbers_); });
  }
}

}  // namespace wheatstone::procedure
