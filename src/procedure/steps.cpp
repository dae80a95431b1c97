#include "procedure/steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "plan/text.hpp"
#include "procedure/row_values.hpp"
#include "procedure/sweep_values.hpp"

namespace wheatstone::procedure {

using expression::Variable;

namespace {

constexpr std::size_t k_most_rehearsed = 10'000;  // values of a loop; its last one too

/// Of a loop's variable: what a value is as a number.
double number_of(const Value& value) { return as_number(value).value_or(std::numeric_limits<double>::quiet_NaN()); }

}  // namespace

Steps::Steps(const std::vector<StepText>& texts, const TargetBinder& binder, std::span<const Variable> parameters)
    : parameters_(parameters.size()) {
  for (const StepText& text : texts) {
    switch (text.kind) {
      case StepText::Kind::wait:
        steps_.emplace_back(Wait{&binder.session(), text.wait});
        break;
      case StepText::Kind::action:
        steps_.emplace_back(binder.action(text.set.target));
        break;
      case StepText::Kind::set:
        steps_.emplace_back(std::make_shared<const SetPoint>(text.set, binder, parameters));
        break;
      case StepText::Kind::loop:
        steps_.emplace_back(loop_of(text, binder, parameters));
        break;
    }
  }
}

Steps::Loop Steps::loop_of(const StepText& text, const TargetBinder& binder,
                           std::span<const Variable> variables) const {
  const auto is_taken = [&](const Variable& other) { return other.name == text.variable.text; };
  if (std::ranges::any_of(variables, is_taken)) {
    text.variable.fail(fmt::format("'{}' has a value here already; choose another name", text.variable.text));
  }
  const SweepValues values = sweep_values(text.values, std::nullopt);
  std::vector<Variable> known(variables.begin(), variables.end());
  known.push_back({text.variable.text, values.unit, variable_kind(values.kind)});
  return {text.variable, values.values, std::make_shared<const Steps>(text.steps, binder, known)};
}

Steps::Values Steps::values_of(const Point::Data* point) const {
  Values values;
  if (point == nullptr || parameters_ == 0) return values;
  values.values = point->values;
  write_numbers(*point, values.numbers);
  values.values.resize(parameters_);
  values.numbers.resize(parameters_);
  return values;
}

bool Steps::take(const Point* point, Cut cut) const {
  Values values = values_of(point == nullptr ? nullptr : &point->data());
  return take(values, cut);
}

bool Steps::take(Values& values, Cut cut) const {
  for (const Step& step : steps_) {
    if (const auto* set = std::get_if<std::shared_ptr<const SetPoint>>(&step)) {
      (*set)->send(values.values, values.numbers);
    } else if (const auto* action = std::get_if<TargetAction>(&step)) {
      action->act();
    } else if (const auto* wait = std::get_if<Wait>(&step)) {
      if (!wait->session->sleep(wait->time) && cut == Cut::ends) return false;
    } else if (!take(std::get<Loop>(step), values, cut)) {
      return false;
    }
  }
  return true;
}

bool Steps::take(const Loop& loop, Values& values, Cut cut) const {
  const std::size_t place = values.values.size();
  values.values.emplace_back();
  values.numbers.push_back(0);
  bool went_on = true;
  for (std::size_t i = 0; went_on && i < loop.values->size(); ++i) {
    loop.values->get(i, values.values[place]);
    values.numbers[place] = number_of(values.values[place]);
    went_on = loop.steps->take(values, cut);
  }
  values.values.pop_back();
  values.numbers.pop_back();
  return went_on;
}

void Steps::rehearse(Rehearsals& rehearsals, const Point::Data* point) const {
  Values values = values_of(point);
  rehearse(rehearsals, values);
}

void Steps::rehearse(Rehearsals& rehearsals, Values& values) const {
  for (const Step& step : steps_) {
    if (const auto* set = std::get_if<std::shared_ptr<const SetPoint>>(&step)) {
      const SetPoint& point = **set;
      const auto refused_at = [&] {
        return fmt::format("{}: {}", point.value_place().where(), point.uses().empty() ? "" : values.place);
      };
      rehearsals.take(point.instrument(), refused_at, [&] { point.send(values.values, values.numbers); });
    } else if (const auto* action = std::get_if<TargetAction>(&step)) {
      rehearsals.forget(*action->instrument);
    } else if (const auto* loop = std::get_if<Loop>(&step)) {
      rehearse(*loop, rehearsals, values);
    }
  }
}

void Steps::rehearse(const Loop& loop, Rehearsals& rehearsals, Values& values) const {
  const std::size_t place = values.values.size();
  const std::size_t count = loop.values->size();
  values.values.emplace_back();
  values.numbers.push_back(0);
  const std::string outside = values.place;
  for (std::size_t i = 0; i < count; i = i + 1 >= k_most_rehearsed && i + 1 < count ? count - 1 : i + 1) {
    loop.values->get(i, values.values[place]);
    values.numbers[place] = number_of(values.values[place]);
    values.place = fmt::format("{}at {} = {}, ", outside, loop.variable.text, plan::text_of(values.values[place]));
    loop.steps->rehearse(rehearsals, values);
  }
  values.place = outside;
  values.values.pop_back();
  values.numbers.pop_back();
}

}  // namespace wheatstone::procedure
