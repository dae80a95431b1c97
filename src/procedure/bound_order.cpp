#include "procedure/bound_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <wheatstone/adaptive.hpp>

#include "base/text.hpp"

namespace wheatstone::procedure {

using expression::Variable;

namespace {

const ParameterText& parameter_of(const Definition& definition, std::string_view name) {
  return *std::ranges::find(definition.parameters, name,
                            [](const ParameterText& parameter) { return std::string_view(parameter.name.text); });
}

double real_at(const SweepValues& values, std::size_t i) {
  Value value;
  values.values->get(i, value);
  if (const auto* whole = value.get_if<std::int64_t>()) return static_cast<double>(*whole);
  return *value.get_if<double>();
}

const Variable& column_of(const PlacedText& of, std::span<const Variable> columns) {
  const auto found = std::ranges::find(columns, of.text, &Variable::name);
  if (found != columns.end()) {
    if (found->kind == Variable::Kind::number) return *found;
    of.fail(fmt::format("'{}' is no column of numbers", of.text));
  }
  std::vector<std::string> names;
  for (const Variable& column : columns) names.push_back(column.name);
  const auto near = base::nearest(of.text, names);
  of.fail(fmt::format(
      "there is no column '{}' to look at; {}", of.text,
      near.empty() ? "there are " + base::listed(names, "and") : "did you mean " + base::listed(near) + "?"));
}

/// The threshold as the column's values come.
double threshold_of(const PlacedText& text, const Variable& column) {
  try {
    const expression::Quantity given = expression::parse_quantity(text.text);
    if (given.dimension.is_none()) return given.value;
    const auto unit = expression::find_unit(column.unit);
    if (!unit || unit->dimension != given.dimension) {
      text.fail(fmt::format("'{}' is {}, and this is in {}", column.name,
                            column.unit.empty() ? "without a unit" : "in " + column.unit, given.dimension.label()));
    }
    return unit->from_base(given.value);
  } catch (const expression::ParseError& error) {
    text.fail(error);
  }
}

/// Bounds and a tolerance are no list in which a missing unit may be a slip: between 0 and 5, to 10 mV. Those without a
/// unit are in the parameter's, else in SI base units.
void give_bare_ones_the_unit(std::vector<PlacedText>& numbers, const std::optional<PlacedText>& unit) {
  std::string label;
  std::vector<PlacedText*> bare;
  for (PlacedText& number : numbers) {
    try {
      const auto dimension = expression::parse_quantity(number.text).dimension;
      if (dimension.is_none()) {
        bare.push_back(&number);
      } else if (label.empty()) {
        label = unit ? unit->text : dimension.label();
      }
    } catch (const expression::ParseError& error) {
      number.fail(error);
    }
  }
  if (label.empty()) return;
  for (PlacedText* number : bare) number->text += " " + label;
}

}  // namespace

std::vector<SweepValues> point_values(const Definition& definition) {
  const PointsText& points = *definition.points;
  std::vector<SweepValues> all;
  for (const ParameterText& parameter : definition.parameters) {
    const auto named = std::ranges::find(points.names, parameter.name.text, &PlacedText::text);
    const auto& column = points.columns[static_cast<std::size_t>(named - points.names.begin())];
    all.push_back(sweep_values({.list = column, .is_list = true}, parameter.unit));
  }
  return all;
}

Order order_of_points(const Definition& definition, std::span<const SweepValues> values) {
  PointList list;
  for (const ParameterText& parameter : definition.parameters) list.names.push_back(parameter.name.text);
  list.points.resize(values.front().values->size(), std::vector<Value>(values.size()));
  for (std::size_t i = 0; i < list.points.size(); ++i) {
    for (std::size_t k = 0; k < values.size(); ++k) values[k].values->get(i, list.points[i][k]);
  }
  return {std::move(list)};
}

SweepValues adaptive_values(const Definition& definition) {
  const AdaptiveText& text = *definition.adaptive;
  const std::optional<PlacedText>& unit = parameter_of(definition, text.parameter.text).unit;
  std::vector<PlacedText> numbers = {text.first, text.last};
  if (text.tolerance) numbers.push_back(*text.tolerance);
  give_bare_ones_the_unit(numbers, unit);
  SweepValues values = sweep_values({.list = numbers, .is_list = true}, unit);
  if (values.kind != Value::Kind::real && values.kind != Value::Kind::integer) {
    text.first.fail("a number belongs here: the order looks between two of them");
  }
  return values;
}

Order adaptive_order(const AdaptiveText& text, const SweepValues& values, std::span<const Variable> columns) {
  const Variable& column = column_of(text.of, columns);
  const std::pair<double, double> between = {real_at(values, 0), real_at(values, 1)};
  try {
    if (!text.bisects) {
      RefineOptions options{.of = column.name, .between = between};
      options.points = text.points.value_or(options.points);
      return {refine(text.parameter.text, std::move(options))};
    }
    BisectOptions options{.of = column.name, .threshold = threshold_of(text.threshold, column), .between = between};
    if (text.tolerance) options.tolerance = real_at(values, 2);
    return {bisect(text.parameter.text, std::move(options))};
  } catch (const ConfigurationError& error) {
    if (std::string_view(error.what()).starts_with(text.of.file)) throw;
    text.parameter.fail(error.what());
  }
}

std::shared_ptr<const ParameterValues> open_values(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::boolean:
      return std::make_shared<const detail::OpenValues<bool>>();
    case Value::Kind::text:
      return std::make_shared<const detail::OpenValues<std::string>>();
    case Value::Kind::integer:
      return std::make_shared<const detail::OpenValues<std::int64_t>>();
    default:
      return std::make_shared<const detail::OpenValues<double>>();
  }
}

}  // namespace wheatstone::procedure
