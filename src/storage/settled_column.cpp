#include "storage/settled_column.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <wheatstone/error.hpp>

#include "storage/element_type.hpp"

namespace wheatstone::storage {
namespace {

using Kind = Value::Kind;

/// Names where and why a value does not fit.
class Refusal {
 public:
  Refusal(const ColumnInfo& column, std::uint64_t row) : column_(column), row_(row) {}
  [[noreturn]] void operator()(const std::string& why) const {
    throw DataError("row " + std::to_string(row_) + ", column '" + column_.name + "': " + why);
  }

 private:
  const ColumnInfo& column_;
  std::uint64_t row_;
};

const Array& array_in(const Value& value) { return **value.get_if<std::shared_ptr<const Array>>(); }
const Frame& frame_in(const Value& value) { return **value.get_if<std::shared_ptr<const Frame>>(); }

bool is_float(const Type& element) {
  return element.physical == Physical::float32 || element.physical == Physical::float64;
}

/// The element type that holds what is stored and the array too.
Type settled_element(const Type& element, const Array& array, const std::string& what, const Refusal& refuse,
                     const std::function<bool()>& stored_beyond) {
  if (holds(element, array)) return element;
  const Type own = element_type_of(array);
  const std::optional<Type> both = united_element(element, own);
  if (!both) {
    refuse(what + " of " + std::string(name_of(dtype_of(element))) + " met one of " +
           std::string(name_of(array.dtype())) + ", and nothing holds both; convert it first");
  }
  const bool becomes_float = is_float(*both) && !element.undecided && !is_float(element);
  if (is_float(*both) && (beyond_53_bits(array) || (becomes_float && stored_beyond()))) {
    refuse(what + " of " + std::string(name_of(dtype_of(element))) + " met one of " +
           std::string(name_of(array.dtype())) +
           ", and integers beyond 2^53 are among them, which a float64 cannot all hold exactly; return floats from "
           "the start");
  }
  return *both;
}

void settle_array(ColumnInfo& column, const Value& value, const Refusal& refuse, const Beyond53Bits& beyond) {
  Type& element = column.type.children[1].type.children.front().type;
  static_cast<void>(type_of(value));  // refuses what no cell keeps
  element = settled_element(element, array_in(value), "an array", refuse, [&] { return beyond(""); });
}

void settle_frame(ColumnInfo& column, const Value& value, const Refusal& refuse, const Beyond53Bits& beyond) {
  const Type own = type_of(value);
  for (std::size_t i = 0; i < own.children.size(); ++i) {
    const auto& [name, array] = frame_in(value).columns[i];
    const auto found = std::ranges::find(column.type.children, name, &Field::name);
    if (found == column.type.children.end()) {
      column.type.children.push_back(own.children[i]);
      continue;
    }
    Type& element = found->type.children.front().type;
    element =
        settled_element(element, array, "the frame's column '" + name + "'", refuse, [&] { return beyond(name); });
  }
}

}  // namespace

bool keeps(const ColumnInfo& column, const Value& value) {
  if (column.kind == Kind::array) {
    return !array_in(value).has_missing() && holds(element_in_array(column.type), array_in(value));
  }
  const auto& columns = frame_in(value).columns;
  return std::ranges::all_of(columns, [&](const auto& each) {
    const auto found = std::ranges::find(column.type.children, each.first, &Field::name);
    return found != column.type.children.end() && each.second.shape().size() == 1 &&
           holds(element_in(found->type), each.second);
  });
}

ColumnInfo settled_column(const ColumnInfo& column, const Value& value, std::uint64_t row, const Beyond53Bits& beyond) {
  ColumnInfo settled = column;
  if (value.is_null()) return settled;
  const Refusal refuse(column, row);
  if (column.kind == Kind::null) {
    settled.kind = value.kind();
    settled.type = type_of(value);
    return settled;
  }
  if (column.kind == Kind::integer && value.kind() == Kind::real) {
    if (beyond("")) {
      refuse(
          "an int64 column that holds integers beyond 2^53 met a float64, which cannot hold them all exactly; return "
          "floats from the start");
    }
    settled.kind = Kind::real;
    settled.type = type_of(Kind::real);
    return settled;
  }
  if (column.kind == Kind::real && value.kind() == Kind::integer) {
    const std::int64_t integer = *value.get_if<std::int64_t>();
    if (!exact_as_real(integer)) {
      refuse("the int64 " + std::to_string(integer) + " is beyond 2^53 and cannot be kept exactly in a float64 column");
    }
    return settled;
  }
  if (column.kind != value.kind()) {
    refuse("a column of " + std::string(wheatstone::name_of(column.kind)) + " met a value of " +
           std::string(wheatstone::name_of(value.kind())) +
           "; a column keeps one kind, use another name for the other");
  }
  if (column.kind == Kind::frame) settle_frame(settled, value, refuse, beyond);
  if (column.kind == Kind::array) settle_array(settled, value, refuse, beyond);
  return settled;
}

}  // namespace wheatstone::storage
