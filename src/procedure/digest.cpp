#include "procedure/digest.hpp"

#include <fmt/format.h>

#include "base/sha256.hpp"

namespace wheatstone::procedure {
namespace {

void add(std::string& text, std::string_view section, const PlacedText& key, const PlacedText& value) {
  text += fmt::format("{} {}: {}\n", section, key.text, value.text);
}

void add_values(std::string& text, const ValuesText& values) {
  text += values.rule.text;
  for (const PlacedText& value : values.list) text += ", " + value.text;
}

void add_steps(std::string& text, std::string_view section, const std::vector<StepText>& steps) {
  for (const StepText& step : steps) {
    text += fmt::format("{} {}: {} {}\n", section, step.set.target.text, step.set.value.text, step.wait.nanoseconds());
    if (step.kind != StepText::Kind::loop) continue;
    text += fmt::format("for {}: ", step.variable.text);
    add_values(text, step.values);
    text += "\n";
    add_steps(text, section, step.steps);
    text += "end\n";
  }
}

void add_columns(std::string& text, std::string_view section, const std::vector<ReadText>& columns) {
  for (const auto& column : columns) {
    add(text, section, column.column, column.source);
    if (column.unit) add(text, "unit", column.column, *column.unit);
    for (const auto& meter : column.meter) text += fmt::format("{} {}\n", meter.setting, meter.value.text);
  }
}

}  // namespace

std::string digest_of(const Definition& definition) {
  std::string text;
  add_steps(text, "setup", definition.setup);
  for (const auto& set : definition.set) add(text, "set", set.target, set.value);
  add_columns(text, "read", definition.read);
  add_columns(text, "baseline", definition.baseline);
  for (const auto& column : definition.derive) {
    add(text, "derive", column.column, column.expression);
    if (column.unit) add(text, "unit", column.column, *column.unit);
  }
  add_steps(text, "teardown", definition.teardown);
  for (const auto& level : definition.levels) {
    add_steps(text, fmt::format("{} {}", level.before ? "before" : "after", level.parameter.text), level.steps);
  }
  for (const auto& task : definition.tasks) {
    text += fmt::format("task {} {} {}\n", task.name.text, task.every ? task.every->nanoseconds() : 0,
                        task.repeat.value_or(0));
    add_steps(text, "task setup", task.setup);
    add_steps(text, "task steps", task.steps);
    add_steps(text, "task teardown", task.teardown);
  }
  return base::sha256(text);
}

}  // namespace wheatstone::procedure
