#pragma once
// A value as an instrument gave it.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <wheatstone/duration.hpp>
#include <wheatstone/export.hpp>
#include <wheatstone/unit.hpp>

namespace wheatstone {
inline namespace v1 {

enum class ReadingStatus : std::uint8_t {
  ok,
  overload,      // the instrument answered +9.9E37: value is +inf
  overload_low,  // -9.9E37: value is -inf
  not_a_number,  // 9.91E37: value is NaN (SCPI-99 volume 1, 7.2.1.5)
};

/// "ok", "overload", "overload low", "not a number".
[[nodiscard]] WHEATSTONE_API std::string_view name_of(ReadingStatus status);

/// One number measured, in the SI base unit that `unit` names.
struct Reading {
  double value = 0;
  Unit unit = {};
  /// Standard uncertainty (k = 1): the data sheet's limit / sqrt(3); NaN where the profile gives none.
  double uncertainty = std::numeric_limits<double>::quiet_NaN();
  ReadingStatus status = ReadingStatus::ok;
  Time at = {};                 ///< when the answer was asked for
  std::string text = {};        ///< the answer as it came
  std::string instrument = {};  ///< alias of the instrument
  std::string quantity = {};    ///< what was measured, "voltage dc"
};

}  // namespace v1
}  // namespace wheatstone
