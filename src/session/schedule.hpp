#pragma once
// When the rows of a timed run are due, and the wait for the next.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "base/clock.hpp"
#include "plan/slot_grids.hpp"
#include "session/engine.hpp"
#include "session/precise_wait.hpp"
#include "session/trigger_watch.hpp"

namespace wheatstone::session {

/// The grids of a timed run's acquisitions.
struct AcquisitionTimes {
  static constexpr std::size_t k_triggered = static_cast<std::size_t>(-1);

  std::vector<std::int64_t> intervals;  ///< nanoseconds, each once
  std::vector<std::size_t> grid_of;     ///< by acquisition; k_triggered: of none
  bool any_triggered = false;

  /// Whether every acquisition is due in every row.
  [[nodiscard]] bool all_together() const { return intervals.size() == 1 && !any_triggered; }
};
[[nodiscard]] AcquisitionTimes times_of(const RunRequest& request);

/// The rows of a timed run as they come due. One thread.
class Schedule {
 public:
  enum class Outcome : std::uint8_t { due, over, stopped };

  /// What is due: since which instant (monotonic), on which slot, and how many slots were missed before it.
  struct DueRow {
    std::int64_t due = 0;
    std::uint64_t slot = 0;  ///< of the first acquisition that is due, or how many calls its trigger made before
    std::uint64_t missed = 0;
  };

  /// An acquisition's part in it.
  struct Part {
    bool due = true;
    std::uint64_t missed = 0;  ///< slots of its grid, or requests of its trigger
  };

  /// All grids begin at `start`, monotonic. Keeps a reference to the request.
  Schedule(const RunRequest& request, std::int64_t start);

  /// For a run that goes on: the first instant of the grids that is later than `elapsed` nanoseconds after their start,
  /// since the start.
  [[nodiscard]] static std::int64_t next_after(std::int64_t elapsed, const AcquisitionTimes& times);
  /// For a run that goes on: what was due until `elapsed` nanoseconds after the start was taken, in `rows` rows.
  void go_on_after(std::int64_t elapsed, std::uint64_t rows);

  /// Whether every acquisition is due in every row.
  [[nodiscard]] bool all_together() const { return times_.all_together(); }

  /// How many rows there will be at most; UINT64_MAX where that is unknown.
  [[nodiscard]] std::uint64_t size() const;

  /// Waits until a row is due, which then counts as taken. Throws what a trigger throws.
  Outcome wait_for_next(const std::stop_token& stop);

  /// Nothing was measured since the last row, for the run was held: slots that have passed are missed.
  void rested();

  [[nodiscard]] const DueRow& row() const { return row_; }
  /// By acquisition; empty where each is due in every row.
  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }

  /// When the run ends: start + duration, or with its last row where only a count was given.
  [[nodiscard]] std::optional<std::int64_t> end() const;

 private:
  [[nodiscard]] TriggerWatch::Wake wait_until(std::optional<std::int64_t> due, const std::stop_token& stop);
  void take_slots();
  void take_trigger();

  const RunRequest& request_;
  base::Clock& clock_;
  std::int64_t start_;
  AcquisitionTimes times_;
  std::optional<plan::SlotGrids> grids_;  ///< none where all are triggered
  TriggerWatch triggers_;
  PreciseWait wait_;
  std::uint64_t rows_ = 0;
  DueRow row_;
  std::vector<Part> parts_;
  std::vector<std::uint64_t> fired_;  ///< by acquisition: calls that its trigger made
};

}  // namespace wheatstone::session
