#include "runs_filter.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <wheatstone/error.hpp>

#include "instant.hpp"

namespace wheatstone::cli {
namespace {

constexpr std::array k_states = {RunState::preparing, RunState::running,  RunState::paused,
                                 RunState::stopping,  RunState::finished, RunState::stopped,
                                 RunState::failed,    RunState::aborted,  RunState::killed};

template <class T>
std::optional<T> number_in(std::string_view text) {
  T number = {};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Value value_of(std::string_view text) {
  if (const auto whole = number_in<std::int64_t>(text)) return *whole;
  if (const auto real = number_in<double>(text)) return *real;
  if (text == "true" || text == "false") return text == "true";
  return text;
}

double end_of_range(std::string_view typed, std::string_view text) {
  const auto number = number_in<double>(text);
  if (number && !std::isnan(*number)) return *number;
  throw ConfigurationError(
      fmt::format("--param {}: '{}' is no number; a range is name=1..2, name=1.. or name=..2", typed, text));
}

ParameterFilter parameter_of(std::string_view typed) {
  const std::size_t equals = typed.find('=');
  ParameterFilter filter{.name = std::string(typed.substr(0, equals))};
  if (filter.name.empty()) {
    throw ConfigurationError(fmt::format("--param {}: give a name, name=value or name=least..greatest", typed));
  }
  if (equals == std::string_view::npos) return filter;
  const std::string_view value = typed.substr(equals + 1);
  const std::size_t dots = value.find("..");
  if (dots == std::string_view::npos) {
    filter.value = value_of(value);
    return filter;
  }
  if (dots > 0) filter.at_least = end_of_range(typed, value.substr(0, dots));
  if (dots + 2 < value.size()) filter.at_most = end_of_range(typed, value.substr(dots + 2));
  return filter;
}

RunState state_named(std::string_view name) {
  for (const RunState state : k_states) {
    if (name_of(state) == name) return state;
  }
  throw ConfigurationError(fmt::format("there is no state '{}'", name));
}

}  // namespace

void take_filter(Verb& verb, TypedFilter& filter) {
  std::vector<std::string> states;
  for (const RunState state : k_states) states.emplace_back(name_of(state));
  verb.option("--name", filter.name, "Runs whose name has this in it, or fits a pattern with * and ?",
              {.offers = Offer::run_name});
  verb.option("--since", filter.since, "Begun at this time (UTC) or later: 2026-11-23, 'yesterday', 3d",
              {.value = "TIME"});
  verb.option("--until", filter.until, "Begun at this time (UTC) or earlier, a day as a whole", {.value = "TIME"});
  verb.option("--state", filter.states, "In this state", {.value = "STATE", .choices = states});
  verb.option("--instrument", filter.instrument, "With an instrument of this alias, model, serial number or profile",
              {.offers = Offer::profile});
  verb.option("--param", filter.parameters, "That took this value: voltage=1.5, voltage=1..2, or only the name",
              {.value = "NAME=VALUE"});
  verb.option("--tag", filter.tags, "With this tag", {.value = "TAG", .offers = Offer::tag});
}

RunFilter filter_of(const TypedFilter& typed) {
  RunFilter filter{.name = typed.name, .instrument = typed.instrument, .tags = typed.tags};
  if (!typed.since.empty()) filter.from = typed_time(typed.since, wall_now()).begin;
  if (!typed.until.empty()) filter.until = typed_time(typed.until, wall_now()).end;
  for (const std::string& state : typed.states) filter.states.push_back(state_named(state));
  for (const std::string& parameter : typed.parameters) filter.parameters.push_back(parameter_of(parameter));
  return filter;
}

}  // namespace wheatstone::cli
