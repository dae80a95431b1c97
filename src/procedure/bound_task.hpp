#pragma once
// Steps that are taken again and again beside the acquisition.

#include <array>
#include <memory>
#include <wheatstone/binding.hpp>

#include "procedure/definition.hpp"
#include "procedure/steps.hpp"

namespace wheatstone::procedure {

/// A task bound to its instruments. The end of a run cuts its waits short; its teardown is taken whatever ended it.
class BoundTask {
 public:
  /// Throws ConfigurationError at its place.
  BoundTask(const TaskText& text, const TargetBinder& binder);

  [[nodiscard]] binding::Task task() const;
  /// In the order in which they are taken.
  [[nodiscard]] std::array<const Steps*, 3> all() const { return {&work_->setup, &work_->steps, &work_->teardown}; }

 private:
  struct Work {
    Steps setup;
    Steps steps;
    Steps teardown;
    std::optional<Duration> every;
    std::optional<std::uint64_t> repeat;
    MeasurementSession* session;

    void take(const std::stop_token& stop) const;
    void take_rounds(const std::stop_token& stop) const;
  };

  std::string name_;
  std::shared_ptr<const Work> work_;
};

}  // namespace wheatstone::procedure
