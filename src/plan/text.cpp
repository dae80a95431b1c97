#include "plan/text.hpp"

#include <fmt/core.h>

#include <array>
#include <complex>
#include <ctime>

#include "base/text.hpp"

namespace wheatstone::plan {

namespace {

/// "2026-11-23T10:15:02.5Z".
std::string text_of_instant(Time time) {
  constexpr std::int64_t k_second = 1'000'000'000;
  const std::int64_t rest = (time.nanoseconds % k_second + k_second) % k_second;
  const std::time_t seconds = (time.nanoseconds - rest) / k_second;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 32> text;
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::string fraction = rest == 0 ? "" : fmt::format(".{:09}", rest);
  while (fraction.ends_with('0')) fraction.pop_back();
  return std::string(text.data(), size) + fraction + "Z";
}

}  // namespace

std::string text_of(const Value& value) {
  if (const bool* b = value.get_if<bool>()) return *b ? "true" : "false";
  if (const std::int64_t* i = value.get_if<std::int64_t>()) return std::to_string(*i);
  if (const double* d = value.get_if<double>()) return base::shortest(*d);
  if (const std::string* s = value.get_if<std::string>()) return "'" + *s + "'";
  if (const auto* z = value.get_if<std::complex<double>>()) {
    return fmt::format("{}{}{}j", base::shortest(z->real()), z->imag() < 0 ? "" : "+", base::shortest(z->imag()));
  }
  if (const Time* time = value.get_if<Time>()) return text_of_instant(*time);
  return std::string(name_of(value.kind()));
}

std::string text_of(const Place& place) {
  std::string text;
  for (std::size_t k = 0; k < place.values.size(); ++k) {
    if (place.values[k].is_null()) continue;
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", place.names[k], text_of(place.values[k]));
  }
  return text;
}

}  // namespace wheatstone::plan
