#pragma once
// What the crash test's rows hold, as functions of the row's number: the writer writes it, the test compares.

#include <cstdint>
#include <string>
#include <vector>

namespace wheatstone::crash {

constexpr std::uint64_t k_late_from = 1500;  ///< the row at which a column first appears
constexpr std::uint64_t k_widens_at = 3000;  ///< the row at which ints become floats

inline double volts(std::uint64_t row) { return 0.5 * static_cast<double>(row) - 7; }
inline bool has_note(std::uint64_t row) { return row % 7 == 0; }
inline std::string note(std::uint64_t row) { return "row " + std::to_string(row) + std::string(row % 50, '.'); }
inline bool has_trace(std::uint64_t row) { return row % 100 == 3; }
inline std::vector<double> trace(std::uint64_t row) { return std::vector<double>(row % 300, static_cast<double>(row)); }
inline std::int64_t whole(std::uint64_t row) { return static_cast<std::int64_t>(row * 3); }
inline double count(std::uint64_t row) { return static_cast<double>(whole(row)) + (row >= k_widens_at ? 0.5 : 0); }

}  // namespace wheatstone::crash
