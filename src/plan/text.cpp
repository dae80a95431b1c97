#include "plan/text.hpp"

#include <fmt/core.h>

#include <complex>

#include "base/text.hpp"

namespace wheatstone::plan {

std::string text_of(const Value& value) {
  if (const bool* b = value.get_if<bool>()) return *b ? "true" : "false";
  if (const std::int64_t* i = value.get_if<std::int64_t>()) return std::to_string(*i);
  if (const double* d = value.get_if<double>()) return base::shortest(*d);
  if (const std::string* s = value.get_if<std::string>()) return "'" + *s + "'";
  if (const auto* z = value.get_if<std::complex<double>>()) {
    return fmt::format("{}{}{}j", base::shortest(z->real()), z->imag() < 0 ? "" : "+", base::shortest(z->imag()));
  }
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
