#pragma once
// Two runs side by side.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>
#include <wheatstone/export.hpp>
#include <wheatstone/run_summary.hpp>

namespace wheatstone {
inline namespace v1 {

/// Something that two runs have otherwise. Texts are as a person reads them, "none" where a run lacks it.
struct Difference {
  std::string part = {};  ///< "plan", "instruments", "settings", "versions", "script", "host" or "outcome"
  std::string what = {};  ///< "parameter voltage, values", "psu, channel 1, current_limit (before)"
  std::string first = {};
  std::string second = {};
};

/// A column of the one run beside that of the other, row by row.
struct ColumnDifference {
  std::string name = {};
  std::string trouble = {};            ///< why it was not compared: only one run has it, or the types differ
  std::uint64_t compared = 0;          ///< rows: those that both runs have
  std::uint64_t different = 0;         ///< of these
  std::optional<double> largest = {};  ///< of numbers, the largest difference, second minus first
  std::uint64_t largest_row = 0;
  Unit unit = {};
};

/// What distinguishes two runs: how they were made (plan, instruments, their settings, versions, script), how they
/// ended, and their rows. When they were made and where their folders are is none.
struct WHEATSTONE_API RunComparison {
  RunSummary first = {};
  RunSummary second = {};
  std::vector<Difference> differences = {};
  std::vector<ColumnDifference> columns = {};  ///< those that differ; timestamps and timing are not compared

  [[nodiscard]] bool same() const { return differences.empty() && columns.empty(); }
  /// All of it as lines.
  [[nodiscard]] std::string text() const;
};

}  // namespace v1
}  // namespace wheatstone
