#pragma once
// Where a run is, for other threads to read.

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>
#include <wheatstone/point.hpp>
#include <wheatstone/progress.hpp>

#include "base/clock.hpp"

namespace wheatstone::session {

/// Written by the loop: one relaxed store a point, and a sample of the rest at most every k_period, which never waits
/// for a reader: where one is just looking, that sample is left out. Read by any thread.
class RunProgress {
 public:
  static constexpr std::int64_t k_period = 2'000'000;  // nanoseconds

  std::atomic<RunState> state{RunState::preparing};
  std::atomic<std::uint64_t> done{0};
  std::atomic<std::uint64_t> total{UINT64_MAX};  ///< UINT64_MAX: unknown
  std::atomic<std::int64_t> started{0};          ///< monotonic
  std::atomic<std::size_t> work{0};              ///< what the loop is in, by its place in `works`

  /// Back to where a run begins.
  void reset();
  /// What the loop calls that may not return for long; the first is nothing of that kind. For who waits for the end.
  void name_works(std::vector<std::string> works);
  /// The loop is about to take that point, at `now` (boottime).
  void sample(std::int64_t now, const Point::Data& point);
  /// The run is held, or goes on: the time between says nothing about its rate. Empty where nobody asked why.
  void hold(RunState how, std::string reason);
  void go_on();
  /// Its time stands still from now on.
  void end(std::int64_t monotonic);

  /// `ending`: the run's end was asked for, so that what it still waits for is of interest.
  [[nodiscard]] Progress snapshot(const base::Clock& clock, bool ending = false) const;

 private:
  static constexpr std::size_t k_sample_count = 32;
  static constexpr std::int64_t k_between_samples = 100'000'000;  // nanoseconds

  struct Sample {
    std::int64_t at = 0;
    std::uint64_t done = 0;
  };

  void keep(Sample sample);
  [[nodiscard]] double rate(std::int64_t now) const;

  std::atomic<std::int64_t> ended_{0};  ///< monotonic; 0: not yet

  mutable std::mutex mutex_;
  // protected by mutex_
  Row parameters_;
  std::string reason_;
  std::vector<std::string> works_;
  std::array<Sample, k_sample_count> samples_;  ///< a ring
  std::size_t sample_count_ = 0;                ///< ever taken since the last hold
};

}  // namespace wheatstone::session
