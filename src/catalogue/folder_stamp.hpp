#pragma once
// Whether a run's folder is as it was, without reading it.

#include <cstdint>
#include <filesystem>
#include <wheatstone/duration.hpp>

#include "io/file.hpp"

namespace wheatstone::catalogue {

/// How far a run's folder has to be looked at.
enum class Stamped : std::uint8_t {
  description,  // of a run that has ended: its folder, run.json and annotations
  rows,         // of one that has not: its lock and its last file of rows too
};

/// A number that changes with any change of what was stamped. 0, which fits nothing, where there is no run.json, or
/// where the last change is so recent, seen from `now`, that another one could have left the same traces.
[[nodiscard]] std::int64_t stamp_of(io::FileSystem& files, const std::filesystem::path& folder, Stamped stamped,
                                    Time now);

}  // namespace wheatstone::catalogue
