#include "plan/nested.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <wheatstone/error.hpp>

#include "plan/grid.hpp"
#include "plan/user_call.hpp"

namespace wheatstone::plan {
namespace {

constexpr std::size_t k_most_drained = 10'000'000;

auto values_named(const Place& place, std::size_t level) {
  return [&place, level] { return fmt::format("making the values of parameter '{}'", place.names[level]); };
}

}  // namespace

std::size_t drain(const ParameterValues& values, const std::string& name) {
  if (values.form() != ParameterValues::Form::streamed) return values.size();
  while (values.has(values.size())) {
    if (values.size() < k_most_drained) continue;
    throw ConfigurationError(fmt::format(
        "parameter '{}' gave {} values and has more, but its values have to be known to the last here; give "
        "it fewer, or make it the first parameter of a grid, which may be endless",
        name, values.size()));
  }
  return values.size();
}

Nested::Nested(std::vector<Source> values, Direction direction) : direction_(direction) {
  for (Source& each : values) levels_.push_back({.values = std::move(each), .current = nullptr});
}

std::optional<std::uint64_t> Nested::size() const {
  std::vector<std::size_t> sizes;
  for (const Level& level : levels_) {
    if (level.values->form() != ParameterValues::Form::listed) return std::nullopt;
    sizes.push_back(level.values->size());
  }
  return grid_size(sizes);
}

bool Nested::next(Place& place) {
  if (state_ == State::ended) return false;
  bool entering = state_ == State::before_first;
  std::size_t level = entering ? 0 : levels_.size() - 1;
  std::size_t lowest = level;
  state_ = State::between;
  while (true) {
    if (entering ? enter(level, place) : step(level, place)) {
      if (level + 1 == levels_.size()) break;
      ++level;
      entering = true;
    } else if (level > 0) {
      --level;
      lowest = std::min(lowest, level);
      entering = false;
    } else {
      state_ = State::ended;
      return false;
    }
  }
  note_changes(lowest, place);
  return true;
}

bool Nested::enter(std::size_t level, Place& place) {
  Level& here = levels_[level];
  for (std::size_t k = level; k < levels_.size(); ++k) place.values[k] = Value();  // not known at this turn yet
  here.current = here.values;
  if (here.values->form() == ParameterValues::Form::dependent) {
    here.current = call_user(values_named(place, level), place, [&] { return here.values->at(Point(place)); });
  }
  const bool backwards = here.backwards;
  if (direction_ == Direction::to_and_fro) here.backwards = !here.backwards;
  if (!backwards) return take(level, 0, place);
  const std::size_t count =
      call_user(values_named(place, level), place, [&] { return drain(*here.current, place.names[level]); });
  return count > 0 && take(level, count - 1, place);
}

bool Nested::step(std::size_t level, Place& place) {
  // The direction of this turn: `backwards` is already that of the next.
  const bool backwards = direction_ == Direction::to_and_fro && !levels_[level].backwards;
  if (!backwards) return take(level, place.positions[level] + 1, place);
  return place.positions[level] > 0 && take(level, place.positions[level] - 1, place);
}

bool Nested::take(std::size_t level, std::size_t position, Place& place) {
  const ParameterValues& values = *levels_[level].current;
  const bool is_there = call_user(values_named(place, level), place, [&] { return values.has(position); });
  if (!is_there) return false;
  values.get(position, place.values[level]);
  place.positions[level] = position;
  return true;
}

void Nested::note_changes(std::size_t lowest, Place& place) {
  place.changed.clear();
  for (std::size_t k = all_new_ ? 0 : lowest; k < levels_.size(); ++k) {
    if (!all_new_ && levels_[k].taken.identical(place.values[k])) continue;
    levels_[k].taken = place.values[k];
    place.changed.push_back(k);
  }
  all_new_ = false;
}

void Nested::skip(std::uint64_t count, Place& place) {
  Plan::skip(count, place);
  all_new_ = true;
}

void Nested::restart(std::uint64_t /*repetition*/) {
  for (Level& level : levels_) level.backwards = false;
  state_ = State::before_first;
  all_new_ = true;
}

}  // namespace wheatstone::plan
