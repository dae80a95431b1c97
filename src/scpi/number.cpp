#include "scpi/number.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "scpi/mnemonic.hpp"

namespace wheatstone::scpi {
namespace {

constexpr double k_infinity = 9.9e37;
constexpr double k_not_a_number = 9.91e37;

double special(double value) {
  if (value == k_not_a_number) return std::numeric_limits<double>::quiet_NaN();
  if (value >= k_infinity) return std::numeric_limits<double>::infinity();
  if (value <= -k_infinity) return -std::numeric_limits<double>::infinity();
  return value;
}

bool begins_number(std::string_view text) {
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  if (at < text.size() && text[at] == '.') ++at;
  return at < text.size() && is_digit(text[at]);
}

Decimal parse_non_decimal(std::string_view text) {
  const char base = text.size() > 2 ? text[1] : '\0';
  const int radix = base == 'H' || base == 'h'   ? 16
                    : base == 'Q' || base == 'q' ? 8
                    : base == 'B' || base == 'b' ? 2
                                                 : 0;
  if (radix == 0) return {-121};
  unsigned long long value = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), value, radix);
  if (error != std::errc() || end != text.data() + text.size()) return {-121};
  return {0, static_cast<double>(value)};
}

constexpr struct {
  std::string_view name;
  double factor;
} k_multipliers[] = {{"EX", 1e18}, {"PE", 1e15}, {"T", 1e12}, {"G", 1e9},   {"MA", 1e6},  {"K", 1e3},
                     {"M", 1e-3},  {"U", 1e-6},  {"N", 1e-9}, {"P", 1e-12}, {"F", 1e-15}, {"A", 1e-18}};

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool same(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (upper(a[i]) != upper(b[i])) return false;
  }
  return true;
}

}  // namespace

std::optional<double> parse_response_number(std::string_view text) {
  text = without_space_around(text);
  if (!begins_number(text)) return std::nullopt;
  if (text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    // Beyond double: a negative exponent means nothing is left of it.
    const bool tiny = text.find_first_of("eE") != std::string_view::npos && text.find('-', 1) != std::string_view::npos;
    value = tiny ? 0.0 : text.front() == '-' ? -std::numeric_limits<double>::max() : std::numeric_limits<double>::max();
  } else if (error != std::errc()) {
    return std::nullopt;
  }
  return special(value);
}

std::optional<long long> parse_response_integer(std::string_view text) {
  text = without_space_around(text);
  if (!begins_number(text)) return std::nullopt;
  if (text.front() == '+') text.remove_prefix(1);
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Decimal parse_decimal(std::string_view text) {
  text = without_space_around(text);
  if (!text.empty() && text.front() == '#') return parse_non_decimal(text);
  if (!begins_number(text)) return {-121};
  if (text.front() == '+') text.remove_prefix(1);
  Decimal read;
  const char* const last = text.data() + text.size();
  auto [end, error] = std::from_chars(text.data(), last, read.value);
  if (error == std::errc::result_out_of_range) return {-123};
  // IEEE 488.2 lets white space stand around the E: "1.5 E 3".
  const char* at = end;
  while (at != last && is_space(*at)) ++at;
  if (at != last && upper(*at) == 'E' && at + 1 != last &&
      (is_space(at[1]) || at[1] == '+' || at[1] == '-' || is_digit(at[1]))) {
    ++at;
    while (at != last && is_space(*at)) ++at;
    if (at != last && *at == '+') ++at;
    int exponent = 0;
    const auto [after, bad] = std::from_chars(at, last, exponent);
    if (bad == std::errc::result_out_of_range || exponent > 32000 || exponent < -32000) return {-123};
    if (bad != std::errc()) return {-121};
    read.value *= std::pow(10.0, exponent);
    if (!std::isfinite(read.value)) return {-123};
    at = after;
    while (at != last && is_space(*at)) ++at;
  }
  read.suffix = {at, static_cast<std::size_t>(last - at)};
  if (!read.suffix.empty() && !is_letter(read.suffix.front()) && read.suffix.front() != '/') return {-121};
  return read;
}

std::optional<double> suffix_multiplier(std::string_view suffix, std::string_view unit) {
  if (unit.empty()) return std::nullopt;
  if (same(suffix, unit)) return 1.0;
  if (suffix.size() <= unit.size() || !same(suffix.substr(suffix.size() - unit.size()), unit)) return std::nullopt;
  const std::string_view prefix = suffix.substr(0, suffix.size() - unit.size());
  if (same(prefix, "M") && (same(unit, "Hz") || same(unit, "Ohm"))) return 1e6;
  for (const auto& multiplier : k_multipliers) {
    if (same(prefix, multiplier.name)) return multiplier.factor;
  }
  return std::nullopt;
}

void append_number(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NAN";
    return;
  }
  if (std::isinf(value)) {
    out += value > 0 ? "INF" : "NINF";
    return;
  }
  // Set-points are mostly short decimals; thousandths in an integer are three times as fast as the general algorithm.
  const double scaled = value * 1000.0;
  if (std::abs(scaled) < 1e9) {
    const auto whole = static_cast<long long>(scaled);
    if (static_cast<double>(whole) == scaled && static_cast<double>(whole) / 1000.0 == value) {
      char digits[24];
      char* end = digits;
      unsigned long long rest = static_cast<unsigned long long>(whole < 0 ? -whole : whole);
      if (whole < 0) *end++ = '-';
      end = std::to_chars(end, digits + sizeof digits, rest / 1000).ptr;
      if (unsigned long long behind = rest % 1000; behind != 0) {
        *end++ = '.';
        for (unsigned long long place = 100; behind != 0; place /= 10) {
          *end++ = static_cast<char>('0' + behind / place);
          behind %= place;
        }
      }
      out.append(digits, end);
      return;
    }
  }
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void append_number(std::string& out, long long value) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void append_nr3(std::string& out, double value, int digits) {
  if (std::isnan(value)) value = k_not_a_number;
  if (std::isinf(value)) value = value > 0 ? k_infinity : -k_infinity;
  char text[64];
  char* end = text;
  if (!std::signbit(value)) *end++ = '+';
  end = std::to_chars(end, text + sizeof text, value, std::chars_format::scientific, digits).ptr;
  for (char* at = text; at != end; ++at) {
    if (*at == 'e') *at = 'E';
  }
  out.append(text, end);
}

}  // namespace wheatstone::scpi
