#pragma once
// What was found, or done, when a run's files were gone through.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>
#include <wheatstone/experiment.hpp>
#include <wheatstone/export.hpp>

namespace wheatstone {
inline namespace v1 {

/// Consecutive rows.
struct RowRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  friend bool operator==(const RowRange&, const RowRange&) = default;
};

/// A file of a run that is damaged or missing.
struct FileTrouble {
  std::string file = {};  ///< its name in the run's folder
  std::string trouble = {};
  RowRange rows = {};  ///< that it holds or should hold, as far as that is known
};

/// A run of which every byte that has a check was read and checked.
struct WHEATSTONE_API Verification {
  std::filesystem::path folder = {};
  std::uint64_t file_count = 0;
  std::uint64_t byte_count = 0;
  std::uint64_t row_count = 0;          ///< that the run has, or would have were nothing damaged
  std::vector<RowRange> readable = {};  ///< of these, ascending
  std::vector<FileTrouble> troubles = {};

  [[nodiscard]] bool whole() const { return troubles.empty(); }
  [[nodiscard]] std::uint64_t readable_count() const;
  /// All of it as lines.
  [[nodiscard]] std::string text() const;
};

/// What compacting did to a run.
struct Compaction {
  std::uint64_t files_before = 0;  ///< of rows
  std::uint64_t files_after = 0;
  std::uint64_t bytes_before = 0;
  std::uint64_t bytes_after = 0;
};

/// What recovering left of a run that was killed.
struct Recovery {
  std::uint64_t row_count = 0;
  std::vector<std::string> set_aside = {};  ///< files kept under another name, since their rows lie behind a lost one
};

}  // namespace v1
}  // namespace wheatstone
