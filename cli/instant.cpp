#include "instant.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <wheatstone/error.hpp>

namespace wheatstone::cli {
namespace {

constexpr std::int64_t k_second = 1'000'000'000;
constexpr std::int64_t k_minute = 60 * k_second;
constexpr std::int64_t k_day = 24 * 60 * k_minute;

TypedTime covering(std::int64_t begin, std::int64_t length) { return {Time{begin}, Time{begin + length}}; }

// Takes a number of so many digits off `text`.
std::optional<int> digits(std::string_view& text, std::size_t count) {
  int number = 0;
  if (text.size() < count) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + count, number);
  if (error != std::errc() || end != text.data() + count || number < 0) return std::nullopt;
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> day(std::string_view& text) {
  const auto year = digits(text, 4);
  const bool first = take(text, "-");
  const auto month = digits(text, 2);
  const bool second = take(text, "-");
  const auto date = digits(text, 2);
  if (!year || !month || !date || !first || !second) return std::nullopt;
  const std::chrono::year_month_day found{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                          std::chrono::day(static_cast<unsigned>(*date))};
  // Nanoseconds of 64 bits reach from 1678 to 2262.
  if (!found.ok() || *year < 1700 || *year > 2200) return std::nullopt;
  return std::chrono::sys_days(found).time_since_epoch().count() * k_day;
}

std::optional<TypedTime> calendar(std::string_view text) {
  const auto date = day(text);
  if (!date) return std::nullopt;
  if (text.empty()) return covering(*date, k_day);
  if (!take(text, "T ")) return std::nullopt;
  const auto hour = digits(text, 2);
  const bool colon = take(text, ":");
  const auto minute = digits(text, 2);
  if (!hour || !colon || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  const std::int64_t at = *date + (*hour * 60 + *minute) * k_minute;
  if (text.empty() || text == "Z") return covering(at, k_minute);
  if (!take(text, ":")) return std::nullopt;
  const auto second = digits(text, 2);
  if (!second || *second > 60 || !(text.empty() || text == "Z")) return std::nullopt;
  return covering(at + *second * k_second, k_second);
}

std::optional<TypedTime> ago(std::string_view text, Time now) {
  struct Unit {
    std::string_view name;
    std::int64_t length;
  };
  constexpr std::array<Unit, 6> k_units = {
      {{"s", k_second}, {"m", k_minute}, {"min", k_minute}, {"h", 60 * k_minute}, {"d", k_day}, {"w", 7 * k_day}}};
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || count < 0 || count > 100000) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  for (const Unit& unit : k_units) {
    if (text == unit.name) return covering(now.nanoseconds - count * unit.length, 0);
  }
  return std::nullopt;
}

}  // namespace

TypedTime typed_time(std::string_view text, Time now) {
  const std::int64_t today = now.nanoseconds / k_day * k_day;
  if (text == "now") return covering(now.nanoseconds, 0);
  if (text == "today") return covering(today, k_day);
  if (text == "yesterday") return covering(today - k_day, k_day);
  if (const auto found = calendar(text)) return *found;
  if (const auto found = ago(text, now)) return *found;
  throw ConfigurationError(fmt::format(
      "'{}' is no time; give a day (2026-11-23), a minute (2026-11-23 10:15, UTC), today, yesterday, or how "
      "long ago (30min, 2h, 3d, 2w)",
      text));
}

Time wall_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return Time{std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()};
}

}  // namespace wheatstone::cli
