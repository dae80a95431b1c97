#pragma once
// A search along the last parameter at each point of a grid of the others.

#include <memory>
#include <string>
#include <vector>
#include <wheatstone/order.hpp>

#include "plan/explicit_points.hpp"
#include "plan/plan.hpp"

namespace wheatstone::plan {

/// Begins the search anew at each point of the outer plan and asks it until it has no more points. An outer point at
/// which it proposes none is passed over. To go on after a kill, next() and tell() are called with the rows that are
/// stored, as for Proposed.
class NestedSearch final : public Plan {
 public:
  /// `outer`: of all parameters but the last; `along` has that one's values, which may be none.
  NestedSearch(std::unique_ptr<Plan> outer, std::vector<std::string> outer_names, std::shared_ptr<AdaptivePlan> search,
               Source along);

  [[nodiscard]] std::optional<std::uint64_t> size() const override { return std::nullopt; }
  bool next(Place& place) override;
  void restart(std::uint64_t repetition) override;
  [[nodiscard]] bool adaptive() const override { return true; }
  void tell(const Place& place, const Row& row) override;

 private:
  bool enter(Place& place);
  [[nodiscard]] std::optional<Value> ask(const Place& place) const;

  std::unique_ptr<Plan> outer_;
  Place outer_place_;
  std::shared_ptr<AdaptivePlan> search_;
  const std::string name_;  ///< of the last parameter
  GivenValues given_;
  Place inner_place_;
  bool inside_ = false;
  bool ended_ = false;
};

}  // namespace wheatstone::plan
