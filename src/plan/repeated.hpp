#pragma once
// The whole of a plan several times.

#include "plan/plan.hpp"

namespace wheatstone::plan {

/// Writes the number of each repetition into the place.
class Repeated final : public Plan {
 public:
  /// REQUIRES: times > 0; a plan that is not adaptive.
  Repeated(std::unique_ptr<Plan> plan, std::uint64_t times);

  [[nodiscard]] std::optional<std::uint64_t> size() const override;
  bool next(Place& place) override;
  void skip(std::uint64_t count, Place& place) override;
  void restart(std::uint64_t repetition) override;

 private:
  void repeat(std::uint64_t turn);

  std::unique_ptr<Plan> plan_;
  std::uint64_t times_;
  std::uint64_t first_ = 0;  ///< the repetition that the first turn has
  std::uint64_t turn_ = 0;
  std::uint64_t taken_ = 0;  ///< points of this turn
};

}  // namespace wheatstone::plan
