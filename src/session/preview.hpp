#pragma once
// How a preview comes about.

#include <wheatstone/preview.hpp>

#include "session/engine.hpp"

namespace wheatstone::session {

/// Integration time of one measurement of a meter: as it was set, else as after a reset.
struct MeterTime {
  std::string alias;
  Duration integration;
};

/// Walks through the plan, at most a million points of it, and touches nothing else. An adaptive plan is not asked, an
/// endless stream pulled as far as rows are shown. What the user's own values or constraints throw is among `refused`.
[[nodiscard]] Preview preview(const RunRequest& request, const std::vector<MeterTime>& meters,
                              const PreviewOptions& options);

}  // namespace wheatstone::session
