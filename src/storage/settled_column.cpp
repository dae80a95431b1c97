#include "storage/settled_column.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <wheatstone/error.hpp>

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

std::string element_name(const Type& list) { return std::string(name_of(dtype_of(list.children.front().type))); }

void settle_array(ColumnInfo& column, const Value& value, const Refusal& refuse) {
  const Type type = type_of(value);
  if (type == column.type) return;
  refuse("an array of " + element_name(column.type.children[1].type) + " met one of " +
         element_name(type.children[1].type) + "; convert it first");
}

void settle_frame(ColumnInfo& column, const Value& value, const Refusal& refuse) {
  for (const Field& field : type_of(value).children) {
    const auto found = std::ranges::find(column.type.children, field.name, &Field::name);
    if (found == column.type.children.end())
      column.type.children.push_back(field);
    else if (found->type != field.type) {
      refuse("the frame's column '" + field.name + "' of " + element_name(found->type) + " met " +
             element_name(field.type));
    }
  }
}

}  // namespace

std::optional<Value> fitted_array(const ColumnInfo& column, const Value& value) {
  const Array& array = **value.get_if<std::shared_ptr<const Array>>();
  const DType wanted = dtype_of(column.type.children[1].type.children.front().type);
  if (array.dtype() == wanted) return std::nullopt;
  std::vector<double> reals;
  if (array.element_count() != 0) {
    if (wanted != DType::float64 || array.dtype() != DType::int64) return std::nullopt;
    const std::span ints(static_cast<const std::int64_t*>(array.data()), array.element_count());
    if (!std::ranges::all_of(ints, exact_as_real)) return std::nullopt;
    reals.assign(ints.begin(), ints.end());
  }
  const auto kept = std::make_shared<const std::vector<double>>(std::move(reals));
  Value fitted(Array(wanted, array.shape(), std::shared_ptr<const void>(kept, kept->data())));
  fitted.set_unit(value.unit());
  return fitted;
}

ColumnInfo settled_column(const ColumnInfo& column, const Value& value, std::uint64_t row,
                          const std::function<bool()>& beyond_53_bits) {
  ColumnInfo settled = column;
  if (value.is_null()) return settled;
  const Refusal refuse(column, row);
  if (column.kind == Kind::null) {
    settled.kind = value.kind();
    settled.type = type_of(value);
    return settled;
  }
  if (column.kind == Kind::integer && value.kind() == Kind::real) {
    if (beyond_53_bits()) {
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
  if (column.kind == Kind::frame) settle_frame(settled, value, refuse);
  if (column.kind == Kind::array) settle_array(settled, value, refuse);
  return settled;
}

}  // namespace wheatstone::storage
