#pragma once
// Text and runs against what is looked for.

#include <string>
#include <string_view>
#include <wheatstone/run_summary.hpp>

#include "io/document.hpp"

namespace wheatstone::catalogue {

/// True where `text` has `pattern`, ignoring case: somewhere, or, with `*` or `?` in it, as a whole. An empty pattern
/// fits everything.
[[nodiscard]] bool fits(std::string_view pattern, std::string_view text);

/// True where a run fits everything that `filter` says; parameters' values are those of run.json, `record`.
[[nodiscard]] bool fits(const RunFilter& filter, const RunSummary& run, const io::Document& record);

}  // namespace wheatstone::catalogue
