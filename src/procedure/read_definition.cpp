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
constexpr std::array<std::string_view, 4> k_later = {"interlocks", "interlock", "tasks", "task"};

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

void read_order(RunOptions& run, const YamlEntry& root) {
  if (const auto order = root.find("order")) {
    constexpr std::array<Order::Kind, 5> k_orders = {Order::grid, Order::zip, Order::snake, Order::random,
                                                     Order::up_down};
    run.order = k_orders[order->choice({"grid", "zip", "snake", "random", "up_down"})];
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
  if (const auto count = root.find("count")) run.count = count_of(*count, 1);
  const bool is_timed = run.duration || run.count;
  for (const char* const key : {"interval", "overrun", "cycle"}) {
    if (root.has(key) && !is_timed) {
      root.at(key).fail(fmt::format("'{}' is for a timed run, which has a 'duration' or a 'count'", key));
    }
  }
  if (const auto overrun = root.find("overrun")) {
    run.overrun = overrun->choice({"skip", "catch_up"}) == 0 ? Overrun::skip : Overrun::catch_up;
  }
  run.cycle = root.boolean_or("cycle", false);
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

void require_use(const Definition& definition, const YamlEntry& root) {
  if (definition.read.empty()) root.fail("there is nothing to measure; 'read:' says what, such as v: dmm.voltage_dc");
  const bool is_timed = definition.run.duration || definition.run.count;
  if (definition.parameters.empty() && !is_timed) {
    root.fail("there is nothing to run over; give 'sweep:' its parameters, or a 'duration' or 'count'");
  }
  for (const char* const key : {"order", "repeat", "constraints", "cycle"}) {
    if (root.has(key) && definition.parameters.empty()) root.at(key).fail(fmt::format("'{}' is for a 'sweep'", key));
  }
}

/// A wait before retries needs some: the file's is for all columns, a column's own for its own.
void require_retries(const Definition& definition, const YamlEntry& root) {
  constexpr std::string_view k_sentence = "'backoff' is the wait before a retry, and there are none; give 'retries'";
  const std::uint32_t all = definition.attempts.retries.value_or(0);
  bool any = all > 0;
  std::size_t k = 0;
  for (const auto& [key, entry] : root.at("read").placed_members()) {
    const AttemptsText& own = definition.read[k++].attempts;
    if (own.backoff && own.retries.value_or(all) == 0) entry.at("backoff").fail(std::string(k_sentence));
    any = any || own.retries.value_or(0) > 0;
  }
  if (definition.attempts.backoff && !any) root.at("backoff").fail(std::string(k_sentence));
}

}  // namespace

Definition read_definition(std::string_view yaml, const std::filesystem::path& file) {
  const std::string origin = file.string();
  profile::Problems problems;
  const YamlEntry root = YamlEntry::parse(yaml, origin, &problems);
  if (!root.is_map()) root.fail("a procedure is a mapping, with 'read:' and 'sweep:' or 'duration:'");
  Definition definition;
  problems.attempt([&] { refuse_later_keys(root); });
  root.allow({"procedure",   "name",    "description", "notes",      "tags",     "bench",      "instruments",
              "simulate",    "seed",    "pace",        "sweep",      "order",    "order_seed", "repeat",
              "constraints", "setup",   "set",         "read",       "derive",   "until",      "samples",
              "retries",     "backoff", "on_error",    "limits",     "teardown", "duration",   "count",
              "interval",    "overrun", "cycle",       "durability", "store"},
             k_later);
  const auto with = [&](const char* key, const auto& take) {
    problems.attempt([&] {
      if (const auto entry = root.find(key)) take(*entry);
    });
  };
  problems.attempt([&] { read_words(definition, root, file); });
  problems.attempt([&] { read_bench_key(definition, root, file); });
  with("sweep", [&](const YamlEntry& entry) { definition.parameters = read_sweep(entry, origin); });
  problems.attempt([&] { read_order(definition.run, root); });
  with("constraints", [&](const YamlEntry& entry) { definition.constraints = read_constraints(entry, origin); });
  with("setup", [&](const YamlEntry& entry) { definition.setup = read_steps(entry, origin); });
  with("set", [&](const YamlEntry& entry) { definition.set = read_set(entry, origin); });
  with("read", [&](const YamlEntry& entry) { definition.read = read_columns(entry, origin); });
  with("derive", [&](const YamlEntry& entry) { definition.derive = read_derive(entry, origin); });
  with("until", [&](const YamlEntry& entry) { definition.until = placed(entry, origin); });
  with("limits", [&](const YamlEntry& entry) { definition.limits = read_limits(entry, origin); });
  with("teardown", [&](const YamlEntry& entry) { definition.teardown = read_steps(entry, origin); });
  problems.attempt([&] { definition.attempts = read_attempts(root, origin); });
  problems.attempt([&] { read_times(definition.run, root, origin); });
  if (problems.empty()) problems.attempt([&] { require_use(definition, root); });
  if (problems.empty() && root.has("read")) problems.attempt([&] { require_retries(definition, root); });
  problems.attempt([&] { require_distinct_columns(definition); });
  problems.raise();
  return definition;
}

}  // namespace wheatstone::procedure
