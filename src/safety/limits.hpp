#pragma once
// What may never be set: the one place that every set-point passes before a byte leaves.

#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/error.hpp>
#include <wheatstone/unit.hpp>

namespace wheatstone::safety {

/// Both ends included.
struct Range {
  double minimum = 0;
  double maximum = 0;
};

/// One quantity's range on one channel, and who says so.
struct Limit {
  int channel = 0;  ///< 0 for every channel
  std::string quantity = {};
  Range range = {};
  Unit unit = {};
  std::string source = {};  ///< "profile keysight/EDU36311A", "bench.yaml line 12"
};

/// The limits of one instrument. Where several apply to a set-point, all have to hold: a bench narrows a profile, never
/// widens it. Guarded by the instrument's lock.
class Limits {
 public:
  /// `instrument` is what refusals carry: alias, model, address.
  explicit Limits(ErrorContext instrument = {}) : instrument_(std::move(instrument)) {}

  /// Throws ConfigurationError where the range is empty or not a number.
  void add(Limit limit);

  /// Throws LimitError for NaN and infinity, whatever the limits, and for a value outside of one. A quantity without a
  /// limit passes. `command` goes into the error.
  void check(int channel, std::string_view quantity, double value, std::string_view command = {}) const;

  /// What is left when all limits hold; nothing where there are none.
  [[nodiscard]] std::optional<Range> range(int channel, std::string_view quantity) const;

  [[nodiscard]] const std::vector<Limit>& all() const { return limits_; }

 private:
  [[noreturn]] void refuse(int channel, std::string_view quantity, double value, const Limit* limit,
                           std::string_view command) const;

  ErrorContext instrument_;
  std::vector<Limit> limits_;
};

}  // namespace wheatstone::safety
