#pragma once
// What a column of a run is: its words, and the type its cells have in memory.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <wheatstone/value.hpp>

#include "io/document.hpp"

namespace wheatstone::storage {

/// What a column is for. Result columns may appear and widen while rows flow; the others are known at the start.
enum class ColumnRole : std::uint8_t { parameter, timestamp, result, uncertainty, timing };
[[nodiscard]] std::string_view name_of(ColumnRole role);

/// Before the names of timing columns as they are stored, so that parameters and results may have those names too.
constexpr std::string_view k_timing_prefix = "timing.";

struct ColumnSpec {
  std::string name;
  ColumnRole role = ColumnRole::result;
  Unit unit = {};
  std::string notes = {};
  /// Known kind, or none: the first value that is not null decides.
  std::optional<Value::Kind> kind = {};
  /// Where the column stands in tables: columns are shown by ascending group, then by order of being added. Lets an
  /// acquisition's late column follow its others, and an uncertainty its value.
  std::uint32_t group = 0;
};

/// The types of Arrow that chunks and parts use.
enum class Physical : std::uint8_t {
  none,  // "n"
  bit,   // "b"
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
  time,      // "tsn:UTC"
  text,      // "U"
  bytes,     // "Z"
  list,      // "+L": one child
  pair,      // "+w:2": one child; a complex number as an element
  record,    // "+s"
  duration,  // "tDn"
};

struct Field;

/// A type as a tree, in the order of Arrow's. `nullable` and `undecided` are said of elements only, of arrays and of
/// frames' columns.
struct Type {
  Type();
  explicit Type(Physical what);
  Type(Physical what, std::vector<Field> of);

  Physical physical = Physical::none;
  std::vector<Field> children;
  bool nullable = false;   ///< elements may be missing
  bool undecided = false;  ///< no element is there, so that the next one decides the type
  friend bool operator==(const Type&, const Type&);
};

struct Field {
  std::string name;
  Type type;
  friend bool operator==(const Field&, const Field&) = default;
};

inline Type::Type() = default;
inline Type::Type(Physical what) : physical(what) {}
inline Type::Type(Physical what, std::vector<Field> of) : physical(what), children(std::move(of)) {}
inline bool operator==(const Type& a, const Type& b) {
  return a.physical == b.physical && a.nullable == b.nullable && a.undecided == b.undecided && a.children == b.children;
}

/// Arrow's C data interface format string.
[[nodiscard]] std::string_view format_of(Physical physical);
/// Bytes of one value; 0 for types without a fixed whole number of bytes.
[[nodiscard]] std::size_t width_of(Physical physical);
[[nodiscard]] constexpr bool has_offsets(Physical p) {
  return p == Physical::text || p == Physical::bytes || p == Physical::list;
}

/// One column of a chunk, part or table.
struct ColumnInfo {
  std::string name = {};
  std::uint32_t number = 0;  ///< in order of being added
  std::uint32_t group = 0;
  Value::Kind kind = Value::Kind::null;
  ColumnRole role = ColumnRole::result;
  Unit unit = {};
  std::string notes = {};
  Type type = {};
};

/// The column's name as tables show it.
[[nodiscard]] std::string_view shown_name(const ColumnInfo& column);

/// The type of a kind's cells. REQUIRES: a kind whose type does not depend on the value (neither array nor frame).
[[nodiscard]] Type type_of(Value::Kind kind);
/// The type that a value's cell needs. Throws DataError for what cannot be kept (frame columns of several dimensions).
[[nodiscard]] Type type_of(const Value& value);

[[nodiscard]] Type element_type_of(DType dtype);
/// Of an array's elements: whether any is missing, and whether any is there, too.
[[nodiscard]] Type element_type_of(const Array& array);
/// REQUIRES: of an array's column or of a frame's column.
[[nodiscard]] inline const Type& element_in(const Type& list) { return list.children.front().type; }
[[nodiscard]] inline const Type& element_in_array(const Type& array) { return element_in(array.children[1].type); }
/// The element type of an array's values, a waveform's samples or a frame's column. REQUIRES: made by element_type_of.
[[nodiscard]] DType dtype_of(const Type& element);

/// A column as the format page describes it, without `buffers`; and back. from_document throws DataError for what this
/// version does not know.
[[nodiscard]] io::Document to_document(const ColumnInfo& column);
/// The text of that document, sooner: a run that adds a column with each row writes all of them each time.
[[nodiscard]] std::string to_text(const ColumnInfo& column);
[[nodiscard]] ColumnInfo column_from(const io::Document& document);

}  // namespace wheatstone::storage
