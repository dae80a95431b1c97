#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <wheatstone/error.hpp>
#include <wheatstone/reading.hpp>
#include <wheatstone/value.hpp>

namespace wheatstone {
inline namespace v1 {
namespace {

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

bool same_array(const Array& a, const Array& b) {
  if (a.dtype() != b.dtype() || a.shape() != b.shape() || a.has_missing() != b.has_missing()) return false;
  const std::size_t n = a.element_count();
  if (a.has_missing() && !std::equal(a.present(), a.present() + n, b.present())) return false;
  if (a.dtype() == DType::text) {
    const auto* x = static_cast<const std::string*>(a.data());
    const auto* y = static_cast<const std::string*>(b.data());
    return std::equal(x, x + n, y);
  }
  const auto* x = static_cast<const std::byte*>(a.data());
  const auto* y = static_cast<const std::byte*>(b.data());
  return std::equal(x, x + n * size_of(a.dtype()), y);
}

bool same_samples(const Waveform& a, const Waveform& b) {
  return same_bits(a.t0, b.t0) && same_bits(a.dt, b.dt) && a.unit == b.unit &&
         std::equal(a.samples.begin(), a.samples.end(), b.samples.begin(), b.samples.end(), same_bits);
}

bool same_frame(const Frame& a, const Frame& b) {
  return std::equal(a.columns.begin(), a.columns.end(), b.columns.begin(), b.columns.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first && same_array(x.second, y.second); });
}

}  // namespace

std::size_t size_of(DType dtype) {
  switch (dtype) {
    case DType::boolean:
    case DType::int8:
    case DType::uint8:
      return 1;
    case DType::int16:
    case DType::uint16:
      return 2;
    case DType::int32:
    case DType::uint32:
    case DType::float32:
      return 4;
    case DType::int64:
    case DType::uint64:
    case DType::float64:
    case DType::datetime64:
    case DType::timedelta64:
    case DType::complex64:
      return 8;
    case DType::complex128:
      return 16;
    case DType::text:
      break;
  }
  throw std::logic_error("elements of text have no fixed size");
}

std::string_view name_of(DType dtype) {
  constexpr std::string_view k_names[] = {
      "bool",   "int8",    "int16",   "int32",     "int64",      "uint8", "uint16",         "uint32",
      "uint64", "float32", "float64", "complex64", "complex128", "str",   "datetime64[ns]", "timedelta64[ns]"};
  return k_names[static_cast<std::size_t>(dtype)];
}

std::string_view name_of(Value::Kind kind) {
  constexpr std::string_view k_names[] = {"null",  "bool", "int64", "float64",  "complex", "text",
                                          "bytes", "time", "array", "waveform", "frame"};
  return k_names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(ReadingStatus status) {
  constexpr std::string_view k_names[] = {"ok", "overload", "overload low", "not a number"};
  return k_names[static_cast<std::size_t>(status)];
}

Array Array::with_missing(std::vector<std::uint8_t> present) const {
  const std::size_t n = element_count();
  if (present.size() != n) {
    throw ConfigurationError("an array of " + std::to_string(n) + " elements was told of " +
                             std::to_string(present.size()) + " which are missing; say it of each");
  }
  if (std::find(present.begin(), present.end(), std::uint8_t{0}) == present.end()) return Array(dtype_, shape_, data_);
  Array out(dtype_, shape_, nullptr);
  if (dtype_ == DType::text) {
    const auto* texts = static_cast<const std::string*>(data());
    auto kept = std::make_shared<std::vector<std::string>>(n);
    for (std::size_t i = 0; i < n; ++i) {
      if (present[i] != 0) (*kept)[i] = texts[i];
    }
    out.data_ = std::shared_ptr<const void>(kept, kept->data());
  } else {
    const std::size_t width = size_of(dtype_);
    const auto* bytes = static_cast<const std::byte*>(data());
    auto kept = std::make_shared<std::vector<std::byte>>(n * width);
    for (std::size_t i = 0; i < n; ++i) {
      if (present[i] != 0) std::copy_n(bytes + i * width, width, kept->data() + i * width);
    }
    out.data_ = std::shared_ptr<const void>(kept, kept->data());
  }
  out.present_ = std::make_shared<const std::vector<std::uint8_t>>(std::move(present));
  return out;
}

void detail::throw_integer_above_int64(std::uint64_t value) {
  throw DataError("the integer " + std::to_string(value) +
                  " is above the largest int64, 9223372036854775807; make it a float or text");
}

Value::Value(const Reading& reading)
    : content_(reading.value), unit_(reading.unit), uncertainty_(reading.uncertainty) {}

bool Value::identical(const Value& other) const {
  if (kind() != other.kind() || unit_ != other.unit_) return false;
  if (!same_bits(uncertainty_, other.uncertainty_) && !(std::isnan(uncertainty_) && std::isnan(other.uncertainty_)))
    return false;
  return std::visit(
      [&](const auto& mine) {
        using T = std::decay_t<decltype(mine)>;
        const T& theirs = std::get<T>(other.content_);
        if constexpr (std::same_as<T, double>)
          return same_bits(mine, theirs);
        else if constexpr (std::same_as<T, std::complex<double>>)
          return same_bits(mine.real(), theirs.real()) && same_bits(mine.imag(), theirs.imag());
        else if constexpr (std::same_as<T, std::shared_ptr<const Array>>)
          return same_array(*mine, *theirs);
        else if constexpr (std::same_as<T, std::shared_ptr<const Waveform>>)
          return same_samples(*mine, *theirs);
        else if constexpr (std::same_as<T, std::shared_ptr<const Frame>>)
          return same_frame(*mine, *theirs);
        else
          return mine == theirs;
      },
      content_);
}

}  // namespace v1
}  // namespace wheatstone
