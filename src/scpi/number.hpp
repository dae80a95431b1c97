#pragma once
// Numbers on the wire, both ways. Independent of the locale; no allocation but in the text appended to.

#include <optional>
#include <string>
#include <string_view>

namespace wheatstone::scpi {

/// A number in a reply: "+1.49973E+00", "12", " -3.5 ". 9.9E37 and -9.9E37 become infinities and 9.91E37 becomes NaN
/// (SCPI-99 volume 1, section 7.2.1.4-5). Absent where the text is anything else.
[[nodiscard]] std::optional<double> parse_response_number(std::string_view text);

/// An integer in a reply: "+0", "128". Absent for anything else, and beyond 64 bits.
[[nodiscard]] std::optional<long long> parse_response_integer(std::string_view text);

/// Decimal numeric program data (IEEE 488.2 section 7.7.2) or a non-decimal #H1F, #Q17, #B101; then its suffix, if any.
struct Decimal {
  int error = 0;  ///< 0, -121 invalid character in number, -123 exponent too large
  double value = 0;
  std::string_view suffix = {};  ///< "mV" in "500 mV"; empty where there is none
};
[[nodiscard]] Decimal parse_decimal(std::string_view text);

/// What a suffix multiplies by when `unit` ("V", "Ohm", "Hz", "s", "" for none) is meant: 1e-3 for mV, 1e6 for MHZ and
/// MOHM (SCPI-99 volume 1, section 7.4, table 7-1: M is mega before HZ and OHM, milli elsewhere, MA always mega). Any
/// case. Absent where the suffix does not fit the unit.
[[nodiscard]] std::optional<double> suffix_multiplier(std::string_view suffix, std::string_view unit);

/// Appends the shortest decimal that reads back as the same double: 1.5, 0.001, 1e-09. Infinities become INF and NINF,
/// NaN becomes NAN.
void append_number(std::string& out, double value);
void append_number(std::string& out, long long value);

/// Appends a reply in NR3 as Keysight's instruments print it, "+9.99749200E-01", with `digits` behind the point.
/// Infinities become 9.9E+37 and NaN 9.91E+37.
void append_nr3(std::string& out, double value, int digits = 8);

}  // namespace wheatstone::scpi
