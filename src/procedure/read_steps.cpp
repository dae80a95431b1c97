// What a procedure does one thing after the other: setup, teardown, levels, tasks.

#include <fmt/format.h>

#include <algorithm>

#include "procedure/file_reader.hpp"

namespace wheatstone::procedure {

using profile::YamlEntry;

namespace {

StepText read_loop(const YamlEntry& step, std::string_view file) {
  step.allow({"for", "steps"});
  const YamlEntry loop = step.at("for");
  const auto variables = loop.placed_members();
  if (variables.size() != 1)
    loop.fail("one name with its values belongs here: {v: 0:5:0.5}, or {v: 'linspace(0, 5, 11)'} with quotes");
  const auto& [name, values] = variables.front();
  if (values.is_null() || values.is_map()) values.fail("values belong here: a list, or 0:5:0.5 (start:stop:step)");
  StepText made{.kind = StepText::Kind::loop, .variable = placed(name, file), .values = read_values(values, file)};
  require_name(made.variable, "a value");
  made.steps = read_steps(step.at("steps"), file);
  if (made.steps.empty()) step.at("steps").fail("there is one step at least");
  return made;
}

bool waits(const std::vector<StepText>& steps) {
  return std::ranges::any_of(steps, [](const StepText& step) {
    return (step.kind == StepText::Kind::wait && step.wait.nanoseconds() > 0) || waits(step.steps);
  });
}

TaskText read_task(const YamlEntry& name, const YamlEntry& entry, std::string_view file) {
  TaskText task{.name = placed(name, file)};
  require_name(task.name, "a task");
  entry.allow({"setup", "steps", "teardown", "every", "repeat"});
  const auto steps = [&](const char* key) {
    const auto found = entry.find(key);
    return found ? read_steps(*found, file) : std::vector<StepText>();
  };
  task.setup = steps("setup");
  task.steps = read_steps(entry.at("steps"), file);
  task.teardown = steps("teardown");
  task.every = find_pause(entry, "every", file);
  if (const auto repeat = entry.find("repeat")) task.repeat = count_of(*repeat, 1);
  if (!task.repeat && !task.every && !waits(task.steps)) {
    entry.at("steps").fail(
        "steps that are taken again and again need a 'wait' among them, 'every: 100 ms' beside them, "
        "or 'repeat: 1'");
  }
  return task;
}

}  // namespace

std::vector<StepText> read_steps(const YamlEntry& steps, std::string_view file) {
  std::vector<StepText> all;
  for (const YamlEntry& step : steps.items()) {
    if (!step.is_map()) {
      all.push_back({.kind = StepText::Kind::action, .set = {.target = placed(step, file)}});
      continue;
    }
    if (step.has("for")) {
      all.push_back(read_loop(step, file));
      continue;
    }
    for (const auto& [target, value] : step.placed_members()) {
      if (target.text() == "wait") {
        const Duration wait = duration_of(placed(value, file));
        all.push_back({.kind = StepText::Kind::wait, .wait = wait});
      } else {
        all.push_back({.kind = StepText::Kind::set, .set = read_set_point(target, value, file)});
      }
    }
  }
  return all;
}

std::vector<TaskText> read_tasks(const YamlEntry& tasks, std::string_view file) {
  std::vector<TaskText> all;
  for (const auto& [name, entry] : tasks.placed_members()) all.push_back(read_task(name, entry, file));
  return all;
}

std::vector<LevelText> read_levels(const YamlEntry& levels, bool before, std::string_view file) {
  std::vector<LevelText> all;
  for (const auto& [parameter, steps] : levels.placed_members()) {
    all.push_back({.before = before, .parameter = placed(parameter, file), .steps = read_steps(steps, file)});
  }
  return all;
}

}  // namespace wheatstone::procedure
