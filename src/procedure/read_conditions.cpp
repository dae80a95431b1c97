// What holds a run up, what calls a column, and after which errors one is read again.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "procedure/attempts.hpp"
#include "procedure/file_reader.hpp"

namespace wheatstone::procedure {

using profile::YamlEntry;

namespace {

ConditionText read_condition(const YamlEntry& entry, std::string_view file) {
  ConditionText condition{.when = placed(entry.at("when"), file)};
  for (const auto& [name, source] : entry.at("read").placed_members()) {
    condition.read.push_back({.name = placed(name, file), .source = placed(source, file)});
    require_name(condition.read.back().name, "what is read");
  }
  return condition;
}

SuspensionText read_suspension(const YamlEntry& entry, std::string_view file) {
  if (!entry.is_map()) entry.fail("{when: i > 1 A, read: {i: psu.channel(1).current}} belongs here");
  entry.allow({"when", "read", "reason", "every"});
  SuspensionText made{.condition = read_condition(entry, file)};
  made.reason = entry.text_or("reason", made.condition.when.text);
  made.every = find_pause(entry, "every", file);
  return made;
}

}  // namespace

std::vector<SuspensionText> read_suspensions(const YamlEntry& entry, std::string_view file) {
  std::vector<SuspensionText> all;
  if (!entry.is_list()) return {read_suspension(entry, file)};
  for (const YamlEntry& item : entry.items()) all.push_back(read_suspension(item, file));
  return all;
}

TriggerText read_trigger(const YamlEntry& entry, std::string_view file) {
  if (!entry.is_map()) return {.instrument = placed(entry, file)};
  entry.allow({"instrument", "when", "read", "poll"});
  TriggerText trigger{.instrument = find_text(entry, "instrument", file), .poll = find_pause(entry, "poll", file)};
  if (entry.has("when")) trigger.condition = read_condition(entry, file);
  if (trigger.instrument.has_value() == trigger.condition.has_value()) {
    entry.fail("a trigger is an 'instrument' that requests service, or a condition: 'when' and 'read'");
  }
  return trigger;
}

void require_error_name(const YamlEntry& entry, std::string_view name) {
  const std::vector<std::string> known = error_names();
  if (std::ranges::find(known, name) != known.end()) return;
  const auto near = base::nearest(name, known, 1);
  entry.fail(fmt::format(
      "no error is called '{}'; {}", name,
      near.empty() ? "there are " + base::listed(known, "and") : fmt::format("did you mean '{}'?", near.front())));
}

}  // namespace wheatstone::procedure
