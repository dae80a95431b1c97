#pragma once
// What distinguishes two runs.

#include <vector>
#include <wheatstone/comparison.hpp>
#include <wheatstone/experiment.hpp>

#include "io/document.hpp"

namespace wheatstone::catalogue {

/// What two descriptions (run.json) say otherwise of how the runs were made and ended.
[[nodiscard]] std::vector<Difference> compare_records(const io::Document& first, const io::Document& second);

/// The columns that two runs have otherwise, timestamps left out. Throws StorageError where a part is damaged.
[[nodiscard]] std::vector<ColumnDifference> compare_rows(const Experiment& first, const Experiment& second);

}  // namespace wheatstone::catalogue
