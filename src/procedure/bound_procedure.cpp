#include "procedure/bound_procedure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <wheatstone/binding.hpp>

#include "base/text.hpp"
#include "procedure/bound_order.hpp"
#include "procedure/bound_task.hpp"
#include "procedure/column_groups.hpp"
#include "procedure/conditions.hpp"
#include "procedure/point_check.hpp"
#include "session/session_state.hpp"

namespace wheatstone::procedure {

using expression::Variable;

namespace {

/// An end of a limit, in the unit that the quantity is set in.
std::optional<double> end_of(const std::optional<PlacedText>& text, const SetTarget& target) {
  if (!text) return std::nullopt;
  try {
    const expression::Expression read = expression::Expression::parse(text->text, {});
    const auto unit = expression::find_unit(target.unit);
    if (read.is_condition() || (unit && !target.unit.empty() && !read.fits(unit->dimension))) {
      text->fail(fmt::format("a value in {} belongs here", target.unit));
    }
    return read.evaluate({});
  } catch (const expression::ParseError& error) {
    text->fail(error);
  }
}

/// What columns say of their meter, such as nplc: set once, after the setup.
std::vector<StepText> meter_steps(const Definition& definition) {
  std::vector<StepText> steps;
  std::vector<const ReadText*> columns;
  for (const ReadText& column : definition.read) columns.push_back(&column);
  for (const ReadText& column : definition.baseline) columns.push_back(&column);
  for (const ReadText* const column : columns) {
    for (const MeterText& meter : column->meter) {
      SetText text{.target = column->source, .value = meter.value};
      text.target.text += "." + meter.setting;
      const auto same =
          std::ranges::find(steps, text.target.text, [](const StepText& step) { return step.set.target.text; });
      if (same == steps.end()) {
        steps.push_back({.kind = StepText::Kind::set, .set = std::move(text)});
      } else if (same->set.value.text != text.value.text) {
        meter.value.fail(fmt::format("'{}' is set to {} already, for all columns that read it", text.target.text,
                                     same->set.value.text));
      }
    }
  }
  return steps;
}

}  // namespace

Bound bind(const Definition& definition, MeasurementSession& session, const Watch& watch, const PreviewOptions& shown) {
  return Binder(definition, session, watch).bind(shown);
}

Binder::Binder(const Definition& definition, MeasurementSession& session, const Watch& watch)
    : definition_(definition), session_(session), watch_(watch), targets_(session) {}

Bound Binder::bind(const PreviewOptions& shown) {
  take_parameters();
  take_limits();
  take_set_points();
  name_units();
  register_parameters();
  register_constraints();
  register_setup();
  register_levels();
  register_set_points();
  register_columns();
  register_derived();
  register_tasks();
  register_suspensions();
  register_teardown();
  Bound bound{.options = run_options()};
  Rehearsals rehearsals(session_);
  setup_.rehearse(rehearsals);
  bound.preview = session_.preview(bound.options, shown);  // meters are set, so that their times are known
  rehearse(bound.options, rehearsals);
  return bound;
}

void Binder::take_parameters() {
  if (definition_.points) point_values_ = point_values(definition_);
  if (definition_.adaptive) adaptive_ = adaptive_values(definition_);
  for (std::size_t k = 0; k < definition_.parameters.size(); ++k) {
    const ParameterText& parameter = definition_.parameters[k];
    SweepValues values;
    if (parameter.values) {
      values = sweep_values(*parameter.values, parameter.unit);
    } else {
      values = definition_.points ? point_values_[k] : *adaptive_;
      if (definition_.adaptive) values.kind = Value::Kind::real;
      values.values = open_values(values.kind);
    }
    variables_.push_back({parameter.name.text, values.unit, variable_kind(values.kind)});
    values_.push_back(std::move(values));
  }
}

void Binder::take_limits() {
  for (const LimitText& limit : definition_.limits) {
    const SetTarget target = targets_.set(limit.target);
    targets_.limit(limit.target, end_of(limit.minimum, target), end_of(limit.maximum, target));
  }
}

void Binder::take_set_points() {
  for (const SetText& text : definition_.set) {
    set_points_->add(SetPoint(text, targets_, variables_));
    for (std::size_t k = 0; k < values_.size(); ++k) {
      const SweepValues& values = definition_.points ? point_values_[k] : values_[k];
      set_points_->all().back().require_words(k, *values.values);
    }
  }
}

/// A parameter that goes to a set-point as it is has the set-point's unit.
void Binder::name_units() {
  for (const SetPoint& point : set_points_->all()) {
    const auto alone = point.parameter_alone();
    if (!alone) continue;
    Variable& parameter = variables_[*alone];
    if (parameter.kind == Variable::Kind::number && parameter.unit.empty()) parameter.unit = point.unit();
  }
}

Settle Binder::settle_of(const ParameterText& parameter) const {
  const SettleText& settle = parameter.settle;
  if (!settle.band) return settle.time;
  const std::string_view text = settle.band->text;
  const bool is_relative = text.ends_with('%');
  try {
    const auto band = expression::parse_quantity(is_relative ? text.substr(0, text.size() - 1) : text);
    std::string unit = is_relative ? "%" : band.dimension.label();
    return {settle.time, stable(band.value, unit, settle.options)};
  } catch (const expression::ParseError& error) {
    settle.band->fail(error);
  } catch (const ConfigurationError& error) {
    settle.band->fail(error.what());
  }
}

void Binder::register_parameters() {
  for (std::size_t k = 0; k < variables_.size(); ++k) {
    const ParameterText& text = definition_.parameters[k];
    try {
      session_.add_parameter(variables_[k].name, values_[k].values,
                             {.unit = variables_[k].unit, .notes = text.notes, .settle = settle_of(text)});
    } catch (const ConfigurationError& error) {
      if (std::string_view(error.what()).starts_with(text.name.file)) throw;
      text.name.fail(error.what());
    }
  }
}

void Binder::register_constraints() {
  for (const PlacedText& text : definition_.constraints) {
    auto condition = std::make_shared<const expression::Expression>(condition_of(text, variables_));
    auto values = std::make_shared<RowValues>(variables_, variables_.size(), condition->uses());
    session_.constrain(text.text, [condition, values](const Point& point) {
      const auto numbers = values->of(point);
      return numbers && condition->evaluate(*numbers) != 0;
    });
  }
}

void Binder::register_setup() {
  std::vector<StepText> texts = definition_.setup;
  for (StepText& step : meter_steps(definition_)) texts.push_back(std::move(step));
  setup_ = Steps(texts, targets_);
  if (setup_.empty()) return;
  binding::add_hook(
      session_,
      {.when = binding::Hook::When::before, .name = "setup", .work = [steps = setup_](const Point&) { steps.take(); }});
}

void Binder::register_levels() {
  for (const LevelText& level : definition_.levels) {
    const auto named = [](const ParameterText& parameter) { return parameter.name.text; };
    const auto found = std::ranges::find(definition_.parameters, level.parameter.text, named);
    if (found == definition_.parameters.end()) {
      std::vector<std::string> names;
      for (const ParameterText& parameter : definition_.parameters) names.push_back(parameter.name.text);
      level.parameter.fail(fmt::format("there is no parameter '{}'; there {} {}", level.parameter.text,
                                       names.size() == 1 ? "is" : "are", base::listed(names, "and")));
    }
    const auto known = static_cast<std::size_t>(found - definition_.parameters.begin()) + 1;
    register_hook(level, std::span(variables_).first(known));
  }
}

/// Steps of a level know its parameter and the outer ones.
void Binder::register_hook(const LevelText& level, std::span<const Variable> parameters) {
  others_.emplace_back(level.steps, targets_, parameters);
  binding::add_hook(session_, {.when = level.before ? binding::Hook::When::before : binding::Hook::When::after,
                               .parameter = level.parameter.text,
                               .name = fmt::format("{} {}", level.before ? "before" : "after", level.parameter.text),
                               .work = [steps = others_.back()](const Point& point) { steps.take(&point); }});
}

/// Set-points belong to the innermost level, which is entered anew whenever any parameter changes.
void Binder::register_set_points() {
  if (set_points_->empty()) return;
  binding::Hook hook{.when = binding::Hook::When::before, .name = "set"};
  if (!definition_.parameters.empty()) hook.parameter = definition_.parameters.back().name.text;
  hook.work = [points = set_points_, watch = watch_.point](const Point& point) {
    if (watch) watch(point);
    points->send(point);
  };
  binding::add_hook(session_, std::move(hook));
}

void Binder::register_columns() {
  const ColumnGroups groups(definition_, targets_, watch_.point);
  for (const auto& acquisition : groups.acquisitions()) binding::add_acquisition(session_, acquisition);
  for (const Variable& column : groups.variables()) {
    variables_.push_back(column);
    columns_.push_back(column);
  }
  if (!definition_.baseline.empty()) binding::add_baseline(session_, baseline_of(definition_, targets_));
}

void Binder::register_derived() {
  for (const DeriveText& text : definition_.derive) {
    auto column = std::make_shared<DerivedColumn>(text, variables_, values_.size());
    variables_.push_back(column->variable());
    columns_.push_back(column->variable());
    binding::add_derivation(session_, std::move(column));
  }
}

void Binder::register_tasks() {
  for (const TaskText& text : definition_.tasks) {
    const BoundTask task(text, targets_);
    for (const Steps* const steps : task.all()) others_.push_back(*steps);
    try {
      binding::add_task(session_, task.task());
    } catch (const ConfigurationError& error) {
      text.name.fail(error.what());
    }
  }
}

void Binder::register_suspensions() {
  for (const SuspensionText& text : definition_.suspensions) {
    SuspensionOptions options{.reason = text.reason};
    options.every = text.every.value_or(options.every);
    binding::add_condition(session_, std::make_shared<ReadCondition>(text.condition, targets_), std::move(options));
  }
}

void Binder::register_teardown() {
  const Steps teardown(definition_.teardown, targets_);
  if (teardown.empty() && !watch_.leaving) return;
  others_.push_back(teardown);
  binding::add_hook(session_, {.when = binding::Hook::When::after,
                               .name = "teardown",
                               .work = [teardown, leaving = watch_.leaving](const Point&) {
                                 if (leaving) leaving();
                                 teardown.take();
                               }});
}

std::function<bool(const Row&)> Binder::until() const {
  auto condition = std::make_shared<const expression::Expression>(condition_of(*definition_.until, variables_));
  auto values = std::make_shared<RowValues>(variables_, 0, condition->uses());
  return [condition, values](const Row& row) {
    const auto numbers = values->of(row);
    return numbers && condition->evaluate(*numbers) != 0;
  };
}

RunOptions Binder::run_options() const {
  RunOptions options = definition_.run;
  if (definition_.until) options.until = until();
  if (definition_.points) options.order = order_of_points(definition_, point_values_);
  if (definition_.adaptive) options.order = adaptive_order(*definition_.adaptive, *adaptive_, columns_);
  return options;
}

/// An adaptive order may ask for anything between its ends, which stand for it.
session::RunRequest Binder::rehearsed_request(const RunOptions& options) const {
  session::RunRequest request = session_.state().make_request(options);
  if (!adaptive_) return request;
  std::vector<double> ends(2);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    Value value;
    adaptive_->values->get(i, value);
    ends[i] = as_number(value).value();
  }
  request.parameters.back().values = std::make_shared<const detail::ListedValues<double>>(std::move(ends));
  request.options.order = Order::grid;
  return request;
}

void Binder::rehearse(const RunOptions& options, Rehearsals& rehearsals) const {
  const session::RunRequest request = rehearsed_request(options);
  if (!set_points_->empty()) rehearse_points(*set_points_, request, rehearsals);
  Point::Data first;
  if (!definition_.parameters.empty()) {
    std::vector<std::string> names;
    for (const ParameterText& parameter : definition_.parameters) names.push_back(parameter.name.text);
    first = plan::empty_place(std::move(names));
    if (!session::plan_of(request, {})->next(first)) return;
  }
  for (const Steps& steps : others_) steps.rehearse(rehearsals, &first);
}

}  // namespace wheatstone::procedure
