#include "procedure/columns.hpp"

#include <fmt/format.h>

namespace wheatstone::procedure {

using expression::Expression;
using expression::Variable;

namespace {

Expression parsed(const PlacedText& text, std::span<const Variable> variables) {
  try {
    return Expression::parse(text.text, variables);
  } catch (const expression::ParseError& error) {
    text.fail(error);
  }
}

}  // namespace

Expression condition_of(const PlacedText& text, std::span<const Variable> variables) {
  Expression made = parsed(text, variables);
  if (!made.is_condition()) text.fail("a condition belongs here, such as v > 1");
  return made;
}

ReadColumn::ReadColumn(const ReadText& text, const TargetBinder& binder)
    : name_(text.column.text),
      source_(binder.read(text.source)),
      label_(text.unit ? text.unit->text : source_.unit),
      unit_(label_) {
  if (!text.unit) return;
  if (source_.kind != Variable::Kind::number) text.unit->fail(fmt::format("'{}' has no unit", text.source.text));
  if (source_.unit.empty() || source_.unit == label_) return;
  from_ = expression::find_unit(source_.unit);
  to_ = expression::find_unit(label_);
  if (!from_ || !to_ || from_->dimension != to_->dimension) {
    text.unit->fail(
        fmt::format("'{}' is in {}, which cannot be converted to {}", text.source.text, source_.unit, label_));
  }
}

Value ReadColumn::read() const {
  Value value = source_.read();
  const bool is_number = value.kind() == Value::Kind::real || value.kind() == Value::Kind::integer;
  if (value.unit() == unit_ || unit_.empty() || !is_number) return value;
  if (from_) {
    return Value::measured(to_->from_base(from_->to_base(*as_number(value))), unit_,
                           to_->from_base(from_->to_base(value.uncertainty())));
  }
  value.set_unit(unit_);
  return value;
}

void ReadAcquisition::measure(const Point& point, Row& out) {
  if (watch_) watch_(point);
  if (out.size() != columns_.size()) {
    out.clear();
    for (const ReadColumn& column : columns_) out.push_back({column.name(), {}});
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) out[i].value = columns_[i].read();
}

DerivedColumn::DerivedColumn(const DeriveText& text, std::span<const Variable> variables, std::size_t parameters)
    : DerivedColumn(text, variables, parameters, parsed(text.expression, variables)) {}

DerivedColumn::DerivedColumn(const DeriveText& text, std::span<const Variable> variables, std::size_t parameters,
                             Expression expression)
    : Acquisition(text.column.text),
      expression_(std::move(expression)),
      values_(variables, parameters, expression_.uses()),
      label_(expression_.dimension().label()) {
  if (text.unit) {
    if (expression_.is_condition()) text.unit->fail("a condition has no unit");
    label_ = text.unit->text;
    to_ = expression::find_unit(label_);
    if (to_ && !expression_.fits(to_->dimension)) {
      const std::string is = expression_.dimension().label();
      text.unit->fail(fmt::format("'{}' is {}, which cannot be converted to {}", text.expression.text,
                                  is.empty() ? std::string("a number without a unit") : "in " + is, label_));
    }
    // A bare number is in the unit that it is given.
    if (!expression_.dimension().is_known() || expression_.dimension().is_none()) to_.reset();
  }
  unit_ = Unit(label_);
}

Variable DerivedColumn::variable() const {
  return {name(), label_, expression_.is_condition() ? Variable::Kind::boolean : Variable::Kind::number};
}

void DerivedColumn::measure(const Point& point, Row& out) {
  if (out.empty()) out.push_back({name(), {}});
  const auto values = values_.of(point);
  if (!values) {
    out[0].value = Value();
    return;
  }
  const double result = expression_.evaluate(*values);
  if (expression_.is_condition()) {
    out[0].value = Value(result != 0);
    return;
  }
  Value value(to_ ? to_->from_base(result) : result);
  value.set_unit(unit_);
  out[0].value = std::move(value);
}

}  // namespace wheatstone::procedure
