#include "storage/element_type.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>

namespace wheatstone::storage {
namespace {

bool is_signed(DType t) { return t >= DType::int8 && t <= DType::int64; }
bool is_unsigned(DType t) { return t >= DType::uint8 && t <= DType::uint64; }
bool is_whole(DType t) { return is_signed(t) || is_unsigned(t); }
bool is_real(DType t) { return t == DType::float32 || t == DType::float64; }
bool is_complex(DType t) { return t == DType::complex64 || t == DType::complex128; }
bool is_wide(DType t) { return t == DType::int64 || t == DType::uint64; }

std::optional<DType> signed_of(std::size_t bytes) {
  switch (bytes) {
    case 1:
      return DType::int8;
    case 2:
      return DType::int16;
    case 4:
      return DType::int32;
    case 8:
      return DType::int64;
    default:
      return std::nullopt;
  }
}

std::optional<DType> united_whole(DType a, DType b) {
  if (is_signed(a) == is_signed(b)) return size_of(a) >= size_of(b) ? a : b;
  const DType without_sign = is_signed(a) ? b : a;
  const DType with_sign = is_signed(a) ? a : b;
  return signed_of(std::max(size_of(with_sign), 2 * size_of(without_sign)));
}

std::optional<DType> united(DType a, DType b) {
  if (a == b) return a;
  if (is_whole(a) && is_whole(b)) return united_whole(a, b);
  if (is_complex(a) && is_complex(b)) return DType::complex128;
  if (is_real(a) && is_real(b)) return DType::float64;
  if ((!is_real(a) || !is_whole(b)) && (!is_whole(a) || !is_real(b))) return std::nullopt;
  const DType whole = is_whole(a) ? a : b;
  const DType real = is_whole(a) ? b : a;
  return real == DType::float32 && size_of(whole) <= 2 ? DType::float32 : DType::float64;
}

std::int64_t whole_at(DType dtype, const void* data, std::size_t i) {
  const auto at = [&]<class T>(T) { return static_cast<std::int64_t>(static_cast<const T*>(data)[i]); };
  switch (dtype) {
    case DType::int8:
      return at(std::int8_t{});
    case DType::int16:
      return at(std::int16_t{});
    case DType::int32:
      return at(std::int32_t{});
    case DType::uint8:
      return at(std::uint8_t{});
    case DType::uint16:
      return at(std::uint16_t{});
    case DType::uint32:
      return at(std::uint32_t{});
    default:
      return at(std::int64_t{});  // a uint64 that is kept as int64, or the other way round, has the same bits
  }
}

double real_at(DType dtype, const void* data, std::size_t i) {
  if (dtype == DType::float32) return static_cast<double>(static_cast<const float*>(data)[i]);
  if (dtype == DType::float64) return static_cast<const double*>(data)[i];
  return static_cast<double>(whole_at(dtype, data, i));
}

template <class T, class Read>
std::shared_ptr<const void> made(std::size_t count, Read read) {
  auto out = std::make_shared<std::vector<T>>(count);
  for (std::size_t i = 0; i < count; ++i) (*out)[i] = static_cast<T>(read(i));
  return {out, out->data()};
}

/// Every whole number of the array, as the bits of an int64.
template <class Test>
bool any_whole(const Array& array, Test test) {
  const std::span words(static_cast<const std::int64_t*>(array.data()), array.element_count());
  return std::ranges::any_of(words, test);
}

Value kept_array(const Type& element, const Value& value) {
  const Array& array = **value.get_if<std::shared_ptr<const Array>>();
  if (array.dtype() == dtype_of(element)) return value;
  Value out(converted(array, dtype_of(element)));
  out.set_unit(value.unit());
  return out;
}

Value kept_frame(const Type& type, const Value& value) {
  Frame frame = **value.get_if<std::shared_ptr<const Frame>>();
  bool changed = false;
  for (auto& [name, array] : frame.columns) {
    const auto field = std::ranges::find(type.children, name, &Field::name);
    if (field == type.children.end() || dtype_of(element_in(field->type)) == array.dtype()) continue;
    array = converted(array, dtype_of(element_in(field->type)));
    changed = true;
  }
  if (!changed) return value;
  Value out(std::move(frame));
  out.set_unit(value.unit());
  return out;
}

}  // namespace

std::optional<Type> united_element(const Type& a, const Type& b) {
  Type type = a;
  if (a.undecided) {
    type = b;
  } else if (!b.undecided) {
    const std::optional<DType> dtype = united(dtype_of(a), dtype_of(b));
    if (!dtype) return std::nullopt;
    type = element_type_of(*dtype);
  }
  type.undecided = a.undecided && b.undecided;
  type.nullable = a.nullable || b.nullable;
  return type;
}

std::optional<Type> united_arrays(const Type& a, const Type& b) {
  std::optional<Type> element = united_element(element_in_array(a), element_in_array(b));
  if (!element) return std::nullopt;
  Type type = a;
  type.children[1].type.children.front().type = *std::move(element);
  return type;
}

std::optional<Type> united_frames(const Type& a, const Type& b) {
  Type type = a;
  for (const Field& field : b.children) {
    const auto found = std::ranges::find(type.children, field.name, &Field::name);
    if (found == type.children.end()) {
      type.children.push_back(field);
      continue;
    }
    std::optional<Type> element = united_element(element_in(found->type), element_in(field.type));
    if (!element) return std::nullopt;
    found->type.children.front().type = *std::move(element);
  }
  return type;
}

bool beyond_53_bits(const Array& array) {
  if (array.dtype() == DType::int64) return any_whole(array, [](std::int64_t each) { return !exact_as_real(each); });
  // As bits of a signed one, the largest are negative.
  return array.dtype() == DType::uint64 &&
         any_whole(array, [](std::int64_t each) { return each < 0 || !exact_as_real(each); });
}

bool holds(const Type& element, const Array& array) {
  const Type own = element_type_of(array);
  if (own.nullable && !element.nullable) return false;
  if (own.undecided) return true;
  if (element.undecided) return false;
  const DType wanted = dtype_of(element);
  if (wanted == array.dtype()) return true;
  if (is_wide(wanted) && is_wide(array.dtype())) return !any_whole(array, [](std::int64_t each) { return each < 0; });
  if (united(wanted, array.dtype()) != wanted) return false;
  return !is_real(wanted) || !beyond_53_bits(array);
}

std::shared_ptr<const void> converted(DType from, const void* data, std::size_t count, DType to) {
  const auto whole = [&](std::size_t i) { return whole_at(from, data, i); };
  const auto real = [&](std::size_t i) { return real_at(from, data, i); };
  switch (to) {
    case DType::int8:
      return made<std::int8_t>(count, whole);
    case DType::int16:
      return made<std::int16_t>(count, whole);
    case DType::int32:
      return made<std::int32_t>(count, whole);
    case DType::int64:
      return made<std::int64_t>(count, whole);
    case DType::uint8:
      return made<std::uint8_t>(count, whole);
    case DType::uint16:
      return made<std::uint16_t>(count, whole);
    case DType::uint32:
      return made<std::uint32_t>(count, whole);
    case DType::uint64:
      return made<std::uint64_t>(count, whole);
    case DType::float32:
      return made<float>(count, real);
    case DType::float64:
      return made<double>(count, real);
    case DType::complex128:
      return made<std::complex<double>>(
          count, [&](std::size_t i) { return std::complex<double>(static_cast<const std::complex<float>*>(data)[i]); });
    default:
      throw std::logic_error("elements of " + std::string(name_of(from)) + " do not become " +
                             std::string(name_of(to)));
  }
}

Array converted(const Array& array, DType to) {
  const std::size_t n = array.element_count();
  const bool is_undecided = element_type_of(array).undecided;
  std::shared_ptr<const void> data;
  if (!is_undecided) {
    data = converted(array.dtype(), array.data(), n, to);
  } else if (to == DType::text) {
    data = made<std::string>(n, [](std::size_t) { return std::string(); });
  } else {
    data = made<std::byte>(n * size_of(to), [](std::size_t) { return std::byte{}; });
  }
  Array out(to, array.shape(), std::move(data));
  if (!array.has_missing()) return out;
  return out.with_missing(std::vector<std::uint8_t>(array.present(), array.present() + n));
}

Value fitted(const ColumnInfo& column, Value value) {
  const auto* integer = value.get_if<std::int64_t>();
  if (integer != nullptr && column.kind == Value::Kind::real) return Value(static_cast<double>(*integer));
  if (value.kind() != column.kind) return value;
  if (column.kind == Value::Kind::array) return kept_array(element_in_array(column.type), value);
  if (column.kind == Value::Kind::frame) return kept_frame(column.type, value);
  return value;
}

}  // namespace wheatstone::storage
