#include "plan/make_plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <wheatstone/error.hpp>

#include "plan/explicit_points.hpp"
#include "plan/grid.hpp"
#include "plan/nested.hpp"
#include "plan/nested_search.hpp"
#include "plan/ordered.hpp"
#include "plan/proposed.hpp"
#include "plan/repeated.hpp"
#include "plan/user_call.hpp"

namespace wheatstone::plan {
namespace {

using Form = ParameterValues::Form;

/// Calls `f` on the values of parameter `k`; what a generator throws there names the parameter.
template <class F>
auto asking(const PlanRequest& request, std::size_t k, F&& f) -> decltype(f(*request.values[k])) {
  try {
    return f(*request.values[k]);
  } catch (const ConfigurationError&) {
    throw;
  } catch (...) {
    throw_failed(fmt::format("making the values of parameter '{}'", request.names[k]), Place{},
                 std::current_exception());
  }
}

std::size_t drained(const PlanRequest& request, std::size_t k) {
  return asking(request, k, [&](const ParameterValues& values) { return drain(values, request.names[k]); });
}

bool has(const PlanRequest& request, std::size_t k, std::size_t i) {
  return asking(request, k, [&](const ParameterValues& values) { return values.has(i); });
}

void require_values(const PlanRequest& request) {
  for (std::size_t k = 0; k < request.values.size(); ++k) {
    const Form form = request.values[k]->form();
    if (form == Form::open) {
      throw ConfigurationError(
          fmt::format("parameter '{}' has no values of its own; give it values, or run with an order that brings them: "
                      "a list of points or an adaptive plan",
                      request.names[k]));
    }
    if (form != Form::dependent && !has(request, k, 0)) {
      throw ConfigurationError(fmt::format("parameter '{}' has no values; give it at least one", request.names[k]));
    }
  }
}

/// The first parameter whose values depend on others; none has them where this is the number of parameters.
std::size_t first_dependent(const PlanRequest& request) {
  return static_cast<std::size_t>(std::ranges::find(request.values, Form::dependent, &ParameterValues::form) -
                                  request.values.begin());
}

void refuse_dependent(const PlanRequest& request) {
  const std::size_t k = first_dependent(request);
  if (k == request.values.size()) return;
  throw ConfigurationError(fmt::format(
      "the values of parameter '{}' depend on other parameters, which order '{}' cannot take; use 'grid' or "
      "'snake'",
      request.names[k], name_of(request.order.kind())));
}

/// Pulls all streams but that of parameter `except` to their ends.
void drain_all(const PlanRequest& request, std::size_t except = static_cast<std::size_t>(-1)) {
  for (std::size_t k = 0; k < request.values.size(); ++k) {
    if (k != except) drained(request, k);
  }
}

std::unique_ptr<Plan> make_grid(const PlanRequest& request) {
  drain_all(request, 0);
  const bool is_streamed = !request.values.empty() && request.values.front()->form() == Form::streamed;
  if (!is_streamed && first_dependent(request) == request.values.size()) return std::make_unique<Grid>(request.values);
  return std::make_unique<Nested>(request.values, Nested::Direction::forth);
}

std::unique_ptr<Plan> make_snake(const PlanRequest& request) {
  drain_all(request);
  if (first_dependent(request) == request.values.size()) return std::make_unique<Snake>(request.values);
  return std::make_unique<Nested>(request.values, Nested::Direction::to_and_fro);
}

/// How many values stand side by side. A stream beside a list gives as many as the list has.
std::size_t zip_count(const PlanRequest& request) {
  const auto listed = std::ranges::find(request.values, Form::listed, &ParameterValues::form);
  if (listed == request.values.end()) drain_all(request);
  const std::size_t count = listed == request.values.end() ? request.values.front()->size() : (*listed)->size();
  bool are_equal = true;
  std::string lengths;
  for (std::size_t k = 0; k < request.values.size(); ++k) {
    const bool has_last = has(request, k, count - 1);
    const bool may_have_more = request.values[k]->form() == Form::streamed && listed != request.values.end();
    are_equal = are_equal && has_last && (may_have_more || request.values[k]->size() == count);
    lengths += fmt::format(
        "{}'{}' has {}", k == 0 ? "" : ", ", request.names[k],
        may_have_more && has_last ? fmt::format("{} or more", count) : std::to_string(request.values[k]->size()));
  }
  if (are_equal) return count;
  throw ConfigurationError("order 'zip' takes values side by side, so that each parameter needs as many: " + lengths);
}

void require_few_enough(const PlanRequest& request) {
  const auto count = grid_size(sizes_of(request.values));
  if (count && *count < (std::uint64_t{1} << 62)) return;
  throw ConfigurationError("order 'random' can draw from fewer than 2^62 points; give the parameters fewer values");
}

bool has_name(const PlanRequest& request, const std::string& name) {
  return std::ranges::find(request.names, name) != request.names.end();
}

/// A search along one of several parameters, which has to be the innermost.
std::unique_ptr<Plan> make_search(const PlanRequest& request) {
  const std::shared_ptr<AdaptivePlan>& search = request.order.plan();
  const std::string along = search->along();
  if (along.empty() || request.names.size() == 1 || !has_name(request, along)) {
    return std::make_unique<Proposed>(search, request.names, request.values);
  }
  if (request.names.back() != along) {
    throw ConfigurationError(fmt::format(
        "{} varies '{}', and parameter '{}' was registered after that; a search is made at each point of the "
        "parameters registered before its own, so register '{}' last",
        search->description(), along, request.names.back(), along));
  }
  PlanRequest outer;
  outer.names.assign(request.names.begin(), request.names.end() - 1);
  outer.values.assign(request.values.begin(), request.values.end() - 1);
  require_values(outer);
  return std::make_unique<NestedSearch>(make_grid(outer), outer.names, search, request.values.back());
}

std::unique_ptr<Plan> make_ordered(const PlanRequest& request) {
  if (request.names.empty()) {
    if (request.order.kind() == Order::grid) return std::make_unique<Grid>(request.values);
    throw ConfigurationError(fmt::format("order '{}' says how parameters vary, and there is none; register one",
                                         name_of(request.order.kind())));
  }
  switch (request.order.kind()) {
    case Order::listed:
      return std::make_unique<ExplicitPoints>(request.order.points(), request.names, request.values);
    case Order::adaptive:
      return make_search(request);
    default:
      require_values(request);
  }
  if (request.order.kind() == Order::grid) return make_grid(request);
  if (request.order.kind() == Order::snake) return make_snake(request);
  refuse_dependent(request);
  if (request.order.kind() == Order::zip) return std::make_unique<Zip>(request.values, zip_count(request));
  drain_all(request);
  if (request.order.kind() == Order::up_down) return std::make_unique<UpDown>(request.values);
  require_few_enough(request);
  return std::make_unique<Shuffled>(request.values, request.seed);
}

void check_adaptive(const PlanRequest& request) {
  if (request.order.kind() != Order::adaptive) return;
  if (request.order.plan() == nullptr) throw ConfigurationError("the adaptive plan is null; give one");
  if (request.repeat > 1 || request.cycle) {
    throw ConfigurationError(fmt::format(
        "an adaptive plan decides itself how often a point is taken, so that it cannot be run {}; drop that",
        request.cycle ? "again and again (cycle)" : fmt::format("{} times (repeat)", request.repeat)));
  }
}

}  // namespace

std::unique_ptr<Plan> make_plan(const PlanRequest& request) {
  check_adaptive(request);
  std::unique_ptr<Plan> plan = make_ordered(request);
  if (request.repeat > 1 || request.cycle) plan = std::make_unique<Repeated>(std::move(plan), request.repeat);
  if (request.constraints.empty()) return plan;
  return std::make_unique<Constrained>(std::move(plan), request.constraints, request.ended);
}

}  // namespace wheatstone::plan
