#include "storage/column.hpp"

#include <algorithm>
#include <array>
#include <wheatstone/error.hpp>

namespace wheatstone::storage {
namespace {

constexpr std::array<std::string_view, 5> k_roles = {"parameter", "timestamp", "result", "uncertainty", "timing"};
constexpr std::array<std::string_view, 19> k_formats = {"n", "b", "c",       "s", "i", "l",  "C",    "S",  "I",  "L",
                                                        "f", "g", "tsn:UTC", "U", "Z", "+L", "+w:2", "+s", "tDn"};
constexpr std::size_t k_kinds = 11;

Type list_of(Type element) { return Type{Physical::list, {{"item", std::move(element)}}}; }

Type array_type(const Array& array) {
  if (array.has_missing()) {
    throw DataError(
        "an array with missing elements cannot be kept in a cell; keep it as the column of a frame, or fill them");
  }
  return Type{Physical::record,
              {{"shape", list_of(Type{Physical::int64})}, {"values", list_of(element_type_of(array))}}};
}

Type frame_type(const Frame& frame) {
  Type type{Physical::record};
  for (const auto& [name, array] : frame.columns) {
    if (array.shape().size() != 1) {
      throw DataError("the column '" + name + "' of a frame has " + std::to_string(array.shape().size()) +
                      " dimensions; a frame's columns have one, keep such data as an array of its own");
    }
    type.children.push_back({name, list_of(element_type_of(array))});
  }
  return type;
}

void add_type(io::Document& document, const Type& type) {
  document["format"] = format_of(type.physical);
  if (type.nullable) document["nullable"] = true;
  if (type.undecided) document["undecided"] = true;
  if (type.children.empty()) return;
  io::Document children = io::Document::array();
  for (const Field& field : type.children) {
    io::Document child = io::Document::object({{"name", field.name}});
    add_type(child, field.type);
    children.push_back(std::move(child));
  }
  document["children"] = std::move(children);
}

bool flag(const io::Document& document, std::string_view key) {
  const auto* member = document.find(key);
  const auto* value = member != nullptr ? member->get_if<bool>() : nullptr;
  return value != nullptr && *value;
}

Type type_from(const io::Document& document) {
  const std::string format = document.text({"format"});
  const auto found = std::find(k_formats.begin(), k_formats.end(), format);
  if (found == k_formats.end()) throw DataError("a column has the unknown type '" + format + "'");
  Type type{static_cast<Physical>(found - k_formats.begin())};
  type.nullable = flag(document, "nullable");
  type.undecided = flag(document, "undecided");
  if (const auto* children = document.find("children")) {
    for (const io::Document& child : children->items())
      type.children.push_back({child.text({"name"}), type_from(child)});
  }
  const bool one_child = type.physical == Physical::list || type.physical == Physical::pair;
  const bool nested = one_child || type.physical == Physical::record;
  if ((one_child && type.children.size() != 1) || (!nested && !type.children.empty())) {
    throw DataError("a column of type '" + format + "' has the wrong number of children");
  }
  return type;
}

std::int64_t number(const io::Document& document, std::string_view key) {
  const auto* member = document.find(key);
  const auto* value = member != nullptr ? member->get_if<std::int64_t>() : nullptr;
  return value != nullptr ? *value : 0;
}

io::Document dtype_document(const ColumnInfo& column) {
  const auto name = [](const Field& list) { return name_of(dtype_of(list.type.children.front().type)); };
  if (column.kind == Value::Kind::array) return {name(column.type.children.at(1))};
  io::Document names = io::Document::object();
  for (const Field& field : column.type.children) names[field.name] = name(field);
  return names;
}

/// A string as JSON.
std::string json_text(std::string_view text) {
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
  return plain ? "\"" + std::string(text) + "\"" : io::Document(text).dump();
}

}  // namespace

std::string_view name_of(ColumnRole role) { return k_roles[static_cast<std::size_t>(role)]; }

std::string_view format_of(Physical physical) { return k_formats[static_cast<std::size_t>(physical)]; }

std::size_t width_of(Physical physical) {
  switch (physical) {
    case Physical::int8:
    case Physical::uint8:
      return 1;
    case Physical::int16:
    case Physical::uint16:
      return 2;
    case Physical::int32:
    case Physical::uint32:
    case Physical::float32:
      return 4;
    case Physical::int64:
    case Physical::uint64:
    case Physical::float64:
    case Physical::time:
    case Physical::duration:
      return 8;
    default:
      return 0;
  }
}

Type element_type_of(DType dtype) {
  constexpr std::array<Physical, 16> k_types = {
      Physical::bit,    Physical::int8,   Physical::int16,  Physical::int32,   Physical::int64,   Physical::uint8,
      Physical::uint16, Physical::uint32, Physical::uint64, Physical::float32, Physical::float64, Physical::pair,
      Physical::pair,   Physical::text,   Physical::time,   Physical::duration};
  const Physical physical = k_types[static_cast<std::size_t>(dtype)];
  if (physical != Physical::pair) return Type{physical};
  return Type{Physical::pair, {{"item", Type{dtype == DType::complex64 ? Physical::float32 : Physical::float64}}}};
}

Type element_type_of(const Array& array) {
  Type type = element_type_of(array.dtype());
  type.nullable = array.has_missing();
  const std::size_t n = array.element_count();
  type.undecided =
      !type.nullable ? n == 0 : std::all_of(array.present(), array.present() + n, [](auto p) { return p == 0; });
  return type;
}

DType dtype_of(const Type& element) {
  switch (element.physical) {
    case Physical::bit:
      return DType::boolean;
    case Physical::int8:
      return DType::int8;
    case Physical::int16:
      return DType::int16;
    case Physical::int32:
      return DType::int32;
    case Physical::int64:
      return DType::int64;
    case Physical::uint8:
      return DType::uint8;
    case Physical::uint16:
      return DType::uint16;
    case Physical::uint32:
      return DType::uint32;
    case Physical::uint64:
      return DType::uint64;
    case Physical::float32:
      return DType::float32;
    case Physical::float64:
      return DType::float64;
    case Physical::text:
      return DType::text;
    case Physical::time:
      return DType::datetime64;
    case Physical::duration:
      return DType::timedelta64;
    case Physical::pair:
      return element.children.front().type.physical == Physical::float32 ? DType::complex64 : DType::complex128;
    default:
      break;
  }
  throw DataError("elements of type '" + std::string(format_of(element.physical)) + "' are unknown");
}

std::string_view shown_name(const ColumnInfo& column) {
  std::string_view name = column.name;
  if (column.role == ColumnRole::timing && name.starts_with(k_timing_prefix))
    name.remove_prefix(k_timing_prefix.size());
  return name;
}

Type type_of(Value::Kind kind) {
  using Kind = Value::Kind;
  switch (kind) {
    case Kind::null:
      return Type{Physical::none};
    case Kind::boolean:
      return Type{Physical::bit};
    case Kind::integer:
      return Type{Physical::int64};
    case Kind::real:
      return Type{Physical::float64};
    case Kind::complex:
      return Type{Physical::record, {{"re", Type{Physical::float64}}, {"im", Type{Physical::float64}}}};
    case Kind::text:
      return Type{Physical::text};
    case Kind::bytes:
      return Type{Physical::bytes};
    case Kind::time:
      return Type{Physical::time};
    case Kind::waveform:
      return Type{Physical::record,
                  {{"t0", Type{Physical::float64}},
                   {"dt", Type{Physical::float64}},
                   {"samples", list_of(Type{Physical::float64})}}};
    case Kind::array:
    case Kind::frame:
      break;
  }
  throw std::logic_error("the type of arrays and frames depends on their values");
}

Type type_of(const Value& value) {
  if (const auto* array = value.get_if<std::shared_ptr<const Array>>()) return array_type(**array);
  if (const auto* frame = value.get_if<std::shared_ptr<const Frame>>()) return frame_type(**frame);
  return type_of(value.kind());
}

io::Document to_document(const ColumnInfo& column) {
  io::Document document = io::Document::object({{"name", column.name},
                                                {"number", column.number},
                                                {"group", column.group},
                                                {"kind", name_of(column.kind)},
                                                {"role", name_of(column.role)},
                                                {"unit", column.unit.label()},
                                                {"notes", column.notes}});
  add_type(document, column.type);
  if (column.kind == Value::Kind::array || column.kind == Value::Kind::frame)
    document["dtype"] = dtype_document(column);
  return document;
}

std::string to_text(const ColumnInfo& column) {
  const bool has_dtype = column.kind == Value::Kind::array || column.kind == Value::Kind::frame;
  if (has_dtype || !column.type.children.empty()) return to_document(column).dump();
  std::string text = "{\"name\":" + json_text(column.name);
  text += ",\"number\":" + std::to_string(column.number) + ",\"group\":" + std::to_string(column.group);
  text += ",\"kind\":" + json_text(name_of(column.kind)) + ",\"role\":" + json_text(name_of(column.role));
  text += ",\"unit\":" + json_text(column.unit.label()) + ",\"notes\":" + json_text(column.notes);
  return text + ",\"format\":" + json_text(format_of(column.type.physical)) + "}";
}

ColumnInfo column_from(const io::Document& document) {
  ColumnInfo column;
  column.name = document.text({"name"});
  column.number = static_cast<std::uint32_t>(number(document, "number"));
  column.group = static_cast<std::uint32_t>(number(document, "group"));
  column.unit = Unit(document.text({"unit"}));
  column.notes = document.text({"notes"});
  const std::string role = document.text({"role"});
  const auto found = std::find(k_roles.begin(), k_roles.end(), role);
  if (found == k_roles.end()) throw DataError("the column '" + column.name + "' has the unknown role '" + role + "'");
  column.role = static_cast<ColumnRole>(found - k_roles.begin());
  const std::string kind = document.text({"kind"});
  std::size_t at = 0;
  while (at < k_kinds && name_of(static_cast<Value::Kind>(at)) != kind) ++at;
  if (at == k_kinds) throw DataError("the column '" + column.name + "' has the unknown kind '" + kind + "'");
  column.kind = static_cast<Value::Kind>(at);
  column.type = type_from(document);
  const bool by_value = column.kind == Value::Kind::array || column.kind == Value::Kind::frame;
  if (!by_value && column.type != type_of(column.kind)) {
    throw DataError("the column '" + column.name + "' is called " + kind + " and is of another type");
  }
  return column;
}

}  // namespace wheatstone::storage
