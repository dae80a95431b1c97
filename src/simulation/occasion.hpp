#pragma once
// Which reading is which, so that a run that goes on reads what it would have read undisturbed.

#include <atomic>
#include <cstdint>

namespace wheatstone::simulation {

/// Where the bench's user is: at a point of a run, or between runs. Told by the run; any thread may look.
class Occasion {
 public:
  /// `run` counts the runs on this bench from 1; `part` tells apart what is read at one point: 0 for the measurement,
  /// others for what prepares it.
  void at_point(std::uint64_t run, std::uint64_t point, std::uint64_t part = 0) {
    key_.store(mixed(mixed(run * k_golden + part) + point * k_golden) | 1U, std::memory_order_relaxed);
  }
  void between_runs() { key_.store(0, std::memory_order_relaxed); }

  /// Other for each point; 0 between runs.
  [[nodiscard]] std::uint64_t key() const { return key_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::uint64_t k_golden = 0x9e3779b97f4a7c15U;
  static constexpr std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
  }

  std::atomic<std::uint64_t> key_{0};
};

/// Numbers the readings of one quantity of one instrument: the n-th at this point, whatever came before it. Between
/// runs the n-th of all. Guarded by its instrument.
class ReadingCounter {
 public:
  /// The number of the next reading. `occasion` may be null: between runs.
  [[nodiscard]] std::uint64_t next(const Occasion* occasion) {
    const std::uint64_t key = occasion == nullptr ? 0 : occasion->key();
    if (key == 0) return between_runs_++;
    if (key != key_) {
      key_ = key;
      at_point_ = 0;
    }
    return key + at_point_++;
  }

 private:
  std::uint64_t key_ = 0;
  std::uint64_t at_point_ = 0;
  std::uint64_t between_runs_ = 0;
};

}  // namespace wheatstone::simulation
