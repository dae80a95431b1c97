#pragma once
// Which columns of a run's table are shown where there is not room for all.

#include <cstddef>
#include <string>
#include <vector>
#include <wheatstone/experiment.hpp>

#include "table.hpp"
#include "terminal.hpp"

namespace wheatstone::cli {

/// "v [V]".
[[nodiscard]] std::string title_of(const Column& column);
/// Whether its cells stand to the right.
[[nodiscard]] bool is_number(const Column& column);
/// What a column is left out by: uncertainties and the time go before results, results before parameters.
[[nodiscard]] std::size_t rank_of(const Column& column);

/// First and last rows of a run as a table that fits; columns that are left out are named below it.
[[nodiscard]] std::string rows_text(const Terminal& terminal, const Experiment& run, std::size_t rows);

}  // namespace wheatstone::cli
