#pragma once
// Conditions that hold a run up while they are true.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/binding.hpp>
#include <wheatstone/observer.hpp>
#include <wheatstone/point.hpp>

#include "base/clock.hpp"
#include "io/document.hpp"
#include "session/run_control.hpp"
#include "session/run_progress.hpp"

namespace wheatstone::session {

/// A condition as registered.
struct SuspensionDefinition {
  std::shared_ptr<binding::Condition> condition;
  SuspensionOptions options;  ///< with a reason
};

/// The conditions of one run. Used by the thread that runs it.
class Suspension {
 public:
  using Teller = std::function<void(std::string_view event, const io::Document& details)>;

  /// Keeps references to all of it.
  Suspension(const std::vector<SuspensionDefinition>& definitions, base::Clock& clock, RunControl& control,
             RunProgress& progress, Teller tell);

  [[nodiscard]] bool any() const { return !watched_.empty(); }

  /// Looks at each condition whose time has come, and waits while one holds, or until an end is asked for. True where
  /// it waited. Throws MeasurementError, naming condition and point, where a condition threw.
  bool wait_while_held(const Point& next);

 private:
  struct Watched {
    const SuspensionDefinition* definition;
    std::int64_t due;  ///< monotonic
  };

  [[nodiscard]] bool holds(Watched& watched, const Point& next) const;
  void wait_for(Watched& watched, const Point& next);

  std::vector<Watched> watched_;
  base::Clock& clock_;
  RunControl& control_;
  RunProgress& progress_;
  Teller tell_;
};

}  // namespace wheatstone::session
