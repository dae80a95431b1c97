#include "procedure/bound_procedure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <wheatstone/binding.hpp>

#include "procedure/sweep_values.hpp"
#include "session/session_state.hpp"

namespace wheatstone::procedure {

using expression::Variable;

namespace {

constexpr std::uint64_t k_most_checked = 1'000'000;  // points whose set-points are checked beforehand

Variable::Kind variable_kind(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::boolean:
      return Variable::Kind::boolean;
    case Value::Kind::text:
      return Variable::Kind::text;
    default:
      return Variable::Kind::number;
  }
}

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

}  // namespace

RunOptions bind(const Definition& definition, MeasurementSession& session, const Watch& watch) {
  return Binder(definition, session, watch).bind();
}

Binder::Binder(const Definition& definition, MeasurementSession& session, const Watch& watch)
    : definition_(definition), session_(session), watch_(watch), targets_(session) {}

RunOptions Binder::bind() {
  take_parameters();
  take_limits();
  take_set_points();
  name_units();
  register_parameters();
  register_constraints();
  register_setup();
  register_set_points();
  register_columns();
  register_derived();
  register_teardown();
  RunOptions options = definition_.run;
  if (definition_.until) options.until = until();
  check_points(options);
  return options;
}

void Binder::take_parameters() {
  for (const ParameterText& parameter : definition_.parameters) {
    SweepValues values = sweep_values(parameter.values, parameter.unit);
    values_.push_back(std::move(values.values));
    variables_.push_back({parameter.name.text, values.unit, variable_kind(values.kind)});
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
    for (std::size_t k = 0; k < values_.size(); ++k) set_points_->all().back().require_words(k, *values_[k]);
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
      session_.add_parameter(variables_[k].name, values_[k],
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

std::vector<std::function<void()>> Binder::steps_of(const std::vector<StepText>& steps) const {
  std::vector<std::function<void()>> work;
  for (const StepText& step : steps) {
    switch (step.kind) {
      case StepText::Kind::wait:
        work.emplace_back([&session = session_, time = step.wait] { (void)session.sleep(time); });
        break;
      case StepText::Kind::action:
        work.push_back(targets_.action(step.set.target));
        break;
      case StepText::Kind::set: {
        auto point = std::make_shared<const SetPoint>(step.set, targets_, std::span<const Variable>());
        point->check({});
        work.emplace_back([point] { point->send({}, {}); });
        break;
      }
    }
  }
  return work;
}

/// What columns say of their meter, such as nplc: set once.
std::vector<std::function<void()>> Binder::meter_settings() const {
  std::vector<std::function<void()>> work;
  std::vector<SetText> taken;
  for (const ReadText& column : definition_.read) {
    for (const MeterText& meter : column.meter) {
      SetText text{.target = column.source, .value = meter.value};
      text.target.text += "." + meter.setting;
      const auto same = std::ranges::find(taken, text.target.text, [](const SetText& t) { return t.target.text; });
      if (same != taken.end()) {
        if (same->value.text == text.value.text) continue;
        meter.value.fail(
            fmt::format("'{}' is set to {} already, for all columns that read it", text.target.text, same->value.text));
      }
      taken.push_back(text);
      auto point = std::make_shared<const SetPoint>(text, targets_, std::span<const Variable>());
      work.emplace_back([point] { point->send({}, {}); });
    }
  }
  return work;
}

void Binder::register_setup() {
  auto work = steps_of(definition_.setup);
  for (auto& setting : meter_settings()) work.push_back(std::move(setting));
  if (work.empty()) return;
  binding::add_hook(
      session_, {.when = binding::Hook::When::before, .name = "setup", .work = [work = std::move(work)](const Point&) {
                   for (const auto& step : work) step();
                 }});
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

AttemptsText Binder::attempts_of(const ReadText& column) const {
  const AttemptsText& own = column.attempts;
  const AttemptsText& all = definition_.attempts;
  AttemptsText attempts;
  attempts.samples = own.samples ? own.samples : all.samples;
  attempts.retries = own.retries ? own.retries : all.retries;
  if (attempts.retries.value_or(0) > 0) attempts.backoff = own.backoff ? own.backoff : all.backoff;
  attempts.on_error = own.on_error ? own.on_error : all.on_error;
  attempts.interval = own.interval;
  return attempts;
}

void Binder::add_columns(std::vector<ReadColumn> columns, const AttemptsText& attempts, const std::string& first) {
  AcquisitionOptions options;
  options.samples = attempts.samples.value_or(options.samples);
  options.retries = attempts.retries.value_or(options.retries);
  options.backoff = attempts.backoff.value_or(options.backoff);
  options.on_error = attempts.on_error.value_or(options.on_error);
  options.interval = attempts.interval;
  for (const ReadColumn& column : columns) options.uses.push_back(column.instrument().alias());
  std::string name = groups_ == 0 ? "read" : fmt::format("read {}", groups_ + 1);
  if (options.on_error == OnError::skip) name = first;
  ++groups_;
  binding::add_acquisition(session_, std::make_shared<ReadAcquisition>(std::move(name), std::move(options),
                                                                       std::move(columns), watch_.point));
}

/// Neighbours with the same attempts are read in one go; one that may be skipped is skipped alone.
void Binder::register_columns() {
  std::vector<ReadColumn> group;
  AttemptsText of_group;
  const auto end_group = [&] {
    if (group.empty()) return;
    const std::string first = group.front().name();
    add_columns(std::exchange(group, {}), of_group, first);
  };
  for (const ReadText& text : definition_.read) {
    const AttemptsText attempts = attempts_of(text);
    if (attempts.interval && !definition_.run.duration && !definition_.run.count) {
      text.column.fail("'interval' is for a timed run, which has a 'duration' or a 'count'");
    }
    if (attempts != of_group || attempts.on_error == OnError::skip) end_group();
    of_group = attempts;
    group.emplace_back(text, targets_);
    const Variable column = group.back().variable();
    variables_.push_back(column);
    if (attempts.samples.value_or(1) > 1) variables_.push_back({column.name + "_std", column.unit});
  }
  end_group();
}

void Binder::register_derived() {
  for (const DeriveText& text : definition_.derive) {
    auto column = std::make_shared<DerivedColumn>(text, variables_, values_.size());
    variables_.push_back(column->variable());
    binding::add_derivation(session_, std::move(column));
  }
}

void Binder::register_teardown() {
  auto work = steps_of(definition_.teardown);
  if (work.empty() && !watch_.leaving) return;
  binding::add_hook(session_, {.when = binding::Hook::When::after,
                               .name = "teardown",
                               .work = [work = std::move(work), leaving = watch_.leaving](const Point&) {
                                 if (leaving) leaving();
                                 for (const auto& step : work) step();
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

/// Nothing may move towards a point that would be refused.
void Binder::check_points(const RunOptions& options) {
  if (set_points_->empty()) return;
  if (definition_.parameters.empty()) {
    Point::Data point;
    set_points_->check(point);
    return;
  }
  session::RunRequest request = session_.state().make_request(options);
  if (request.options.order.kind() == Order::random) request.options.order = Order::grid;  // the same points
  request.options.repeat = 1;
  const auto plan = session::plan_of(request, {});
  std::vector<std::string> names;
  for (const ParameterText& parameter : definition_.parameters) names.push_back(parameter.name.text);
  Point::Data point = plan::empty_place(std::move(names));
  for (point.index = 0; point.index < k_most_checked && plan->next(point); ++point.index) set_points_->check(point);
}

}  // namespace wheatstone::procedure
