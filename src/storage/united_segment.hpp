#pragma once
// Neighbouring pieces of a run as one: small chunks and parts become one part.

#include <cstdint>
#include <set>
#include <vector>

#include "base/uuid.hpp"
#include "storage/chunk_reader.hpp"

namespace wheatstone::storage {

/// Bytes of a segment's cells, without padding and validity.
[[nodiscard]] std::uint64_t size_of_cells(const Segment& segment);

/// Decides how many neighbours go into one part: as long as it has at most 65,536 rows and 64 MiB, and does not grow
/// much by columns that some of them lack.
class Neighbours {
 public:
  /// Takes the next segment where it belongs with those taken so far; the first one does.
  [[nodiscard]] bool take(const Segment& segment);
  [[nodiscard]] std::int64_t rows() const { return rows_; }

 private:
  std::set<std::uint32_t> columns_;
  std::int64_t rows_ = 0;
  std::uint64_t bytes_ = 0;       ///< of the cells that are there
  std::uint64_t cell_count_ = 0;  ///< of these
};

/// One segment with the rows of several that follow one another, in memory of its own. Throws StorageError where one is
/// damaged, or where they do not belong together. REQUIRES: at least one.
[[nodiscard]] Segment unite(const std::vector<Segment>& segments, const base::Uuid& run);

}  // namespace wheatstone::storage
