#pragma once
// A plan without the points that a condition refuses.

#include <functional>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace wheatstone::plan {

/// A condition on the parameters of a point, by name for errors.
struct Constraint {
  std::string name;
  std::function<bool(const Point&)> holds;
};

/// Passes over points where a constraint does not hold. Of an adaptive plan, which would wait for the row of such a
/// point in vain, it is an error. How many points are left is not known.
class Constrained final : public Plan {
 public:
  /// `ended`: asked now and then while points are passed over, so that a stop need not wait for the next one that
  /// holds; may be empty.
  Constrained(std::unique_ptr<Plan> plan, std::vector<Constraint> constraints, std::function<bool()> ended);

  [[nodiscard]] std::optional<std::uint64_t> size() const override { return std::nullopt; }
  bool next(Place& place) override;
  void skip(std::uint64_t count, Place& place) override;
  void restart(std::uint64_t repetition) override { plan_->restart(repetition); }
  [[nodiscard]] bool adaptive() const override { return plan_->adaptive(); }
  void tell(const Place& place, const Row& row) override { plan_->tell(place, row); }

 private:
  [[nodiscard]] const Constraint* refusing(const Place& place) const;

  std::unique_ptr<Plan> plan_;
  std::vector<Constraint> constraints_;
  std::function<bool()> ended_;
  std::vector<std::size_t> changed_;  ///< since the point that was taken last
};

}  // namespace wheatstone::plan
