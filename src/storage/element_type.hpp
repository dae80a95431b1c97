#pragma once
// What the elements of arrays, and of the columns of frames, become together.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <wheatstone/value.hpp>

#include "storage/column.hpp"

namespace wheatstone::storage {

/// True for ints that a float64 holds exactly.
[[nodiscard]] constexpr bool exact_as_real(std::int64_t value) {
  constexpr std::int64_t k_exact = std::int64_t{1} << 53;
  return value >= -k_exact && value <= k_exact;
}

/// The least element type that holds those of both, as NumPy promotes them: whole numbers become wider ones or floats,
/// floats and complex numbers wider ones; undecided elements become any. None where there is none, as for numbers and
/// text, and for int64 and uint64. Whether an int64 among floats is exact, the caller asks.
[[nodiscard]] std::optional<Type> united_element(const Type& a, const Type& b);

/// The same of whole columns: arrays, or frames column by column. None where elements do not unite.
[[nodiscard]] std::optional<Type> united_arrays(const Type& a, const Type& b);
[[nodiscard]] std::optional<Type> united_frames(const Type& a, const Type& b);

/// True where elements hold a whole number that a float64 cannot.
[[nodiscard]] bool beyond_53_bits(const Array& array);

/// True where a column of this element type keeps the array as it is or converted, without loss.
[[nodiscard]] bool holds(const Type& element, const Array& array);

/// Elements of a decided type in another one that united_element() gave, or that holds() said holds them.
[[nodiscard]] std::shared_ptr<const void> converted(DType from, const void* data, std::size_t count, DType to);
[[nodiscard]] Array converted(const Array& array, DType to);

/// A value as the column keeps it: ints among floats, arrays and frames of narrower elements. REQUIRES: the column's
/// type is one that holds it.
[[nodiscard]] Value fitted(const ColumnInfo& column, Value value);

}  // namespace wheatstone::storage
