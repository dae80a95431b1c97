#include "procedure/conditions.hpp"

#include <fmt/format.h>

#include "procedure/columns.hpp"

namespace wheatstone::procedure {

using expression::Variable;

ReadCondition::ReadCondition(const ConditionText& text, const TargetBinder& binder) {
  std::vector<Variable> variables;
  for (const SourceText& source : text.read) {
    sources_.push_back(binder.read(source.source));
    names_.push_back(source.name.text);
    variables.push_back({source.name.text, sources_.back().unit, sources_.back().kind});
  }
  when_ = condition_of(text.when, variables);
  values_.resize(sources_.size());
}

bool ReadCondition::holds() {
  for (const std::size_t used : when_->uses()) {
    const Value value = sources_[used].read();
    const auto number = as_number(value);
    if (!number) {
      throw DataError(
          fmt::format("'{}' is {}, which a condition cannot be made of", names_[used], name_of(value.kind())));
    }
    values_[used] = *number;
  }
  return when_->evaluate(values_) != 0;
}

Trigger trigger_of(const TriggerText& text, const TargetBinder& binder) {
  if (text.instrument) return {binder.instrument(*text.instrument, text.instrument->text)};
  return {[condition = std::make_shared<ReadCondition>(*text.condition, binder)] { return condition->holds(); }};
}

}  // namespace wheatstone::procedure
