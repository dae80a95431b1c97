#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <wheatstone/error.hpp>

#include "base/text.hpp"
#include "procedure/file_reader.hpp"

namespace wheatstone::procedure {

using profile::YamlEntry;

PlacedText placed(const YamlEntry& entry, std::string_view file) {
  const YamlEntry::Position place = entry.position();
  return {.text = entry.text(), .file = std::string(file), .line = place.line, .column = place.column};
}

Duration duration_of(const PlacedText& text) {
  try {
    const expression::Quantity time = expression::parse_quantity(text.text);
    if (!time.dimension.is_none() && time.dimension != expression::find_unit("s")->dimension) {
      text.fail(fmt::format("'{}' is no time; write it as 10 ms, 2 s, 5 min or 1 h", text.text));
    }
    if (!(time.value >= 0) || time.value > 9e9) text.fail(fmt::format("'{}' is no time that can be waited", text.text));
    return Duration::from_seconds(time.value);
  } catch (const expression::ParseError& error) {
    text.fail(error);
  }
}

std::uint64_t count_of(const YamlEntry& entry, std::uint64_t least) {
  const double number = entry.number();
  if (number != std::floor(number) || number < static_cast<double>(least) || number > 9e15) {
    entry.fail(fmt::format("a whole number from {} belongs here", least));
  }
  return static_cast<std::uint64_t>(number);
}

std::optional<PlacedText> find_text(const YamlEntry& entry, const char* key, std::string_view file) {
  const auto found = entry.find(key);
  return found ? std::optional(placed(*found, file)) : std::nullopt;
}

std::optional<Duration> find_duration(const YamlEntry& entry, const char* key, std::string_view file) {
  const auto found = entry.find(key);
  return found ? std::optional(duration_of(placed(*found, file))) : std::nullopt;
}

std::optional<Duration> find_pause(const YamlEntry& entry, const char* key, std::string_view file) {
  const auto found = find_duration(entry, key, file);
  if (found && found->nanoseconds() == 0) entry.at(key).fail("a time above zero belongs here");
  return found;
}

ValuesText read_values(const YamlEntry& entry, std::string_view file) {
  ValuesText values;
  values.is_list = entry.is_list();
  if (!values.is_list) {
    values.rule = placed(entry, file);
    return values;
  }
  for (const YamlEntry& item : entry.items()) values.list.push_back(placed(item, file));
  if (values.list.empty()) entry.fail("a list of values has one at least");
  return values;
}

namespace {

SettleText read_settle(const YamlEntry& entry, std::string_view file) {
  if (!entry.is_map()) return {.time = duration_of(placed(entry, file))};
  entry.allow({"time", "band", "over", "limit", "every", "of"});
  SettleText settle;
  settle.time = find_duration(entry, "time", file).value_or(Duration());
  settle.band = find_text(entry, "band", file);
  for (const char* const key : {"over", "limit", "every", "of"}) {
    if (entry.has(key) && !settle.band) entry.at(key).fail(fmt::format("'{}' needs a 'band' to be stable in", key));
  }
  settle.options.over = find_duration(entry, "over", file).value_or(settle.options.over);
  settle.options.limit = find_duration(entry, "limit", file).value_or(settle.options.limit);
  settle.options.every = find_duration(entry, "every", file);
  settle.options.of = entry.text_or("of", "");
  return settle;
}

ParameterText read_parameter(const YamlEntry& key, const YamlEntry& entry, std::string_view file) {
  ParameterText parameter{.name = placed(key, file)};
  if (entry.is_null()) return parameter;
  if (!entry.is_map()) {
    parameter.values = read_values(entry, file);
    return parameter;
  }
  entry.allow({"values", "unit", "notes", "settle"});
  if (const auto values = entry.find("values")) parameter.values = read_values(*values, file);
  parameter.unit = find_text(entry, "unit", file);
  parameter.notes = entry.text_or("notes", "");
  if (const auto settle = entry.find("settle")) parameter.settle = read_settle(*settle, file);
  return parameter;
}

}  // namespace

void require_name(const PlacedText& name, std::string_view what) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto is_fit = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  if (!name.text.empty() && is_letter(name.text.front()) && std::ranges::all_of(name.text, is_fit)) return;
  name.fail(fmt::format("'{}' cannot name {}: letters, digits and '_' only, no digit first", name.text, what));
}

SetText read_set_point(const YamlEntry& target, const YamlEntry& value, std::string_view file) {
  if (value.is_null()) target.fail(fmt::format("'{}' needs a value", target.text()));
  return {.target = placed(target, file), .value = placed(value, file)};
}

std::vector<ParameterText> read_sweep(const YamlEntry& sweep, std::string_view file) {
  std::vector<ParameterText> parameters;
  for (const auto& [key, entry] : sweep.placed_members()) {
    parameters.push_back(read_parameter(key, entry, file));
    require_name(parameters.back().name, "a parameter");
  }
  return parameters;
}

std::vector<SetText> read_set(const YamlEntry& set, std::string_view file) {
  std::vector<SetText> all;
  if (!set.is_list()) {
    for (const auto& [target, value] : set.placed_members()) all.push_back(read_set_point(target, value, file));
    return all;
  }
  // A list may set the same twice, in its order.
  for (const YamlEntry& item : set.items()) {
    for (const auto& [target, value] : item.placed_members()) all.push_back(read_set_point(target, value, file));
  }
  return all;
}

AttemptsText read_attempts(const YamlEntry& entry, std::string_view file) {
  AttemptsText attempts;
  constexpr double k_most = 1e6;
  const auto small = [&](const char* key, std::uint64_t least) -> std::optional<std::uint32_t> {
    const auto found = entry.find(key);
    if (!found) return std::nullopt;
    if (found->number() > k_most) found->fail(fmt::format("{:.0f} are the most", k_most));
    return static_cast<std::uint32_t>(count_of(*found, least));
  };
  attempts.samples = small("samples", 1);
  attempts.retries = small("retries", 0);
  attempts.backoff = find_duration(entry, "backoff", file);
  if (const auto errors = entry.find("retry_on")) {
    attempts.retry_on = errors->texts();
    if (attempts.retry_on.empty()) errors->fail("a list of errors has one at least");
    for (const std::string& error : attempts.retry_on) require_error_name(*errors, error);
  }
  if (const auto on_error = entry.find("on_error")) {
    attempts.on_error = on_error->choice({"fail", "skip"}) == 0 ? OnError::fail : OnError::skip;
  }
  return attempts;
}

std::vector<ReadText> read_columns(const YamlEntry& read, std::string_view file) {
  std::vector<ReadText> columns;
  for (const auto& [key, entry] : read.placed_members()) {
    ReadText column{.column = placed(key, file)};
    require_name(column.column, "a column");
    if (!entry.is_map()) {
      column.source = placed(entry, file);
    } else {
      entry.allow({"from", "unit", "range", "nplc", "aperture", "resolution", "autozero", "samples", "retries",
                   "backoff", "retry_on", "on_error", "interval", "trigger"});
      column.source = placed(entry.at("from"), file);
      column.unit = find_text(entry, "unit", file);
      for (const char* const setting : {"range", "resolution", "nplc", "aperture", "autozero"}) {
        if (auto value = find_text(entry, setting, file)) column.meter.push_back({setting, std::move(*value)});
      }
      column.attempts = read_attempts(entry, file);
      column.attempts.interval = find_pause(entry, "interval", file);
      if (const auto trigger = entry.find("trigger")) column.trigger = read_trigger(*trigger, file);
      if (column.trigger && column.attempts.interval) {
        entry.at("interval").fail("a column that is triggered comes at no interval; take one of the two out");
      }
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<DeriveText> read_derive(const YamlEntry& derive, std::string_view file) {
  std::vector<DeriveText> columns;
  for (const auto& [key, entry] : derive.placed_members()) {
    DeriveText column{.column = placed(key, file)};
    require_name(column.column, "a column");
    if (entry.is_map()) {
      entry.allow({"expression", "unit"});
      column.expression = placed(entry.at("expression"), file);
      column.unit = find_text(entry, "unit", file);
    } else {
      column.expression = placed(entry, file);
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<LimitText> read_limits(const YamlEntry& limits, std::string_view file) {
  constexpr std::array<std::string_view, 6> k_later = {"interlocks", "interlock", "step",
                                                       "max_step",   "slew",      "slew_rate"};
  std::vector<LimitText> all;
  for (const auto& [key, entry] : limits.placed_members()) {
    LimitText limit{.target = placed(key, file)};
    if (std::ranges::find(k_later, limit.target.text) != k_later.end()) {
      key.fail(fmt::format("the key '{}' is not supported by this version; take it out", limit.target.text));
    }
    if (entry.is_list()) {
      const auto ends = entry.items();
      if (ends.size() != 2) entry.fail("a list of two belongs here: the smallest and the largest value");
      limit.minimum = placed(ends[0], file);
      limit.maximum = placed(ends[1], file);
    } else {
      for (const std::string_view later : k_later) {
        if (entry.has(std::string(later).c_str())) {
          entry.at(std::string(later).c_str())
              .fail(fmt::format("the key '{}' is not supported by this version; take it out", later));
        }
      }
      entry.allow({"min", "max"});
      limit.minimum = find_text(entry, "min", file);
      limit.maximum = find_text(entry, "max", file);
      if (!limit.minimum && !limit.maximum) entry.fail("a limit has 'min', 'max' or both");
    }
    all.push_back(std::move(limit));
  }
  return all;
}

}  // namespace wheatstone::procedure
