#pragma once
// Which columns are read in one go.

#include <memory>
#include <vector>
#include <wheatstone/binding.hpp>

#include "procedure/columns.hpp"
#include "procedure/definition.hpp"

namespace wheatstone::procedure {

/// The columns of `read` as acquisitions: neighbours with the same attempts are read in one go, in a parallel run those
/// of one instrument; one that may be skipped, or is triggered, is alone.
class ColumnGroups {
 public:
  ColumnGroups(const Definition& definition, const TargetBinder& binder, PointWatch watch);

  [[nodiscard]] const std::vector<std::shared_ptr<binding::Acquisition>>& acquisitions() const { return made_; }
  /// Of the columns, for expressions.
  [[nodiscard]] const std::vector<expression::Variable>& variables() const { return variables_; }

 private:
  [[nodiscard]] AttemptsText attempts_of(const ReadText& column) const;
  void add(const ReadText& text, const TargetBinder& binder);
  void end_group();

  const Definition& definition_;
  PointWatch watch_;
  std::vector<ReadColumn> group_;  ///< the one that is being gathered, and what goes with it
  AttemptsText attempts_;
  AcquisitionOptions triggered_;
  std::vector<std::shared_ptr<binding::Acquisition>> made_;
  std::vector<expression::Variable> variables_;
};

/// What is read once before the first point and once after the last.
[[nodiscard]] std::shared_ptr<binding::Acquisition> baseline_of(const Definition& definition,
                                                                const TargetBinder& binder);

}  // namespace wheatstone::procedure
