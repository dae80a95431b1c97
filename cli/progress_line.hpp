#pragma once
// How far a run is, in one line.

#include <cstddef>
#include <string>
#include <wheatstone/session.hpp>

namespace wheatstone::cli {

/// The line for that progress: "IV curve  ████████░░░░  12/31  39%  120 points/s  1 s left", no wider than `width`.
[[nodiscard]] std::string progress_line(const Progress& progress, const std::string& name, std::size_t width,
                                        bool unicode);

/// The same for a sentence: "running, 12 of 31 points, 120 points/s, 1 s left"; "paused (the beam is off), ...".
[[nodiscard]] std::string progress_in_words(const Progress& progress);

}  // namespace wheatstone::cli
