#include "session/result_columns.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <wheatstone/error.hpp>

namespace wheatstone::session {

ResultColumns::ResultColumns(storage::RunWriter& writer, std::vector<std::string> taken,
                             std::vector<std::string> acquisitions, std::size_t derived)
    : writer_(writer), acquisitions_(std::move(acquisitions)), derived_(derived), targets_(acquisitions_.size()) {
  for (std::string& name : taken) owner_of_name_.emplace(std::move(name), k_none);
}

void ResultColumns::stage(std::size_t acquisition, const Row& results) {
  std::vector<Target>& targets = targets_[acquisition];
  // A derived column has no name before its inputs are there; it is not late for that.
  const bool is_awaited = is_derived(acquisition) && targets.empty();
  const std::uint32_t group = std::exchange(group_, is_awaited ? k_early : group_);
  std::size_t position = 0;
  for (const Row::Entry& entry : results) {
    Target* target = nullptr;
    if (position < targets.size() && targets[position].key == entry.key) {
      target = &targets[position];
    } else {
      const auto found = std::ranges::find(targets, entry.key, &Target::key);
      if (found != targets.end()) {
        target = &*found;
      } else {
        targets.push_back(make_target(acquisition, entry.key, entry.value));
        target = &targets.back();
      }
    }
    stage_value(acquisition, *target, entry.value);
    ++position;
  }
  group_ = group;
}

void ResultColumns::stage_value(std::size_t acquisition, Target& target, const Value& value) {
  if (const double* number = value.get_if<double>()) {
    if (value.unit() != target.unit) check_unit(target, value);
    writer_.set(target.column, *number);
    if (!std::isnan(value.uncertainty())) {
      if (target.uncertainty_column == k_none) add_uncertainty(acquisition, target, value.unit());
      writer_.set(target.uncertainty_column, value.uncertainty());
    }
    return;
  }
  if (!value.is_null() && value.unit() != target.unit) check_unit(target, value);
  writer_.set(target.column, value);
}

std::size_t ResultColumns::add_text_column(std::string name) {
  return writer_.add_column(
      {.name = std::move(name), .role = storage::ColumnRole::result, .kind = Value::Kind::text, .group = group_});
}

std::string_view ResultColumns::column_of(std::size_t acquisition, std::size_t position, std::string_view key) const {
  const std::vector<Target>& targets = targets_[acquisition];
  if (position < targets.size() && targets[position].key == key) return targets[position].name;
  const auto found = std::ranges::find(targets, key, &Target::key);
  return found != targets.end() ? std::string_view(found->name) : key;
}

void ResultColumns::check_unit(Target& target, const Value& value) {
  if (value.unit().empty()) return;  // a bare number among readings, such as NaN for a failed one
  if (!target.unit.empty()) {
    throw DataError(
        fmt::format("row {}, column '{}': the unit changed from '{}' to '{}'; return values of one unit, or use "
                    "another name for the second",
                    writer_.row_count(), target.name, target.unit.label(), value.unit().label()));
  }
  target.unit = value.unit();
  io::Document units = io::Document::object();
  units["units"][target.name] = value.unit().label();
  writer_.amend(units);
}

void ResultColumns::restore_owners(const io::Document& record) {
  const io::Document* owners = record.find("owners");
  if (owners == nullptr) return;
  for (const auto& [name, owner] : owners->members()) {
    if (const std::string* text = owner.get_if<std::string>()) stored_owners_.emplace(name, *text);
  }
}

/// Which acquisition came first with a name that several use depends on the rows before, which a run that goes on does
/// not see again.
void ResultColumns::keep_owner(const std::string& name, std::size_t acquisition) {
  if (acquisition == k_none) return;  // a parameter's, which is so from the start
  io::Document owners = io::Document::object();
  owners["owners"][name] = acquisitions_[acquisition];
  writer_.amend(owners);
}

std::string ResultColumns::source(std::size_t acquisition) const {
  return fmt::format("{} '{}'", is_derived(acquisition) ? "derived column" : "acquisition", acquisitions_[acquisition]);
}

ResultColumns::Target ResultColumns::make_target(std::size_t acquisition, const std::string& key, const Value& value) {
  if (key.empty()) {
    throw DataError(
        fmt::format("{} returned a result with an empty name; give each result a name", source(acquisition)));
  }
  Target target{.key = key, .name = key, .unit = value.unit()};
  const auto stored_owner = stored_owners_.find(key);
  const bool is_others = stored_owner != stored_owners_.end() && stored_owner->second != acquisitions_[acquisition];
  const auto [place, is_new] =
      is_others ? std::pair(owner_of_name_.end(), false) : owner_of_name_.emplace(key, acquisition);
  if (!is_new) {
    if (!is_others) keep_owner(key, place->second);
    target.name = prefixed(acquisition, key);
  }
  target.column = writer_.add_column(
      {.name = target.name, .role = storage::ColumnRole::result, .unit = value.unit(), .group = group_});
  const bool has_uncertainty = value.kind() == Value::Kind::real && !std::isnan(value.uncertainty());
  if (has_uncertainty) add_uncertainty(acquisition, target, value.unit());
  return target;
}

void ResultColumns::add_uncertainty(std::size_t acquisition, Target& target, Unit unit) {
  std::string name = target.name + "_uncertainty";
  if (!owner_of_name_.emplace(name, acquisition).second) name = prefixed(acquisition, name);
  target.uncertainty_column = writer_.add_column({.name = std::move(name),
                                                  .role = storage::ColumnRole::uncertainty,
                                                  .unit = unit,
                                                  .kind = Value::Kind::real,
                                                  .group = group_});
}

/// The name of a column whose plain one is taken.
std::string ResultColumns::prefixed(std::size_t acquisition, const std::string& name) {
  std::string full = acquisitions_[acquisition] + "." + name;
  if (owner_of_name_.emplace(full, acquisition).second) return full;
  throw DataError(fmt::format("{} returned '{}', but both '{}' and '{}' are taken; rename the result",
                              source(acquisition), name, name, full));
}

}  // namespace wheatstone::session
