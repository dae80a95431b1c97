#include "plan/nested_search.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>
#include <wheatstone/error.hpp>

#include "plan/user_call.hpp"

namespace wheatstone::plan {

NestedSearch::NestedSearch(std::unique_ptr<Plan> outer, std::vector<std::string> outer_names,
                           std::shared_ptr<AdaptivePlan> search, Source along)
    : outer_(std::move(outer)),
      outer_place_(empty_place(std::move(outer_names))),
      search_(std::move(search)),
      name_(search_->along()),
      given_({std::move(along)}),
      inner_place_(empty_place({name_})) {
  search_->begin({name_});
}

bool NestedSearch::next(Place& place) {
  const std::size_t last = outer_place_.values.size();
  while (!ended_) {
    if (!inside_ && !enter(place)) break;
    const std::optional<Value> proposed = ask(place);
    inside_ = proposed.has_value();
    if (!inside_) continue;
    given_.take(std::span(&*proposed, 1), inner_place_);
    place.values[last] = inner_place_.values[0];
    place.positions[last] = inner_place_.positions[0];
    place.changed = std::exchange(outer_place_.changed, {});
    if (!inner_place_.changed.empty()) place.changed.push_back(last);
    return true;
  }
  ended_ = true;
  return false;
}

/// Moves to the next point of the outer plan.
bool NestedSearch::enter(Place& place) {
  const std::vector<std::size_t> passed_over = std::move(outer_place_.changed);
  outer_place_.changed.clear();
  if (!outer_->next(outer_place_)) return false;
  std::vector<std::size_t> both;
  std::ranges::set_union(passed_over, outer_place_.changed, std::back_inserter(both));
  outer_place_.changed = std::move(both);
  for (const std::size_t k : outer_place_.changed) {
    place.values[k] = outer_place_.values[k];
    place.positions[k] = outer_place_.positions[k];
  }
  search_->begin({name_});
  given_.forget();
  return true;
}

std::optional<Value> NestedSearch::ask(const Place& place) const {
  // Text of the plan and of the place is made only where it fails.
  const std::optional<Row> proposed =
      call_user([&] { return "asking " + search_->description() + " for the next point"; }, place,
                [&] { return search_->ask(); });
  if (!proposed) return std::nullopt;
  const Value* const value = proposed->find(name_);
  if (value != nullptr && proposed->size() == 1) return *value;
  throw MeasurementError(fmt::format(
      "{} varies '{}' and proposed a point with other values than one for that; the others are the session's",
      search_->description(), name_));
}

void NestedSearch::tell(const Place& place, const Row& row) {
  call_user([&] { return "telling " + search_->description() + " the row"; }, place,
            [&] { search_->tell(Point(place), row); });
}

void NestedSearch::restart(std::uint64_t repetition) {
  outer_->restart(repetition);
  outer_place_.changed.clear();
  inside_ = ended_ = false;
}

}  // namespace wheatstone::plan
