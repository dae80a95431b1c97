#pragma once
// How far a run is.

#include <cstdint>
#include <optional>
#include <string>
#include <wheatstone/duration.hpp>
#include <wheatstone/experiment.hpp>
#include <wheatstone/row.hpp>

namespace wheatstone {
inline namespace v1 {

/// How far a run is: a snapshot, taken from any thread at no cost to the loop. Times are those of the session's clock,
/// so that under the pace "virtual" they are virtual.
struct Progress {
  RunState state = RunState::preparing;
  std::uint64_t done = 0;                   ///< points with a row
  std::optional<std::uint64_t> total = {};  ///< none where the plan has no known end
  Duration elapsed = {};                    ///< since the run began, pauses included; stands still after its end
  double rate = 0;                         ///< points per second over the last few seconds of running; 0: not known yet
  std::optional<Duration> remaining = {};  ///< at that rate; none where rate or total are not known
  /// Of the point in hand, or the last one, by name. Looked at no more than every 2 ms.
  Row parameters = {};
  std::string reason = {};  ///< while suspended: the condition's; while ending: what is waited for
};

}  // namespace v1
}  // namespace wheatstone
