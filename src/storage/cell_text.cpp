#include "storage/cell_text.hpp"

#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "io/document.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone::storage {
namespace {

using Kind = Value::Kind;

/// With a point or an exponent, so that whoever guesses types from text sees no whole number.
std::string real_text(double value) {
  std::string text = base::shortest(value);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

void append_number(std::string& out, double value) {
  if (std::isfinite(value))
    out += real_text(value);
  else
    out += std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
}

void append_pair(std::string& out, double real, double imaginary) {
  out += '[';
  append_number(out, real);
  out += ',';
  append_number(out, imaginary);
  out += ']';
}

void append_instant(std::string& out, std::int64_t nanoseconds) {
  if (nanoseconds == std::numeric_limits<std::int64_t>::min())
    out += "null";
  else
    out += '"' + rfc3339(Time{nanoseconds}) + '"';
}

void append_element(std::string& out, const Array& array, std::size_t i) {
  if (array.is_missing(i)) {
    out += "null";
    return;
  }
  const auto number = [&]<class T>(T) { return static_cast<const T*>(array.data())[i]; };
  switch (array.dtype()) {
    case DType::boolean:
      out += number(std::uint8_t{}) != 0 ? "true" : "false";
      break;
    case DType::int8:
      out += std::to_string(number(std::int8_t{}));
      break;
    case DType::int16:
      out += std::to_string(number(std::int16_t{}));
      break;
    case DType::int32:
      out += std::to_string(number(std::int32_t{}));
      break;
    case DType::int64:
      out += std::to_string(number(std::int64_t{}));
      break;
    case DType::uint8:
      out += std::to_string(number(std::uint8_t{}));
      break;
    case DType::uint16:
      out += std::to_string(number(std::uint16_t{}));
      break;
    case DType::uint32:
      out += std::to_string(number(std::uint32_t{}));
      break;
    case DType::uint64:
      out += std::to_string(number(std::uint64_t{}));
      break;
    case DType::float32:
      append_number(out, static_cast<double>(number(float{})));
      break;
    case DType::float64:
      append_number(out, number(double{}));
      break;
    case DType::complex64: {
      const auto z = number(std::complex<float>{});
      append_pair(out, static_cast<double>(z.real()), static_cast<double>(z.imag()));
      break;
    }
    case DType::complex128: {
      const auto z = number(std::complex<double>{});
      append_pair(out, z.real(), z.imag());
      break;
    }
    case DType::text:
      append_json_text(out, static_cast<const std::string*>(array.data())[i]);
      break;
    case DType::datetime64:
      append_instant(out, number(std::int64_t{}));
      break;
    case DType::timedelta64: {
      const std::int64_t nanoseconds = number(std::int64_t{});
      out += nanoseconds == std::numeric_limits<std::int64_t>::min() ? "null" : std::to_string(nanoseconds);
      break;
    }
  }
}

void append_nested(std::string& out, const Array& array, std::size_t level, std::size_t& at) {
  if (level == array.shape().size()) {
    append_element(out, array, at++);
    return;
  }
  out += '[';
  for (std::size_t i = 0; i < array.shape()[level]; ++i) {
    if (i != 0) out += ',';
    append_nested(out, array, level + 1, at);
  }
  out += ']';
}

void append_array(std::string& out, const Array& array) {
  std::size_t at = 0;
  append_nested(out, array, 0, at);
}

void append_waveform(std::string& out, const Waveform& waveform) {
  out += "{\"t0\":";
  append_number(out, waveform.t0);
  out += ",\"dt\":";
  append_number(out, waveform.dt);
  out += ",\"samples\":[";
  for (std::size_t i = 0; i < waveform.samples.size(); ++i) {
    if (i != 0) out += ',';
    append_number(out, waveform.samples[i]);
  }
  out += "]}";
}

void append_frame(std::string& out, const Frame& frame) {
  out += '{';
  for (const auto& [name, column] : frame.columns) {
    if (out.back() != '{') out += ',';
    append_json_text(out, name);
    out += ':';
    append_array(out, column);
  }
  out += '}';
}

std::string hex(const Bytes& bytes) {
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string out;
  for (const std::byte b : bytes) {
    out += k_digits[std::to_integer<std::size_t>(b) >> 4];
    out += k_digits[std::to_integer<std::size_t>(b) & 15];
  }
  return out;
}

std::string complex_text(std::complex<double> z) {
  std::string imaginary = base::shortest(z.imag());
  if (imaginary.front() != '-') imaginary.insert(0, "+");
  return base::shortest(z.real()) + imaginary + "j";
}

}  // namespace

std::string field_text(const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      return {};
    case Kind::real:
      return real_text(*value.get_if<double>());
    case Kind::complex:
      return complex_text(*value.get_if<std::complex<double>>());
    case Kind::text:
      return *value.get_if<std::string>();
    case Kind::bytes:
      return hex(*value.get_if<Bytes>());
    case Kind::time:
      return rfc3339(*value.get_if<Time>());
    default:
      break;
  }
  std::string json;
  append_json(json, value);
  return json;
}

void append_json_text(std::string& out, std::string_view text) { out += io::Document(text).dump(); }

void append_json(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      out += "null";
      break;
    case Kind::boolean:
      out += *value.get_if<bool>() ? "true" : "false";
      break;
    case Kind::integer:
      out += std::to_string(*value.get_if<std::int64_t>());
      break;
    case Kind::real:
      append_number(out, *value.get_if<double>());
      break;
    case Kind::complex: {
      const std::complex<double> z = *value.get_if<std::complex<double>>();
      out += "{\"re\":";
      append_number(out, z.real());
      out += ",\"im\":";
      append_number(out, z.imag());
      out += '}';
      break;
    }
    case Kind::text:
      append_json_text(out, *value.get_if<std::string>());
      break;
    case Kind::bytes:
    case Kind::time:
      out += '"' + field_text(value) + '"';
      break;
    case Kind::array:
      append_array(out, **value.get_if<std::shared_ptr<const Array>>());
      break;
    case Kind::waveform:
      append_waveform(out, **value.get_if<std::shared_ptr<const Waveform>>());
      break;
    case Kind::frame:
      append_frame(out, **value.get_if<std::shared_ptr<const Frame>>());
      break;
  }
}

}  // namespace wheatstone::storage
