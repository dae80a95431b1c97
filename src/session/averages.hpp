#pragma once
// Mean and standard deviation of an acquisition's results over several calls.

#include <cstddef>
#include <string>
#include <vector>
#include <wheatstone/row.hpp>

namespace wheatstone::session {

/// Adds up results by key, in one pass (Welford's recurrence, so that small deviations of large values survive).
class Averages {
 public:
  void clear() { columns_.clear(); }
  void add(const Row& results);
  /// Each key in order of appearance; a number is its mean, with its sample standard deviation in `<key>_std` after it.
  /// A key that was a number in some calls only counts those; NaN makes the mean NaN.
  [[nodiscard]] Row result() const;

 private:
  struct Column {
    std::string key;
    Value last = {};
    std::size_t count = 0;  ///< of numbers
    double mean = 0;
    double squares = 0;  ///< sum of squared deviations from the mean
    double uncertainty = 0;
  };
  Column& column_of(const std::string& key);

  std::vector<Column> columns_;
};

}  // namespace wheatstone::session
