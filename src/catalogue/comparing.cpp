#include "catalogue/comparing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

#include "base/text.hpp"

namespace wheatstone::catalogue {
namespace {

constexpr std::size_t k_longest = 60;  // of a value as a difference shows it
constexpr std::size_t k_shown_values = 5;

std::string shown(const io::Document& value) {
  if (const auto* text = value.get_if<std::string>()) return base::excerpt(*text, k_longest);
  if (const auto* number = value.get_if<double>()) return base::shortest(*number);
  if (!value.is_array()) return value.is_null() ? "none" : value.dump();
  std::string text;
  const std::size_t count = value.items().size();
  for (std::size_t i = 0; i < std::min(count, k_shown_values); ++i)
    text += (i == 0 ? "" : ", ") + shown(value.items()[i]);
  return count > k_shown_values ? text + ", ... (" + std::to_string(count) + ")" : text;
}

/// Of an instrument's settings as a whole, which may be a sentence that says why there are none.
std::string known(const io::Document& settings) { return settings.is_object() ? "there" : shown(settings); }

bool is_alike(const io::Document& a, const io::Document& b) { return a.dump() == b.dump(); }

const io::Document& member(const io::Document& document, std::string_view key) {
  static const io::Document k_none;
  const io::Document* found = document.find(key);
  return found == nullptr ? k_none : *found;
}

/// The keys of two objects, those of the first in their order, then those that only the second has.
std::vector<std::string> keys_of(const io::Document& first, const io::Document& second) {
  std::vector<std::string> keys;
  for (const io::Document::Member& each : first.members()) keys.push_back(each.key);
  for (const io::Document::Member& each : second.members()) {
    if (first.find(each.key) == nullptr) keys.push_back(each.key);
  }
  return keys;
}

/// The first line of a text, which loses it; none at its end.
std::optional<std::string_view> take_line(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

class Differences {
 public:
  explicit Differences(std::string part) : part_(std::move(part)) {}

  /// Goes down into objects; anything else is a difference as a whole.
  void compare(const std::string& what, const io::Document& first, const io::Document& second) {
    if (is_alike(first, second)) return;
    if ((first.is_object() || first.is_null()) && (second.is_object() || second.is_null()) &&
        !(first.is_null() && second.is_null())) {
      for (const std::string& key : keys_of(first, second))
        compare(what.empty() ? key : what + ", " + key, member(first, key), member(second, key));
      return;
    }
    const auto* a = first.get_if<std::string>();
    const auto* b = second.get_if<std::string>();
    if (a != nullptr && b != nullptr && (a->find('\n') != std::string::npos || b->find('\n') != std::string::npos))
      compare_lines(what, *a, *b);
    else
      found.push_back({part_, what, shown(first), shown(second)});
  }

  /// Objects of two lists that have the same name belong together.
  void compare_named(const std::string& noun, std::string_view name, const io::Document& first,
                     const io::Document& second, const std::vector<std::string>& apart_from = {}) {
    const auto named = [&](const io::Document& list) {
      io::Document by_name = io::Document::object();
      for (const io::Document& item : list.items()) {
        io::Document rest = item;
        const std::string key = item.text({name});
        static_cast<void>(rest.take(name));
        for (const std::string& each : apart_from) static_cast<void>(rest.take(each));
        by_name[key] = rest;
      }
      return by_name;
    };
    const io::Document a = named(first);
    const io::Document b = named(second);
    for (const std::string& key : keys_of(a, b)) {
      const std::string what = noun.empty() ? key : noun + " " + key;
      if (a.find(key) == nullptr || b.find(key) == nullptr)
        found.push_back(
            {part_, what, a.find(key) == nullptr ? "none" : "there", b.find(key) == nullptr ? "none" : "there"});
      else
        compare(what, *a.find(key), *b.find(key));
    }
  }

  std::vector<Difference> found = {};

 private:
  /// Shows the first lines that differ.
  void compare_lines(const std::string& what, std::string_view first, std::string_view second) {
    for (std::size_t line = 1;; ++line) {
      const std::optional<std::string_view> a = take_line(first);
      const std::optional<std::string_view> b = take_line(second);
      if (a && a == b) continue;
      const auto text = [](const auto& each) { return each ? base::excerpt(*each, k_longest) : std::string("none"); };
      found.push_back({part_, what + ", line " + std::to_string(line), text(a), text(b)});
      return;
    }
  }

  std::string part_;
};

void append(std::vector<Difference>& all, Differences differences) {
  std::ranges::move(differences.found, std::back_inserter(all));
}

/// Values of a parameter are told by their digest where there is one; shown are the values.
Differences plan_differences(const io::Document& first, const io::Document& second) {
  Differences plan("plan");
  io::Document a = member(first, "plan");
  io::Document b = member(second, "plan");
  for (io::Document* each : {&a, &b}) {
    if (each->is_object()) static_cast<void>(each->take("id"));
  }
  plan.compare("", a, b);
  plan.compare_named("parameter", "name", member(first, "parameters"), member(second, "parameters"), {"values_sha256"});
  plan.compare("acquisitions", member(first, "acquisitions"), member(second, "acquisitions"));
  plan.compare("tasks", member(first, "tasks"), member(second, "tasks"));
  plan.compare("simulation", member(first, "simulation"), member(second, "simulation"));
  plan.compare("bench", member(first, "bench"), member(second, "bench"));
  return plan;
}

/// Settings of one instrument: each a value, or an object of values by channel.
void compare_settings(Differences& settings, const std::string& alias, std::string_view when, const io::Document& first,
                      const io::Document& second) {
  const std::string end = " (" + std::string(when) + ")";
  for (const std::string& name : keys_of(first, second)) {
    const io::Document& a = member(first, name);
    const io::Document& b = member(second, name);
    if (!a.is_object() && !b.is_object()) {
      settings.compare(alias + ", " + name + end, a, b);
      continue;
    }
    for (const std::string& channel : keys_of(a, b))
      settings.compare(alias + ", channel " + channel + ", " + name + end, member(a, channel), member(b, channel));
  }
}

Differences setting_differences(const io::Document& first, const io::Document& second) {
  Differences settings("settings");
  for (const std::string_view when : {"before", "after"}) {
    const io::Document& a = member(member(first, "settings"), when);
    const io::Document& b = member(member(second, "settings"), when);
    for (const std::string& alias : keys_of(a, b)) {
      if (member(a, alias).is_object() && member(b, alias).is_object())
        compare_settings(settings, alias, when, member(a, alias), member(b, alias));
      else if (!is_alike(member(a, alias), member(b, alias)))
        settings.found.push_back(
            {"settings", alias + " (" + std::string(when) + ")", known(member(a, alias)), known(member(b, alias))});
    }
  }
  return settings;
}

Differences outcome_differences(const io::Document& first, const io::Document& second) {
  Differences outcome("outcome");
  for (const std::string_view key : {"error", "attached"})
    outcome.compare(std::string(key), member(first, key), member(second, key));
  return outcome;
}

/// Cells of one column of both runs. Numbers are read as whole columns; where they are not equal, which not-a-number
/// and null never are, the cells tell.
void compare_cells(const Experiment& first, const Experiment& second, ColumnDifference& column, bool is_real) {
  const std::vector<double> ours = is_real ? first.column<double>(column.name) : std::vector<double>();
  const std::vector<double> theirs = is_real ? second.column<double>(column.name) : std::vector<double>();
  for (std::uint64_t row = 0; row < column.compared; ++row) {
    if (is_real && ours[row] == theirs[row]) continue;
    const Value a = first.at(row, column.name);
    const Value b = second.at(row, column.name);
    if (a.identical(b)) continue;
    ++column.different;
    const auto* x = a.get_if<double>();
    const auto* y = b.get_if<double>();
    if (x == nullptr || y == nullptr || std::isnan(*y - *x)) continue;
    if (column.largest && std::abs(*y - *x) <= std::abs(*column.largest)) continue;
    column.largest = *y - *x;
    column.largest_row = row;
  }
}

const Column* column_named(const Experiment& run, std::string_view name) {
  const auto found = std::ranges::find(run.columns(), name, &Column::name);
  return found == run.columns().end() ? nullptr : &*found;
}

}  // namespace

std::vector<Difference> compare_records(const io::Document& first, const io::Document& second) {
  std::vector<Difference> all;
  append(all, plan_differences(first, second));
  Differences instruments("instruments");
  instruments.compare_named("", "alias", member(first, "instruments"), member(second, "instruments"));
  append(all, std::move(instruments));
  append(all, setting_differences(first, second));
  for (const std::string part : {"versions", "script"}) {
    Differences differences(part);
    differences.compare("", member(first, part), member(second, part));
    append(all, std::move(differences));
  }
  Differences host("host");
  for (const std::string_view key : {"name", "system"})
    host.compare(std::string(key), member(member(first, "host"), key), member(member(second, "host"), key));
  append(all, std::move(host));
  append(all, outcome_differences(first, second));
  return all;
}

std::vector<ColumnDifference> compare_rows(const Experiment& first, const Experiment& second) {
  std::vector<ColumnDifference> differing;
  for (const Column& column : first.columns()) {
    if (column.role == "timestamp") continue;
    ColumnDifference difference{.name = column.name, .unit = column.unit};
    const Column* other = column_named(second, column.name);
    if (other == nullptr) {
      difference.trouble = "only the first run has it";
    } else if (other->type != column.type) {
      difference.trouble = "it is " + column.type + " in the first run and " + other->type + " in the second";
    } else if (other->unit != column.unit) {
      difference.trouble = "it is in '" + std::string(column.unit.label()) + "' in the first run and in '" +
                           std::string(other->unit.label()) + "' in the second";
    } else {
      difference.compared = std::min(first.row_count(), second.row_count());
      compare_cells(first, second, difference, column.type == "float64");
    }
    if (!difference.trouble.empty() || difference.different != 0) differing.push_back(std::move(difference));
  }
  for (const Column& column : second.columns()) {
    if (column_named(first, column.name) == nullptr)
      differing.push_back({.name = column.name, .trouble = "only the second run has it", .unit = column.unit});
  }
  return differing;
}

}  // namespace wheatstone::catalogue

namespace wheatstone {
inline namespace v1 {
namespace {

std::string title_of(const RunSummary& run) { return run.name + " (" + run.folder.filename().string() + ")"; }

std::string line_of(const ColumnDifference& column) {
  if (!column.trouble.empty()) return column.name + ": " + column.trouble;
  std::string text =
      column.name + ": " + std::to_string(column.different) + " of " + std::to_string(column.compared) + " rows differ";
  if (!column.largest) return text;
  text += ", most by " + base::shortest(*column.largest);
  if (!column.unit.empty()) text += " " + std::string(column.unit.label());
  return text + " in row " + std::to_string(column.largest_row);
}

}  // namespace

std::string RunComparison::text() const {
  std::string text = "first:  " + title_of(first) + "\nsecond: " + title_of(second);
  if (same()) return text + "\nno difference";
  std::string part;
  for (const Difference& each : differences) {
    if (each.part != part) text += "\n" + each.part;
    part = each.part;
    text += "\n  " + each.what + ": " + each.first + " | " + each.second;
  }
  if (!columns.empty()) text += "\ndata";
  for (const ColumnDifference& column : columns) text += "\n  " + line_of(column);
  return text;
}

}  // namespace v1
}  // namespace wheatstone
