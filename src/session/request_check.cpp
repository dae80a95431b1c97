#include <fmt/core.h>

#include <set>
#include <wheatstone/error.hpp>

#include "session/engine.hpp"

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
  if (options.grace.nanoseconds() < 0)
    throw ConfigurationError("the grace is negative; give how long tasks may take to end");
}

void check_parameters(const RunRequest& request) {
  std::set<std::string_view> names;
  for (const ParameterDefinition& parameter : request.parameters) {
    if (parameter.values->size() == 0) {
      throw ConfigurationError(fmt::format("parameter '{}' has no values; give it at least one", parameter.name));
    }
    if (!names.insert(parameter.name).second) {
      throw ConfigurationError(fmt::format("parameter '{}' is registered twice; rename one", parameter.name));
    }
  }
}

}  // namespace

void check(const RunRequest& request) {
  check_times(request.options);
  check_parameters(request);
  if (request.acquisitions.empty()) {
    throw ConfigurationError("no acquisition is registered, so there is nothing to measure; register one with acquire");
  }
  if (request.parameters.empty() && !is_timed(request.options)) {
    throw ConfigurationError(
        "neither a parameter to sweep nor a duration; register a parameter, or give run() a duration");
  }
}

}  // namespace wheatstone::session
