#pragma once
// The wait between a parameter's change and the measurement.

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "session/engine.hpp"
#include "session/point_measurement.hpp"
#include "storage/run_writer.hpp"

namespace wheatstone::session {

/// Whether a series of readings has stayed within a band for long enough. Times in nanoseconds.
class StableBand {
 public:
  StableBand(double band, bool relative, std::int64_t over) : band_(band), relative_(relative), over_(over) {}

  /// Takes one more reading, of one or several numbers, and tells whether all of them are at rest. A number that is not
  /// finite, or a number of numbers that changes, begins again.
  [[nodiscard]] bool add(std::int64_t at, const std::vector<double>& numbers);

 private:
  struct Reading {
    std::int64_t at;
    std::vector<double> numbers;
  };
  [[nodiscard]] bool within_band(std::size_t number) const;

  double band_;
  bool relative_;
  std::int64_t over_;
  std::deque<Reading> window_;  ///< the last `over`, and the reading before it
};

/// Waits as the parameters that changed ask for. One thread.
class Settling {
 public:
  Settling(const RunRequest& request, PointMeasurement& measurement, RunControl& control);

  /// No parameter has anything to wait for.
  [[nodiscard]] bool empty() const { return empty_; }

  /// The longest of the times, then each reading's rest. False where the run's end was asked for meanwhile. Throws
  /// MeasurementError, with a TimeoutError as its cause, for what is not at rest within its limit.
  [[nodiscard]] bool wait(Point::Data& point);

 private:
  [[nodiscard]] bool wait_for(Duration time);
  [[nodiscard]] bool wait_until_stable(const ParameterDefinition& parameter, const Stable& stable, Point::Data& point);
  [[nodiscard]] std::vector<double> look(const ParameterDefinition& parameter, const Stable& stable,
                                         Point::Data& point);

  const RunRequest& request_;
  PointMeasurement& measurement_;
  RunControl& control_;
  base::Clock& clock_;
  bool empty_ = true;
};

}  // namespace wheatstone::session
