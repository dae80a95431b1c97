#pragma once
// The columns that every row has, whatever its acquisitions return.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "session/engine.hpp"
#include "storage/run_writer.hpp"

namespace wheatstone::session {

/// The columns that every row has.
struct FixedColumns {
  std::vector<std::size_t> parameters;
  std::size_t timestamp = 0;
  std::size_t slot = 0;
  std::size_t scheduled = 0;
  std::size_t started = 0;
  std::size_t finished = 0;
  std::size_t missed = 0;
  std::vector<std::string> timing_names;          ///< of all timing columns, as they are stored
  std::size_t acquisitions = 0;                   ///< how many there are
  std::optional<std::size_t> repetition;          ///< where the plan is run several times
  std::vector<std::size_t> acquisition_finished;  ///< where there are several acquisitions
  std::vector<std::size_t> acquisition_missed;    ///< where not all are due in every row
};

FixedColumns add_fixed_columns(storage::RunWriter& writer, const RunRequest& request);

}  // namespace wheatstone::session
