#pragma once
// One acquisition or derivation of a run, and what it measured at the point in hand.

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <wheatstone/binding.hpp>

#include "session/attempts.hpp"

namespace wheatstone::session {

/// Used by one thread at a time.
struct MeasurementStep {
  static constexpr std::size_t k_none = static_cast<std::size_t>(-1);

  std::shared_ptr<binding::Acquisition> acquisition;
  std::unique_ptr<Attempts> attempts = {};  ///< where its options ask for more than one plain call
  std::size_t error_column = k_none;        ///< where its failures are skipped
  bool derived = false;                     ///< a column that is computed from the row
  bool due = true;                          ///< whether it has a part in the point in hand
  std::uint64_t missed = 0;                 ///< slots of its own before it, where acquisitions are due apart

  Row row = {};                             ///< its results, the entries reused
  std::optional<std::string> skipped = {};  ///< why it has none
  std::int64_t finished = 0;                ///< boottime; set by parallel runs
  std::exception_ptr error = {};            ///< in parallel runs
  bool measured = false;                    ///< at the point in hand; set by parallel runs

  void measure(Point::Data& point) {
    if (!attempts) return acquisition->measure(Point(point), row);
    skipped = attempts->measure(Point(point), row);
    if (skipped) point.incomplete = true;
  }

  /// Measures what is not kept: retries and skips as its options say, and takes a single sample.
  void look(Point::Data& point) {
    if (!attempts) return acquisition->measure(Point(point), row);
    if (attempts->look(Point(point), row)) point.incomplete = true;
  }

  /// Adds its results to the row so far. A derived column that has had no value yet has no name either, so that what is
  /// missing from the row may be its.
  void add_to(Point::Data& point) const {
    if (derived && row.empty()) point.incomplete = true;
    for (const Row::Entry& entry : row) point.so_far.set(entry.key, entry.value);
  }
};

using MeasurementSteps = std::vector<MeasurementStep>;

}  // namespace wheatstone::session
