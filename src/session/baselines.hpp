#pragma once
// What is measured once before a run's first point and once after its last.

#include <string_view>

#include "session/attempts.hpp"
#include "session/engine.hpp"
#include "session/wall_anchor.hpp"
#include "storage/run_writer.hpp"

namespace wheatstone::session {

/// Calls the run's baselines and keeps each one's results as an event "baseline", with `when` ("start" or "end") and
/// its time. An error names the baseline.
void take_baselines(std::string_view when, const RunRequest& request, storage::RunWriter& writer, RunControl& control,
                    const WallAnchor& anchor);

}  // namespace wheatstone::session
