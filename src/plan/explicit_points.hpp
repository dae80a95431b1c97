#pragma once
// Points that were given one by one.

#include <span>
#include <vector>
#include <wheatstone/order.hpp>

#include "plan/plan.hpp"

namespace wheatstone::plan {

/// Writes proposed or listed values where they are new, and finds the position of text among a parameter's own values,
/// by which an enumeration is known again. Whole numbers become real for parameters of real numbers.
class GivenValues {
 public:
  explicit GivenValues(std::vector<Source> values) : values_(std::move(values)) {}

  /// REQUIRES: one value a parameter, in their order.
  void take(std::span<const Value> given, Place& place);
  /// All parameters are new at the next point.
  void forget() { all_new_ = true; }

 private:
  [[nodiscard]] std::size_t position_of(std::size_t parameter, const Value& value) const;

  std::vector<Source> values_;
  bool all_new_ = true;
};

class ExplicitPoints final : public Plan {
 public:
  /// `values`: of each parameter, which may have none of its own. Throws ConfigurationError where a point names or has
  /// other parameters than `names`, or there is no point.
  ExplicitPoints(std::shared_ptr<const PointList> list, const std::vector<std::string>& names,
                 std::vector<Source> values);

  [[nodiscard]] std::optional<std::uint64_t> size() const override { return list_->points.size(); }
  bool next(Place& place) override;
  void skip(std::uint64_t count, Place& place) override;
  void restart(std::uint64_t repetition) override;

 private:
  std::shared_ptr<const PointList> list_;
  std::vector<std::size_t> column_of_;  ///< by parameter: which of a point's values
  GivenValues given_;
  std::vector<Value> point_;
  std::uint64_t index_ = 0;
};

}  // namespace wheatstone::plan
