#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <wheatstone/error.hpp>

#include "procedure/file_reader.hpp"

namespace wheatstone::procedure {

using profile::YamlEntry;

namespace {

constexpr double k_version = 1;

// Of later versions: read and ignored, they would deceive.
constexpr std::array<std::string_view, 2> k_later = {"interlocks", "interlock"};

void refuse_later_keys(const YamlEntry& root) {
  for (const auto& [key, entry] : root.placed_members()) {
    if (std::ranges::find(k_later, key.text()) == k_later.end()) continue;
    key.attempt([&, &name = key] {
      name.fail(fmt::format("the key '{}' is not supported by this version; take it out", name.text()));
    });
  }
  if (const auto version = root.find("procedure"); version && version->number() != k_version) {
    version->fail(
        fmt::format("this is version {} of the format, and this program reads version {}", version->text(), k_version));
  }
}

void read_bench_key(Definition& definition, const YamlEntry& root, const std::filesystem::path& file) {
  const auto bench = root.find("bench");
  const auto instruments = root.find("instruments");
  if (bench && instruments) instruments->fail("'bench' says it already");
  if (bench && bench->is_map()) {
    definition.bench = bench::read_bench(*bench, file);
  } else if (bench) {
    definition.bench_path = placed(*bench, file.string());
  } else if (instruments) {
    definition.bench = bench::read_instruments(root, file);
    if (definition.bench->entries.empty()) instruments->fail("there is one instrument at least");
  }
  if (instruments) return;
  for (const char* const key : {"simulate", "seed", "pace"}) {
    if (root.has(key)) root.at(key).fail(fmt::format("'{}' stands beside 'instruments', or in the bench's file", key));
  }
}

void read_words(Definition& definition, const YamlEntry& root, const std::filesystem::path& file) {
  definition.name = root.text_or("name", file.stem().string());
  if (definition.name.empty()) root.at("name").fail("a name belongs here");
  definition.description = root.text_or("description", "");
  definition.notes = root.text_or("notes", "");
  if (const auto tags = root.find("tags")) definition.tags = tags->texts();
  definition.store = root.text_or("store", "");
}

void read_order(Definition& definition, const YamlEntry& root, std::string_view file) {
  RunOptions& run = definition.run;
  const auto order = root.find("order");
  if (order && order->is_map()) {
    definition.adaptive = read_adaptive(*order, file);
  } else if (order) {
    constexpr std::array<Order::Kind, 5> k_orders = {Order::grid, Order::zip, Order::snake, Order::random,
                                                     Order::up_down};
    run.order = k_orders[order->choice({"grid", "zip", "snake", "random", "up_down"})];
  }
  if (const auto points = root.find("points")) {
    if (order) order->fail("'points' come in the order in which they stand; take 'order' out");
    definition.points = read_points(*points, definition.parameters, file);
  }
  if (const auto seed = root.find("order_seed")) {
    if (run.order.kind() != Order::random) seed->fail("'order_seed' is for 'order: random'");
    run.order_seed = count_of(*seed, 0);
  }
  if (const auto repeat = root.find("repeat")) run.repeat = count_of(*repeat, 1);
}

void read_times(RunOptions& run, const YamlEntry& root, std::string_view file) {
  const auto time = [&](const char* key) -> std::optional<Duration> {
    const auto found = root.find(key);
    if (!found) return std::nullopt;
    const Duration read = duration_of(placed(*found, file));
    if (read.nanoseconds() == 0) found->fail("a time above zero belongs here");
    return read;
  };
  run.duration = time("duration");
  run.interval = time("interval");
  if (const auto grace = time("grace")) run.grace = *grace;
  if (const auto count = root.find("count")) run.count = count_of(*count, 1);
  const bool is_timed = run.duration || run.count;
  for (const char* const key : {"interval", "overrun", "cycle", "precise"}) {
    if (root.has(key) && !is_timed) {
      root.at(key).fail(fmt::format("'{}' is for a timed run, which has a 'duration' or a 'count'", key));
    }
  }
  if (const auto overrun = root.find("overrun")) {
    run.overrun = overrun->choice({"skip", "catch_up"}) == 0 ? Overrun::skip : Overrun::catch_up;
  }
  run.cycle = root.boolean_or("cycle", false);
  if (const auto precise = root.find("precise")) run.precise = precise->boolean();
  run.parallel = root.boolean_or("parallel", false);
  if (const auto durability = root.find("durability")) {
    run.durability = durability->choice({"second", "row"}) == 0 ? RowDurability::second : RowDurability::row;
  }
}

/// Columns and parameters are one table.
void require_distinct_columns(const Definition& definition) {
  std::vector<std::string> taken = {"timestamp"};
  const auto take = [&](const PlacedText& name, std::string_view what) {
    if (std::ranges::find(taken, name.text) != taken.end()) {
      name.fail(fmt::format("{} '{}': the table has a column of that name already", what, name.text));
    }
    taken.push_back(name.text);
  };
  for (const ParameterText& parameter : definition.parameters) take(parameter.name, "parameter");
  for (const ReadText& column : definition.read) take(column.column, "column");
  for (const DeriveText& column : definition.derive) take(column.column, "column");
}

std::vector<PlacedText> read_constraints(const YamlEntry& entry, std::string_view file) {
  if (!entry.is_list()) return {placed(entry, file)};
  std::vector<PlacedText> all;
  for (const YamlEntry& item : entry.items()) all.push_back(placed(item, file));
  return all;
}

/// What brings values: a parameter's own, the points, or an adaptive order.
void require_values(const Definition& definition) {
  for (const ParameterText& parameter : definition.parameters) {
    const bool is_searched = definition.adaptive && definition.adaptive->parameter.text == parameter.name.text;
    if (parameter.values && definition.points) {
      parameter.values->place().fail(fmt::format("'points' bring the values of '{}'", parameter.name.text));
    }
    if (parameter.values && is_searched) {
      parameter.values->place().fail(fmt::format("the order brings the values of '{}'", parameter.name.text));
    }
    if (!parameter.values && !definition.points && !is_searched) {
      parameter.name.fail(fmt::format(
          "'{}' has no values; give a list, 0:5:0.1 (start:stop:step) or linspace(0, 5, 11)", parameter.name.text));
    }
  }
}

/// Parameters that stand in 'points' or 'order' alone.
void add_parameters(Definition& definition) {
  const auto add = [&](const PlacedText& name) {
    const auto named = [](const ParameterText& parameter) { return parameter.name.text; };
    const auto found = std::ranges::find(definition.parameters, name.text, named);
    if (found == definition.parameters.end()) {
      definition.parameters.push_back({.name = name});
    } else if (definition.adaptive) {  // it is the innermost
      std::rotate(found, found + 1, definition.parameters.end());
    }
  };
  if (definition.points) {
    for (const PlacedText& name : definition.points->names) add(name);
  }
  if (definition.adaptive) add(definition.adaptive->parameter);
}

void require_use(const Definition& definition, const YamlEntry& root) {
  if (definition.read.empty()) root.fail("there is nothing to measure; 'read:' says what, such as v: dmm.voltage_dc");
  if (definition.parameters.empty() && !definition.is_timed()) {
    root.fail("there is nothing to run over; give 'sweep:' its parameters, or a 'duration' or 'count'");
  }
  for (const char* const key : {"order", "repeat", "constraints", "cycle", "before", "after", "allow_long"}) {
    if (root.has(key) && definition.parameters.empty()) root.at(key).fail(fmt::format("'{}' is for a 'sweep'", key));
  }
}

/// What goes with retries needs some: the file's is for all columns, a column's own for its own.
void require_retries(const Definition& definition, const YamlEntry& root) {
  const std::uint32_t all = definition.attempts.retries.value_or(0);
  for (const char* const key : {"backoff", "retry_on"}) {
    const std::string sentence = fmt::format("'{}' is for retries, and there are none; give 'retries'", key);
    bool any = all > 0;
    std::size_t k = 0;
    for (const auto& [name, entry] : root.at("read").placed_members()) {
      const AttemptsText& own = definition.read[k++].attempts;
      if (entry.is_map() && entry.has(key) && own.retries.value_or(all) == 0) entry.at(key).fail(sentence);
      any = any || own.retries.value_or(0) > 0;
    }
    if (root.has(key) && !any) root.at(key).fail(sentence);
  }
}

/// Text in braces ends at a bracket or a quote, which YAML says in words of its own.
YamlEntry parsed(std::string_view yaml, const std::string& origin, profile::Problems& problems) {
  try {
    return YamlEntry::parse(yaml, origin, &problems);
  } catch (const ConfigurationError& error) {
    constexpr std::string_view k_query = "query(";
    for (std::size_t at = 0; (at = yaml.find(k_query, at)) != std::string_view::npos; ++at) {
      const std::string_view before = yaml.substr(0, at);
      const std::string_view line = before.substr(before.rfind('\n') + 1);
      if (line.find('{') == std::string_view::npos || line.find_first_of("'\"") != std::string_view::npos) continue;
      throw ConfigurationError(
          fmt::format("{}\n{}:{}:{}: in braces a query needs quotes around all of it: {{id: 'dmm.query(\"*IDN?\")'}}",
                      error.what(), origin, std::ranges::count(before, '\n') + 1, line.size() + 1));
    }
    throw;
  }
}

}  // namespace

Definition read_definition(std::string_view yaml, const std::filesystem::path& file) {
  const std::string origin = file.string();
  profile::Problems problems;
  const YamlEntry root = parsed(yaml, origin, problems);
  if (!root.is_map()) root.fail("a procedure is a mapping, with 'read:' and 'sweep:' or 'duration:'");
  Definition definition;
  problems.attempt([&] { refuse_later_keys(root); });
  root.allow(
      {"procedure",    "name",     "description", "notes",      "tags",   "bench",      "instruments", "simulate",
       "seed",         "pace",     "sweep",       "points",     "order",  "order_seed", "repeat",      "constraints",
       "setup",        "set",      "read",        "derive",     "until",  "samples",    "retries",     "backoff",
       "retry_on",     "on_error", "limits",      "teardown",   "before", "after",      "tasks",       "baseline",
       "suspend_when", "parallel", "on_close",    "duration",   "count",  "interval",   "overrun",     "cycle",
       "precise",      "grace",    "durability",  "allow_long", "store"},
      k_later);
  const auto with = [&](const char* key, const auto& take) {
    problems.attempt([&] {
      if (const auto entry = root.find(key)) take(*entry);
    });
  };
  problems.attempt([&] { read_words(definition, root, file); });
  problems.attempt([&] { read_bench_key(definition, root, file); });
  with("sweep", [&](const YamlEntry& entry) { definition.parameters = read_sweep(entry, origin); });
  problems.attempt([&] { read_order(definition, root, origin); });
  with("constraints", [&](const YamlEntry& entry) { definition.constraints = read_constraints(entry, origin); });
  with("setup", [&](const YamlEntry& entry) { definition.setup = read_steps(entry, origin); });
  with("set", [&](const YamlEntry& entry) { definition.set = read_set(entry, origin); });
  with("read", [&](const YamlEntry& entry) { definition.read = read_columns(entry, origin); });
  with("derive", [&](const YamlEntry& entry) { definition.derive = read_derive(entry, origin); });
  with("until", [&](const YamlEntry& entry) { definition.until = placed(entry, origin); });
  with("limits", [&](const YamlEntry& entry) { definition.limits = read_limits(entry, origin); });
  with("teardown", [&](const YamlEntry& entry) { definition.teardown = read_steps(entry, origin); });
  with("before", [&](const YamlEntry& entry) { definition.levels = read_levels(entry, true, origin); });
  with("after", [&](const YamlEntry& entry) {
    for (LevelText& level : read_levels(entry, false, origin)) definition.levels.push_back(std::move(level));
  });
  with("tasks", [&](const YamlEntry& entry) { definition.tasks = read_tasks(entry, origin); });
  with("baseline", [&](const YamlEntry& entry) { definition.baseline = read_columns(entry, origin); });
  with("suspend_when", [&](const YamlEntry& entry) { definition.suspensions = read_suspensions(entry, origin); });
  with("on_close", [&](const YamlEntry& entry) {
    definition.on_close = entry.choice({"off", "leave"}) == 0 ? OnClose::off : OnClose::leave;
  });
  with("allow_long", [&](const YamlEntry& entry) { definition.allow_long = entry.boolean(); });
  problems.attempt([&] { definition.attempts = read_attempts(root, origin); });
  problems.attempt([&] { read_times(definition.run, root, origin); });
  if (problems.empty()) problems.attempt([&] { require_values(definition); });
  add_parameters(definition);
  if (problems.empty()) problems.attempt([&] { require_use(definition, root); });
  if (problems.empty() && root.has("read")) problems.attempt([&] { require_retries(definition, root); });
  problems.attempt([&] { require_distinct_columns(definition); });
  problems.raise();
  return definition;
}

}  // namespace wheatstone::procedure
