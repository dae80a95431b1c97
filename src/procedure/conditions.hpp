#pragma once
// A condition on what instruments read: it holds a run up, or calls a column.

#include <memory>
#include <wheatstone/acquisition.hpp>
#include <wheatstone/binding.hpp>

#include "expression/expression.hpp"
#include "procedure/definition.hpp"
#include "procedure/target.hpp"

namespace wheatstone::procedure {

/// Reads what its expression is of, each time that it is asked. One thread.
class ReadCondition final : public binding::Condition {
 public:
  /// Throws ConfigurationError at its place.
  ReadCondition(const ConditionText& text, const TargetBinder& binder);
  [[nodiscard]] bool holds();
  bool holds(const Point& /*next*/) override { return holds(); }

 private:
  std::vector<std::string> names_;
  std::vector<ReadSource> sources_;
  std::vector<double> values_;
  std::optional<expression::Expression> when_;
};

/// Throws ConfigurationError at its place.
[[nodiscard]] Trigger trigger_of(const TriggerText& text, const TargetBinder& binder);

}  // namespace wheatstone::procedure
