#pragma once
// What a data sheet promises.

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>
#include <wheatstone/unit.hpp>

namespace wheatstone::profile {

/// Limits of error, linear terms as data sheets print them: fractions (0.0005 is 0.05 %) of the reading and of the
/// range, and an offset in the quantity's unit.
struct Accuracy {
  double of_reading = 0;
  double of_range = 0;
  double offset = 0;

  /// The largest error of one instrument at that reading, a rectangular limit; >= 0.
  [[nodiscard]] double limit(double reading, double full_scale) const {
    return of_reading * std::abs(reading) + of_range * std::abs(full_scale) + offset;
  }
  /// The standard uncertainty of that limit: limit / sqrt(3) (GUM, JCGM 100:2008, section 4.3.7).
  [[nodiscard]] double standard_uncertainty(double reading, double full_scale) const {
    return limit(reading, full_scale) / std::sqrt(3.0);
  }
};

/// The accuracy that holds between two frequencies of the signal (AC functions); one band from 0 to infinity elsewhere.
struct AccuracyBand {
  double from_hz = 0;
  double to_hz = std::numeric_limits<double>::infinity();
  Accuracy accuracy = {};
};

/// One range of a quantity, of a channel or of a measuring function.
struct Range {
  std::string name = {};  ///< "low", "10 V"
  double nominal = 0;     ///< the full scale that accuracy refers to
  double minimum = 0;     ///< what can be programmed, or read without overload
  double maximum = 0;
  double programming_resolution = 0;  ///< 0 where it is not known
  double readback_resolution = 0;
  Accuracy programming = {};             ///< of what is set
  Accuracy readback = {};                ///< of what is read at low frequency
  std::vector<AccuracyBand> bands = {};  ///< of what is read, by frequency; empty where readback says all
  double test_current = 0;               ///< resistance ranges: the current through the device
  std::string source = {};               ///< document and page

  /// The accuracy of a reading at a frequency; the nearest band where none covers it.
  [[nodiscard]] const Accuracy& readback_at(double frequency_hz) const;
};

/// What one channel (or measuring function) can set or read of one quantity.
struct Quantity {
  std::string name;  ///< "voltage", "current", "resistance", "power", "scale", ...
  Unit unit = {};
  double minimum = 0;  ///< over all ranges
  double maximum = 0;
  std::optional<double> reset = {};
  std::vector<Range> ranges = {};  ///< ascending; at least one

  /// The smallest range that reaches `value`, also where it lies below what can be set; the largest where none does.
  [[nodiscard]] const Range& range_for(double value) const;
  /// The range of that nominal value, within a millionth; null where there is none.
  [[nodiscard]] const Range* range_of(double nominal) const;
};

}  // namespace wheatstone::profile
