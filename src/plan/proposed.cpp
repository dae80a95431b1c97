#include "plan/proposed.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <wheatstone/error.hpp>

#include "base/text.hpp"
#include "plan/user_call.hpp"

namespace wheatstone::plan {

Proposed::Proposed(std::shared_ptr<AdaptivePlan> plan, std::vector<std::string> names, std::vector<Source> values)
    : plan_(std::move(plan)), names_(std::move(names)), given_(std::move(values)), point_(names_.size()) {
  plan_->begin(names_);
}

bool Proposed::next(Place& place) {
  if (ended_) return false;
  // Text of the plan and of the place is made only where it fails.
  const std::optional<Row> proposed = call_user(
      [&] { return "asking " + plan_->description() + " for the next point"; }, place, [&] { return plan_->ask(); });
  if (!proposed) {
    ended_ = true;
    return false;
  }
  for (std::size_t k = 0; k < names_.size(); ++k) {
    const Value* value = proposed->find(names_[k]);
    if (value == nullptr) {
      throw MeasurementError(
          fmt::format("{} proposed a point without a value for parameter '{}'; a point needs one for "
                      "each parameter",
                      plan_->description(), names_[k]));
    }
    point_[k] = *value;
  }
  for (const Row::Entry& entry : *proposed) {
    if (std::ranges::find(names_, entry.key) != names_.end()) continue;
    throw MeasurementError(fmt::format("{} proposed a value for '{}', which is no parameter; there {} {}",
                                       plan_->description(), entry.key, names_.size() == 1 ? "is" : "are",
                                       base::listed(names_, "and")));
  }
  given_.take(point_, place);
  return true;
}

void Proposed::tell(const Place& place, const Row& row) {
  call_user([&] { return "telling " + plan_->description() + " the row"; }, place,
            [&] { plan_->tell(Point(place), row); });
}

void Proposed::restart(std::uint64_t /*repetition*/) {
  ended_ = false;
  given_.forget();
  plan_->begin(names_);
}

}  // namespace wheatstone::plan
