#include "cell_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "terminal.hpp"
#include "text.hpp"

namespace wheatstone::cli {
namespace {

using Kind = Value::Kind;

std::string number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return fmt::format("{}", value);
}

// As exports write it: a whole number among others that are not keeps its kind.
std::string in_full(double value) {
  std::string text = number(value);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

std::string complex_number(std::complex<double> value) { return fmt::format("{}{:+}j", value.real(), value.imag()); }

std::string shape_of(const Value& value) {
  if (const auto* const array = value.get_if<std::shared_ptr<const Array>>()) {
    return fmt::format("{}[{}]", name_of((*array)->dtype()), fmt::join((*array)->shape(), "x"));
  }
  if (const auto* const waveform = value.get_if<std::shared_ptr<const Waveform>>()) {
    return fmt::format("waveform[{}]", (*waveform)->samples.size());
  }
  if (const auto* const frame = value.get_if<std::shared_ptr<const Frame>>()) {
    return fmt::format("frame[{} columns]", (*frame)->columns.size());
  }
  return fmt::format("bytes[{}]", value.get_if<Bytes>()->size());
}

}  // namespace

std::string cell_text(const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      return {};
    case Kind::boolean:
      return *value.get_if<bool>() ? "true" : "false";
    case Kind::integer:
      return fmt::format("{}", *value.get_if<std::int64_t>());
    case Kind::real:
      return in_full(*value.get_if<double>());
    case Kind::complex:
      return complex_number(*value.get_if<std::complex<double>>());
    case Kind::text:
      return *value.get_if<std::string>();
    case Kind::time:
      return rfc3339(*value.get_if<Time>());
    case Kind::bytes:
    case Kind::array:
    case Kind::waveform:
    case Kind::frame:
      break;
  }
  return shape_of(value);
}

std::string brief_cell_text(const Value& value) {
  if (value.is_null()) return "null";
  if (const Time* const time = value.get_if<Time>()) return rfc3339(*time).substr(0, 23);
  if (const double* const real = value.get_if<double>()) {
    const std::string shortest = number(*real);
    return shortest.size() <= 12 ? shortest : fmt::format("{:.7g}", *real);
  }
  return printable(cell_text(value));
}

}  // namespace wheatstone::cli
