#pragma once
// Points that an adaptive plan proposes, one at a time.

#include <vector>
#include <wheatstone/order.hpp>

#include "plan/explicit_points.hpp"
#include "plan/plan.hpp"

namespace wheatstone::plan {

/// Asks the plan for each point. The number of points is not known; restart() begins the plan anew. To go on after a
/// kill, next() and tell() are called with the rows that are stored.
class Proposed final : public Plan {
 public:
  /// Begins the plan. `values`: of each parameter, which may have none of its own.
  Proposed(std::shared_ptr<AdaptivePlan> plan, std::vector<std::string> names, std::vector<Source> values);

  [[nodiscard]] std::optional<std::uint64_t> size() const override { return std::nullopt; }
  bool next(Place& place) override;
  void restart(std::uint64_t repetition) override;
  [[nodiscard]] bool adaptive() const override { return true; }
  void tell(const Place& place, const Row& row) override;

 private:
  std::shared_ptr<AdaptivePlan> plan_;
  std::vector<std::string> names_;
  GivenValues given_;
  std::vector<Value> point_;
  bool ended_ = false;
};

}  // namespace wheatstone::plan
