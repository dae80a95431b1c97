#pragma once
// Writes down what a dry run sends.

#include <memory>
#include <mutex>
#include <string>
#include <wheatstone/procedure.hpp>

#include "base/clock.hpp"
#include "procedure/bound_procedure.hpp"
#include "transport/transport.hpp"

namespace wheatstone::procedure {

/// Gathers messages step by step. Any thread; outlives the bench that it listens to.
class DryRunRecorder {
 public:
  explicit DryRunRecorder(std::uint64_t most_points) : most_points_(most_points) {}

  /// Hears an instrument of that alias.
  [[nodiscard]] transport::Tap tap(const std::string& alias);
  /// Follows the run. `clock` is the bench's; `stop` is called at the last point that is kept.
  [[nodiscard]] Watch watch(const base::Clock& clock, std::function<void()> stop);
  /// Begins a step that is no point.
  void begin(DryRunStep::Kind kind);

  [[nodiscard]] DryRun take();

 private:
  void at_point(const Point& point);

  std::uint64_t most_points_;
  std::function<void()> stop_;
  const base::Clock* clock_ = nullptr;
  std::int64_t start_ = 0;
  std::mutex mutex_;
  DryRun run_;  // protected by mutex_
};

}  // namespace wheatstone::procedure
