#include "plan/constrained.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <wheatstone/error.hpp>

#include "plan/text.hpp"
#include "plan/user_call.hpp"

namespace wheatstone::plan {

constexpr std::uint64_t k_look_up_every = 1024;  // points passed over between looks at whether the run ended

Constrained::Constrained(std::unique_ptr<Plan> plan, std::vector<Constraint> constraints, std::function<bool()> ended)
    : plan_(std::move(plan)), constraints_(std::move(constraints)), ended_(std::move(ended)) {}

bool Constrained::next(Place& place) {
  changed_.clear();
  for (std::uint64_t passed = 1; plan_->next(place); ++passed) {
    const Constraint* refused = refusing(place);
    if (refused == nullptr && passed == 1) return true;
    std::vector<std::size_t> both;
    std::ranges::set_union(changed_, place.changed, std::back_inserter(both));
    changed_ = std::move(both);
    if (refused == nullptr) {
      place.changed = changed_;
      return true;
    }
    if (plan_->adaptive()) {
      throw MeasurementError(
          fmt::format("the adaptive plan proposed {}, which the constraint '{}' refuses; give the "
                      "plan bounds within the constraint",
                      text_of(place), refused->name));
    }
    if (passed % k_look_up_every == 0 && ended_ && ended_()) return false;
  }
  return false;
}

const Constraint* Constrained::refusing(const Place& place) const {
  for (const Constraint& constraint : constraints_) {
    const bool holds = call_user([&] { return "constraint '" + constraint.name + "'"; }, place,
                                 [&] { return constraint.holds(Point(place)); });
    if (!holds) return &constraint;
  }
  return nullptr;
}

void Constrained::skip(std::uint64_t count, Place& place) {
  for (std::uint64_t k = 0; k < count && next(place);) ++k;
  plan_->skip(0, place);  // so that all parameters are new
}

}  // namespace wheatstone::plan
