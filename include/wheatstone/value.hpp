#pragma once
// What a cell of a row can hold.

#include <complex>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>
#include <wheatstone/duration.hpp>
#include <wheatstone/export.hpp>
#include <wheatstone/unit.hpp>

namespace wheatstone {
inline namespace v1 {

struct Reading;

using Bytes = std::vector<std::byte>;

/// Element types of arrays, as NumPy names them.
enum class DType : std::uint8_t {
  boolean,  // one byte an element
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float32,
  float64,
  complex64,
  complex128,
  text,         // elements are std::string
  datetime64,   // nanoseconds since 1970-01-01 UTC; the least std::int64_t is NumPy's "not a time"
  timedelta64,  // nanoseconds; likewise
};

/// Bytes an element takes in memory. REQUIRES: not DType::text.
[[nodiscard]] WHEATSTONE_API std::size_t size_of(DType dtype);
/// NumPy's name: "float64", "bool", "str".
[[nodiscard]] WHEATSTONE_API std::string_view name_of(DType dtype);

/// An n-dimensional array in C order (last index fastest), immutable and shared by its copies. Elements may be missing
/// in a column of a Frame; an array that is a cell of its own has them all.
class Array {
 public:
  Array() = default;

  /// Shares `data`, which holds element_count() elements of `dtype`; for text it points at a std::string array.
  Array(DType dtype, std::vector<std::size_t> shape, std::shared_ptr<const void> data)
      : dtype_(dtype), shape_(std::move(shape)), data_(std::move(data)) {}

  /// A one-dimensional copy of numbers.
  template <class T>
    requires std::is_arithmetic_v<T>
  explicit Array(std::span<const T> values) : dtype_(dtype_of<T>()), shape_{values.size()} {
    auto copy = std::make_shared<std::vector<std::conditional_t<std::same_as<T, bool>, std::uint8_t, T>>>(
        values.begin(), values.end());
    data_ = std::shared_ptr<const void>(copy, copy->data());
  }

  /// A one-dimensional copy of numbers or texts, missing where there is none.
  template <class T>
    requires std::is_arithmetic_v<T> || std::same_as<T, std::string>
  explicit Array(std::span<const std::optional<T>> values) : shape_{values.size()} {
    using Element = std::conditional_t<std::same_as<T, bool>, std::uint8_t, T>;
    auto copy = std::make_shared<std::vector<Element>>();
    std::vector<std::uint8_t> present;
    for (const std::optional<T>& value : values) {
      copy->push_back(value ? static_cast<Element>(*value) : Element{});
      present.push_back(value.has_value());
    }
    if constexpr (std::same_as<T, std::string>)
      dtype_ = DType::text;
    else
      dtype_ = dtype_of<T>();
    data_ = std::shared_ptr<const void>(copy, copy->data());
    *this = with_missing(std::move(present));
  }

  /// These elements but those whose byte in `present` is 0, which are missing; nothing that stands in their place is
  /// kept. Throws ConfigurationError unless `present` has a byte for each element.
  [[nodiscard]] WHEATSTONE_API Array with_missing(std::vector<std::uint8_t> present) const;

  [[nodiscard]] DType dtype() const { return dtype_; }
  [[nodiscard]] const std::vector<std::size_t>& shape() const { return shape_; }
  [[nodiscard]] const void* data() const { return data_.get(); }
  [[nodiscard]] const std::shared_ptr<const void>& owner() const { return data_; }
  [[nodiscard]] bool has_missing() const { return present_ != nullptr; }
  [[nodiscard]] bool is_missing(std::size_t element) const { return present_ != nullptr && (*present_)[element] == 0; }
  /// A byte an element, 0 where it is missing; null where none is.
  [[nodiscard]] const std::uint8_t* present() const { return present_ != nullptr ? present_->data() : nullptr; }
  [[nodiscard]] std::size_t element_count() const {
    std::size_t n = 1;
    for (const std::size_t extent : shape_) n *= extent;
    return n;
  }

  template <class T>
  [[nodiscard]] static constexpr DType dtype_of() {
    if constexpr (std::same_as<T, bool>)
      return DType::boolean;
    else if constexpr (std::same_as<T, float>)
      return DType::float32;
    else if constexpr (std::floating_point<T>)
      return DType::float64;
    else if constexpr (sizeof(T) == 1)
      return std::is_signed_v<T> ? DType::int8 : DType::uint8;
    else if constexpr (sizeof(T) == 2)
      return std::is_signed_v<T> ? DType::int16 : DType::uint16;
    else if constexpr (sizeof(T) == 4)
      return std::is_signed_v<T> ? DType::int32 : DType::uint32;
    else
      return std::is_signed_v<T> ? DType::int64 : DType::uint64;
  }

 private:
  DType dtype_ = DType::float64;
  std::vector<std::size_t> shape_ = {0};
  std::shared_ptr<const void> data_;
  std::shared_ptr<const std::vector<std::uint8_t>> present_;
};

/// A sampled signal: sample k was taken at t0 + k * dt, in seconds relative to the trigger.
struct Waveform {
  double t0 = 0;
  double dt = 0;
  std::vector<double> samples = {};
  Unit unit = {};
};

/// A table in one cell: named columns of equal length, elements of which may be missing.
struct Frame {
  std::vector<std::pair<std::string, Array>> columns = {};
};

namespace detail {
template <class T>
concept NamedEnum = std::is_enum_v<T> && requires(T e) {
  { name_of(e) } -> std::convertible_to<std::string_view>;
};
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
                  !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;
[[noreturn]] WHEATSTONE_API void throw_integer_above_int64(std::uint64_t value);
}  // namespace detail

/// One cell: nothing, a scalar, text, bytes, an instant, an array, a waveform or a table; with a unit and a standard
/// uncertainty where known. A plain value type; heavy contents are shared by copies.
class Value {
 public:
  using Content =
      std::variant<std::monostate, bool, std::int64_t, double, std::complex<double>, std::string, Bytes, Time,
                   std::shared_ptr<const Array>, std::shared_ptr<const Waveform>, std::shared_ptr<const Frame>>;
  /// In the order of Content's alternatives.
  enum class Kind : std::uint8_t { null, boolean, integer, real, complex, text, bytes, time, array, waveform, frame };

  Value() = default;
  Value(std::nullopt_t) {}  // NOLINT: implicit by design, all below too
  template <std::same_as<bool> B>
  Value(B v) : content_(v) {}  // NOLINT
  template <detail::Integer I>
  Value(I v) : content_(narrowed(v)) {}  // NOLINT
  template <std::floating_point F>
  Value(F v) : content_(static_cast<double>(v)) {}  // NOLINT
  template <std::floating_point F>
  Value(std::complex<F> v) : content_(std::complex<double>(v)) {}  // NOLINT
  Value(std::string v) : content_(std::move(v)) {}                 // NOLINT
  Value(std::string_view v) : content_(std::string(v)) {}          // NOLINT
  Value(const char* v) : content_(std::string(v)) {}               // NOLINT
  template <detail::NamedEnum E>
  Value(E v) : content_(std::string(name_of(v))) {}                                // NOLINT
  Value(Bytes v) : content_(std::move(v)) {}                                       // NOLINT
  Value(Time v) : content_(v) {}                                                   // NOLINT
  Value(Array v) : content_(std::make_shared<const Array>(std::move(v))) {}        // NOLINT
  Value(Waveform v) : content_(std::make_shared<const Waveform>(std::move(v))) {}  // NOLINT
  Value(Frame v) : content_(std::make_shared<const Frame>(std::move(v))) {}        // NOLINT
  template <class T>
    requires std::is_arithmetic_v<T>
  Value(const std::vector<T>& v) : Value(array_of(v)) {}  // NOLINT
  WHEATSTONE_API Value(const Reading& reading);           // NOLINT
  template <class T>
    requires std::constructible_from<Value, const T&>
  Value(const std::optional<T>& v) {  // NOLINT
    if (v) *this = Value(*v);
  }

  /// A number with its unit and, where known, its standard uncertainty (k = 1) in that unit.
  static Value measured(double value, Unit unit, double uncertainty = std::numeric_limits<double>::quiet_NaN()) {
    Value v(value);
    v.unit_ = unit;
    v.uncertainty_ = uncertainty;
    return v;
  }

  [[nodiscard]] Kind kind() const { return static_cast<Kind>(content_.index()); }
  [[nodiscard]] bool is_null() const { return kind() == Kind::null; }
  [[nodiscard]] const Content& content() const { return content_; }
  template <class T>
  [[nodiscard]] const T* get_if() const {
    return std::get_if<T>(&content_);
  }
  [[nodiscard]] Unit unit() const { return unit_; }
  void set_unit(Unit unit) { unit_ = unit; }
  /// Standard uncertainty; NaN where unknown.
  [[nodiscard]] double uncertainty() const { return uncertainty_; }

  /// Equal bits of equal kind; units and uncertainties too. NaN equals NaN of the same bits.
  [[nodiscard]] WHEATSTONE_API bool identical(const Value& other) const;

 private:
  template <class I>
  static std::int64_t narrowed(I v) {
    if constexpr (std::unsigned_integral<I> && sizeof(I) >= 8) {
      if (v > static_cast<I>(INT64_MAX)) detail::throw_integer_above_int64(v);
    }
    return static_cast<std::int64_t>(v);
  }
  template <class T>
  static Array array_of(const std::vector<T>& v) {
    if constexpr (std::same_as<T, bool>) {
      auto copy = std::make_shared<std::vector<std::uint8_t>>(v.begin(), v.end());
      return Array(DType::boolean, {v.size()}, std::shared_ptr<const void>(copy, copy->data()));
    } else {
      return Array(std::span<const T>(v));
    }
  }

  Content content_;
  Unit unit_;
  double uncertainty_ = std::numeric_limits<double>::quiet_NaN();
};

/// "null", "bool", "int64", "float64", "complex", "text", "bytes", "time", "array", "waveform", "frame".
[[nodiscard]] WHEATSTONE_API std::string_view name_of(Value::Kind kind);

}  // namespace v1
}  // namespace wheatstone
