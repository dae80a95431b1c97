#include "procedure/column_groups.hpp"

#include <fmt/format.h>

#include <utility>

#include "procedure/attempts.hpp"
#include "procedure/conditions.hpp"

namespace wheatstone::procedure {
namespace {

AcquisitionOptions options_of(const AttemptsText& attempts, const std::vector<ReadColumn>& columns) {
  AcquisitionOptions options;
  options.samples = attempts.samples.value_or(options.samples);
  options.retries = attempts.retries.value_or(options.retries);
  options.backoff = attempts.backoff.value_or(options.backoff);
  if (!attempts.retry_on.empty()) options.retry_on = filter_of(attempts.retry_on);
  options.on_error = attempts.on_error.value_or(options.on_error);
  options.interval = attempts.interval;
  for (const ReadColumn& column : columns) options.uses.push_back(column.instrument().alias());
  return options;
}

}  // namespace

ColumnGroups::ColumnGroups(const Definition& definition, const TargetBinder& binder, PointWatch watch)
    : definition_(definition), watch_(std::move(watch)) {
  for (const ReadText& text : definition.read) add(text, binder);
  end_group();
}

AttemptsText ColumnGroups::attempts_of(const ReadText& column) const {
  const AttemptsText& own = column.attempts;
  const AttemptsText& all = definition_.attempts;
  AttemptsText attempts;
  attempts.samples = own.samples ? own.samples : all.samples;
  attempts.retries = own.retries ? own.retries : all.retries;
  attempts.on_error = own.on_error ? own.on_error : all.on_error;
  attempts.interval = own.interval;
  if (attempts.retries.value_or(0) == 0) return attempts;
  attempts.backoff = own.backoff ? own.backoff : all.backoff;
  attempts.retry_on = own.retry_on.empty() ? all.retry_on : own.retry_on;
  return attempts;
}

void ColumnGroups::add(const ReadText& text, const TargetBinder& binder) {
  const AttemptsText attempts = attempts_of(text);
  for (const char* const key : {"interval", "trigger"}) {
    const bool given = key == std::string_view("interval") ? attempts.interval.has_value() : text.trigger.has_value();
    if (given && !definition_.is_timed()) {
      text.column.fail(fmt::format("'{}' is for a timed run, which has a 'duration' or a 'count'", key));
    }
  }
  ReadColumn column(text, binder);
  const bool is_alone = attempts.on_error == OnError::skip || text.trigger.has_value();
  const bool is_elsewhere =
      definition_.run.parallel && !group_.empty() && &group_.front().instrument() != &column.instrument();
  if (attempts != attempts_ || is_alone || is_elsewhere || triggered_.trigger) end_group();
  attempts_ = attempts;
  if (text.trigger) {
    triggered_.trigger = trigger_of(*text.trigger, binder);
    triggered_.poll = text.trigger->poll;
  }
  const expression::Variable variable = column.variable();
  variables_.push_back(variable);
  if (attempts.samples.value_or(1) > 1) variables_.push_back({variable.name + "_std", variable.unit});
  group_.push_back(std::move(column));
}

void ColumnGroups::end_group() {
  if (group_.empty()) return;
  AcquisitionOptions options = options_of(attempts_, group_);
  options.trigger = std::exchange(triggered_.trigger, {});
  options.poll = std::exchange(triggered_.poll, {});
  std::string name = made_.empty() ? "read" : fmt::format("read {}", made_.size() + 1);
  if (options.on_error == OnError::skip) name = group_.front().name();
  made_.push_back(
      std::make_shared<ReadAcquisition>(std::move(name), std::move(options), std::exchange(group_, {}), watch_));
}

std::shared_ptr<binding::Acquisition> baseline_of(const Definition& definition, const TargetBinder& binder) {
  std::vector<ReadColumn> columns;
  for (const ReadText& text : definition.baseline) {
    if (text.attempts != AttemptsText() || text.trigger) {
      text.column.fail(
          "a baseline is read once before and once after the points; only 'from', 'unit' and what a meter "
          "is set to go with it");
    }
    columns.emplace_back(text, binder);
  }
  AcquisitionOptions options = options_of({}, columns);
  return std::make_shared<ReadAcquisition>("baseline", std::move(options), std::move(columns), PointWatch());
}

}  // namespace wheatstone::procedure
