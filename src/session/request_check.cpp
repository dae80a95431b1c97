#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <wheatstone/error.hpp>
#include <wheatstone/instrument.hpp>

#include "session/engine.hpp"
#include "session/level_hooks.hpp"
#include "session/parallel_stages.hpp"
#include "storage/column.hpp"

namespace wheatstone::session {
namespace {

void check_times(const RunOptions& options) {
  if (options.duration && options.duration->nanoseconds() <= 0) {
    throw ConfigurationError(fmt::format("the duration is {} s; give one above zero", options.duration->seconds()));
  }
  if (options.count && *options.count == 0) throw ConfigurationError("the count is 0; give at least one row");
  if (options.interval && options.interval->nanoseconds() <= 0) {
    throw ConfigurationError(fmt::format("the interval is {} s; give one above zero", options.interval->seconds()));
  }
  if (options.interval && !is_timed(options)) {
    throw ConfigurationError(
        "an interval without a duration or count; say how long the run lasts, run(duration=...), or drop "
        "the interval for a sweep");
  }
  if (options.cycle && !is_timed(options)) {
    throw ConfigurationError(
        "cycle without a duration or count; say how long the run lasts, run(duration=...), or give repeat for a sweep "
        "that is taken several times");
  }
  if (options.overrun == Overrun::catch_up && !is_timed(options)) {
    throw ConfigurationError(
        "overrun without a duration or count; the points of a sweep have no slots to miss, so drop it");
  }
  if (options.grace.nanoseconds() < 0)
    throw ConfigurationError("the grace is negative; give how long tasks may take to end");
}

/// Times of acquisitions are those of a timed run; a run's interval is for those that have none.
void check_acquisition_times(const RunRequest& request) {
  bool any_without = request.acquisitions.empty();
  std::map<const Instrument*, std::string> triggered_by;
  for (const auto& acquisition : request.acquisitions) {
    const AcquisitionOptions& options = acquisition->options();
    any_without = any_without || !(options.interval || options.trigger);
    if ((options.interval || options.trigger) && !is_timed(request.options)) {
      const std::string_view what = options.trigger ? "trigger" : "interval";
      throw ConfigurationError(
          fmt::format("{} of acquisition '{}' without duration or count; say how long the run lasts, "
                      "run(duration=...), or drop the {} for a sweep",
                      what, acquisition->name(), what));
    }
    if (options.trigger.instrument() == nullptr) continue;
    const auto [other, is_new] = triggered_by.emplace(options.trigger.instrument(), acquisition->name());
    if (!is_new) {
      throw ConfigurationError(fmt::format(
          "acquisitions '{}' and '{}' are both called by the service requests of '{}', each of which is served once; "
          "make one acquisition of them",
          other->second, acquisition->name(), other->first->alias()));
    }
  }
  if (request.options.interval && !any_without) {
    throw ConfigurationError(
        "an interval of the run, though every acquisition has an interval or trigger of its own; drop it");
  }
}

void check_parameters(const RunRequest& request) {
  std::set<std::string_view> names;
  for (const ParameterDefinition& parameter : request.parameters) {
    if (!names.insert(parameter.name).second) {
      throw ConfigurationError(fmt::format("parameter '{}' is registered twice; rename one", parameter.name));
    }
    if (parameter.name.starts_with(storage::k_timing_prefix)) {
      throw ConfigurationError(
          fmt::format("parameter '{}' is named as columns of the run's timing are; rename it", parameter.name));
    }
  }
}

void check_order(const RunRequest& request) {
  const RunOptions& options = request.options;
  if (options.repeat == 0) throw ConfigurationError("repeat is 0, which makes no points; give at least 1");
  if (options.order_seed && options.order.kind() != Order::random) {
    throw ConfigurationError(fmt::format("an order_seed draws a random order, and order is '{}'; drop one of them",
                                         name_of(options.order.kind())));
  }
  if (options.order_seed && *options.order_seed > static_cast<std::uint64_t>(INT64_MAX)) {
    throw ConfigurationError(
        fmt::format("the order_seed {} is above 2^63 - 1; give a smaller one", *options.order_seed));
  }
  if (!request.parameters.empty()) return;
  if (options.repeat > 1) throw ConfigurationError("repeat runs a plan again, and there is no parameter; give a count");
  if (!request.constraints.empty()) {
    throw ConfigurationError(
        fmt::format("constraint '{}' has no parameter to look at; register one", request.constraints.front().name));
  }
}

constexpr std::uint64_t k_most_looks = 100;  // of a plan at `ended`: it passes over about 1,000 points between two

/// "constraint 'a' refused 2 and constraint 'b' refused 1".
std::string refusals_text(const std::vector<plan::Constraint>& constraints, const std::vector<std::uint64_t>& refused) {
  std::string text;
  for (std::size_t k = 0; k < refused.size(); ++k) {
    if (refused[k] == 0) continue;
    text += fmt::format("{}constraint '{}' refused {}", text.empty() ? "" : " and ", constraints[k].name, refused[k]);
  }
  return text;
}

/// Looks for a point that all constraints let pass, among about 100,000: a sweep without points is known before
/// anything moves. Streams are not pulled for that.
void check_constraints(const RunRequest& request) {
  if (request.constraints.empty() || request.resumption || request.options.order.kind() == Order::adaptive) return;
  for (const ParameterDefinition& parameter : request.parameters) {
    if (parameter.values->form() == ParameterValues::Form::streamed) return;
  }
  std::vector<std::uint64_t> refused(request.constraints.size());
  RunRequest counted;
  counted.parameters = request.parameters;
  counted.options = request.options;
  counted.options.cycle = false;
  counted.options.repeat = 1;
  for (std::size_t k = 0; k < refused.size(); ++k) {
    const plan::Constraint& constraint = request.constraints[k];
    counted.constraints.push_back({.name = constraint.name, .holds = [&, k](const Point& point) {
                                     const bool holds = constraint.holds(point);
                                     refused[k] += holds ? 0 : 1;
                                     return holds;
                                   }});
  }
  std::uint64_t looks = 0;
  try {
    const auto plan = plan_of(counted, [&looks] { return ++looks >= k_most_looks; });
    std::vector<std::string> names;
    for (const ParameterDefinition& parameter : request.parameters) names.push_back(parameter.name);
    plan::Place place = plan::empty_place(std::move(names));
    if (plan->next(place) || looks >= k_most_looks) return;
  } catch (const MeasurementError&) {
    return;  // what a constraint or a maker of values throws, the run meets again and keeps
  }
  if (std::ranges::all_of(refused, [](std::uint64_t n) { return n == 0; })) return;  // parameters without values
  throw ConfigurationError(fmt::format("no point is left: {}; loosen that, or give the parameters other values",
                                       refusals_text(request.constraints, refused)));
}

}  // namespace

std::unique_ptr<plan::Plan> plan_of(const RunRequest& request, std::function<bool()> ended) {
  plan::PlanRequest wanted{.order = request.options.order,
                           .seed = request.options.order_seed.value_or(0),
                           .repeat = request.options.repeat,
                           .cycle = request.options.cycle && is_timed(request.options),
                           .constraints = request.constraints,
                           .ended = std::move(ended)};
  for (const ParameterDefinition& parameter : request.parameters) {
    wanted.names.push_back(parameter.name);
    wanted.values.push_back(parameter.values);
  }
  return plan::make_plan(wanted);
}

void check(const RunRequest& request) {
  static_cast<void>(LevelHooks(request));  // refuses hooks of parameters that are not there
  check_times(request.options);
  check_parameters(request);
  check_order(request);
  check_acquisition_times(request);
  check_uses(request.acquisitions, request.aliases);
  if (request.acquisitions.empty()) {
    throw ConfigurationError("no acquisition is registered, so there is nothing to measure; register one with acquire");
  }
  if (request.parameters.empty() && !is_timed(request.options)) {
    throw ConfigurationError(
        "neither a parameter to sweep nor a duration; register a parameter, or give run() a duration");
  }
  check_constraints(request);
}

}  // namespace wheatstone::session
