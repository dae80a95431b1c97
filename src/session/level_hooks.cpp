#include "session/level_hooks.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <wheatstone/error.hpp>

#include "base/text.hpp"
#include "plan/text.hpp"
#include "session/exit_steps.hpp"

namespace wheatstone::session {
namespace {

std::size_t depth_of(const binding::Hook& hook, const RunRequest& request) {
  if (hook.parameter.empty()) return 0;
  const auto found = std::ranges::find(request.parameters, hook.parameter, &ParameterDefinition::name);
  if (found != request.parameters.end()) return 1 + static_cast<std::size_t>(found - request.parameters.begin());
  std::vector<std::string> names;
  for (const ParameterDefinition& parameter : request.parameters) names.push_back(parameter.name);
  throw ConfigurationError(
      fmt::format("'{}' is to be called {} each '{}', which is no parameter of this session{}", hook.name,
                  hook.when == binding::Hook::When::before ? "before" : "after", hook.parameter,
                  names.empty() ? std::string("; register it") : fmt::format("; it has {}", base::listed(names))));
}

/// Throws the first, which is a MeasurementError, with the others attached.
void throw_first(const std::vector<std::exception_ptr>& failures) {
  if (failures.empty()) return;
  try {
    std::rethrow_exception(failures.front());
  } catch (Error& error) {
    for (std::size_t i = 1; i < failures.size(); ++i) error.attach(text_of(failures[i]));
    throw;
  }
}

}  // namespace

LevelHooks::LevelHooks(const RunRequest& request) : depths_(request.parameters.size() + 1) {
  for (const binding::Hook& hook : request.hooks) hooks_.push_back({&hook, depth_of(hook, request)});
}

void LevelHooks::move_to(Point::Data& point) {
  const std::size_t first_new = entered_ == 0 ? k_run : point.changed.empty() ? depths_ : point.changed.front() + 1;
  rows_kept_ = point.index;
  while (entered_ > first_new) throw_first(leave(entered_ - 1));
  inside_ = point;
  while (entered_ < depths_) {
    ++entered_;  // first, so that what was set up before an error is torn down
    enter(entered_ - 1, point);
  }
}

std::vector<std::string> LevelHooks::leave_all(std::uint64_t rows_kept) {
  rows_kept_ = rows_kept;
  std::vector<std::string> failures;
  while (entered_ > 0) {
    for (const std::exception_ptr& failure : leave(entered_ - 1)) failures.push_back(text_of(failure));
  }
  return failures;
}

void LevelHooks::enter(std::size_t depth, const Point::Data& point) {
  for (const Placed& placed : hooks_) {
    if (placed.depth == depth && placed.hook->when == binding::Hook::When::before) call(*placed.hook, point);
  }
}

std::vector<std::exception_ptr> LevelHooks::leave(std::size_t depth) {
  entered_ = depth;
  std::vector<std::exception_ptr> failures;
  for (const Placed& placed : hooks_) {
    if (placed.depth != depth || placed.hook->when != binding::Hook::When::after) continue;
    try {
      call(*placed.hook, *inside_);
    } catch (...) {
      failures.push_back(std::current_exception());
    }
  }
  return failures;
}

void LevelHooks::call(const binding::Hook& hook, const Point::Data& point) const {
  try {
    hook.work(Point(point));
  } catch (const std::exception& cause) {
    std::string level = "the run";
    if (!hook.parameter.empty()) {
      const auto found = std::ranges::find(point.names, hook.parameter);
      level = fmt::format("{} = {}", hook.parameter,
                          plan::text_of(point.values[static_cast<std::size_t>(found - point.names.begin())]));
    }
    MeasurementError error(fmt::format("'{}', called {} {}, failed: {}; rows kept: {}", hook.name,
                                       hook.when == binding::Hook::When::before ? "before" : "after", level,
                                       cause.what(), rows_kept_));
    error.set_cause(std::current_exception());
    throw error;
  }
}

}  // namespace wheatstone::session
