#pragma once
// Whether the loop may take its next point: pauses, single steps, suspensions.

#include <cstdint>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "session/run_control.hpp"
#include "session/run_progress.hpp"
#include "session/suspension.hpp"

namespace wheatstone::session {

/// Holds the loop between points. Used by the thread that runs it; costs a predictable branch a point while nobody asks
/// for anything and there is no condition.
class Hold {
 public:
  /// Keeps references to all of it.
  Hold(const std::vector<SuspensionDefinition>& conditions, base::Clock& clock, RunControl& control,
       RunProgress& progress, Suspension::Teller tell);

  /// To be called once a point, before it is taken: waits while the run is paused or suspended. False where the run is
  /// to end.
  [[nodiscard]] bool before_point(Point::Data& next) {
    if (!control_.attention() && !suspension_.any()) [[likely]]
      return true;
    stepping_ = false;
    return wait(next);
  }

  /// Whether the run was held since this was last asked.
  [[nodiscard]] bool take_held() { return std::exchange(held_, false); }

  /// The same once more after a wait for the point's time, for what was asked for meanwhile.
  [[nodiscard]] bool still(Point::Data& next) { return (!control_.attention() && !suspension_.any()) || wait(next); }

 private:
  bool wait(Point::Data& next);
  void wait_while_paused();
  bool wait_while_suspended(Point::Data& next);

  Suspension suspension_;
  base::Clock& clock_;
  RunControl& control_;
  RunProgress& progress_;
  Suspension::Teller tell_;
  bool held_ = false;
  bool stepping_ = false;  ///< the point in hand is a single step, though the run is paused
};

}  // namespace wheatstone::session
