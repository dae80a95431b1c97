#pragma once
// Text and runs against what is looked for.

#include <string>
#include <string_view>
#include <wheatstone/run_summary.hpp>

#include "io/file.hpp"

namespace wheatstone::catalogue {

/// True where `text` has `pattern`, ignoring case: somewhere, or, with `*` or `?` in it, as a whole. An empty pattern
/// fits everything.
[[nodiscard]] bool fits(std::string_view pattern, std::string_view text);

/// True for a filter that every run fits.
[[nodiscard]] bool is_any(const RunFilter& filter);

/// True where a run may fit `filter`, as far as its summary tells.
[[nodiscard]] bool fits(const RunFilter& filter, const RunSummary& run);

/// True where a run that may fit has values of parameters as the filter wants them: those that run.json lists, else
/// those of its rows. A run that cannot be read has none.
[[nodiscard]] bool fits_values(io::FileSystem& files, const RunFilter& filter, const RunSummary& run);

}  // namespace wheatstone::catalogue
