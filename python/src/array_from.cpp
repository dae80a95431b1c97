#include "array_from.hpp"

#include <nanobind/stl/complex.h>
#include <nanobind/stl/string.h>
#include <wheatstone/error.hpp>

#include <cmath>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "value.hpp"

namespace wheatstone::python {
namespace {

namespace nb = nanobind;

template <class T>
Array array_of(DType dtype, std::vector<std::size_t> shape, std::vector<T> elements) {
  auto data = std::make_shared<std::vector<T>>(std::move(elements));
  return {dtype, std::move(shape), std::shared_ptr<const void>(data, data->data())};
}

std::optional<DType> dtype_named(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(DType::complex128); ++i) {
    if (name_of(static_cast<DType>(i)) == name) return static_cast<DType>(i);
  }
  return std::nullopt;
}

// One level of nesting after another, until something that is no list.
class Nest {
 public:
  explicit Nest(nb::handle list) { descend(list, 0); }

  [[nodiscard]] const std::vector<std::size_t>& shape() const { return shape_; }
  [[nodiscard]] const std::vector<Value>& leaves() const { return leaves_; }

 private:
  void descend(nb::handle list, std::size_t depth) {
    const auto size = static_cast<std::size_t>(PySequence_Size(list.ptr()));
    enter(depth, size);
    for (std::size_t i = 0; i < size; ++i) {
      const nb::object item = nb::steal(PySequence_GetItem(list.ptr(), static_cast<Py_ssize_t>(i)));
      if (!item.is_valid()) throw nb::python_error();
      if (PyList_Check(item.ptr()) || PyTuple_Check(item.ptr())) {
        descend(item, depth + 1);
      } else if (depth + 1 == shape_.size()) {
        leaves_.push_back(value_from(item));
      } else {
        throw DataError("a list that holds both numbers and lists is no array; give its parts names of their own");
      }
    }
  }

  // Kept out of descend(): g++ 12 warns of the vector's growth where it is inlined into a recursion.
  [[gnu::noinline]] void enter(std::size_t depth, std::size_t size) {
    if (depth == shape_.size()) {
      if (!leaves_.empty())
        throw DataError("a list that holds both numbers and lists is no array; give its parts names of their own");
      shape_.push_back(size);
    } else if (shape_[depth] != size) {
      throw DataError("a list of lists of lengths " + std::to_string(shape_[depth]) + " and " + std::to_string(size) +
                      " is no array; pad it, or give its parts names of their own");
    }
  }

  std::vector<std::size_t> shape_;
  std::vector<Value> leaves_;
};

template <class T>
std::vector<T> all(const std::vector<Value>& leaves) {
  std::vector<T> elements;
  elements.reserve(leaves.size());
  for (const Value& leaf : leaves) elements.push_back(*leaf.get_if<T>());
  return elements;
}

// Whole numbers and floats together are floats, where every whole number has one.
std::vector<double> widened(const std::vector<Value>& leaves) {
  std::vector<double> elements;
  for (const Value& leaf : leaves) {
    if (const auto* whole = leaf.get_if<std::int64_t>()) {
      if (*whole > (std::int64_t{1} << 53) || *whole < -(std::int64_t{1} << 53)) {
        throw DataError("the integer " + std::to_string(*whole) +
                        " in a list with floats has no float of the same value");
      }
      elements.push_back(static_cast<double>(*whole));
    } else {
      elements.push_back(*leaf.get_if<double>());
    }
  }
  return elements;
}

Array strings_of(std::vector<std::size_t> shape, const std::vector<Value>& leaves) {
  return array_of(DType::text, std::move(shape), all<std::string>(leaves));
}

struct Kinds {
  bool only(Value::Kind kind) const { return mask == bit(kind); }
  bool among(Value::Kind a, Value::Kind b) const { return (mask & ~(bit(a) | bit(b))) == 0; }
  static unsigned bit(Value::Kind kind) { return 1U << static_cast<unsigned>(kind); }
  unsigned mask = 0;
};

Array array_of_leaves(const std::vector<std::size_t>& shape, const std::vector<Value>& leaves) {
  using enum Value::Kind;
  Kinds kinds;
  for (const Value& leaf : leaves) kinds.mask |= Kinds::bit(leaf.kind());
  if (leaves.empty() || kinds.only(real)) return array_of(DType::float64, shape, all<double>(leaves));
  if (kinds.only(integer)) return array_of(DType::int64, shape, all<std::int64_t>(leaves));
  if (kinds.among(integer, real)) return array_of(DType::float64, shape, widened(leaves));
  if (kinds.only(complex)) return array_of(DType::complex128, shape, all<std::complex<double>>(leaves));
  if (kinds.only(text)) return strings_of(shape, leaves);
  if (kinds.only(boolean)) {
    std::vector<std::uint8_t> bytes;
    for (const Value& leaf : leaves) bytes.push_back(*leaf.get_if<bool>() ? 1 : 0);
    return array_of(DType::boolean, shape, std::move(bytes));
  }
  std::string names;
  for (std::size_t i = 0; i <= static_cast<std::size_t>(frame); ++i) {
    if ((kinds.mask & (1U << i)) != 0)
      names += (names.empty() ? "" : " and ") + std::string(name_of(static_cast<Value::Kind>(i)));
  }
  throw DataError("a list of " + names + " cannot be kept as one array; give its parts names of their own");
}

// Shape and memory of a C-ordered array of plain numbers.
Array copied(nb::handle object, DType dtype) {
  const nb::object ordered = nb::module_::import_("numpy").attr("ascontiguousarray")(object);
  Py_buffer view{};
  if (PyObject_GetBuffer(ordered.ptr(), &view, PyBUF_ND) != 0) throw nb::python_error();
  std::vector<std::size_t> shape;
  for (const nb::handle extent : object.attr("shape")) shape.push_back(nb::cast<std::size_t>(extent));
  auto data = std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(view.len));
  if (view.len > 0) std::memcpy(data->data(), view.buf, static_cast<std::size_t>(view.len));
  PyBuffer_Release(&view);
  return {dtype, std::move(shape), std::shared_ptr<const void>(data, data->data())};
}

// Instants and durations are kept in nanoseconds, as far as these hold them exactly.
Array times_from(nb::handle object, std::string_view name, DType dtype) {
  const nb::object numpy = nb::module_::import_("numpy");
  const nb::object exact = object.attr("astype")(std::string(name_of(dtype)));
  const nb::object back = exact.attr("astype")(object.attr("dtype"));
  if (!nb::cast<bool>(numpy.attr("array_equal")(back.attr("view")("int64"), object.attr("view")("int64")))) {
    throw DataError("an array of " + std::string(name) +
                    " holds what nanoseconds in 64 bits cannot keep exactly; convert it to " +
                    std::string(name_of(dtype)) + " first");
  }
  return copied(exact.attr("view")("int64"), dtype);
}

}  // namespace

Array array_from(nb::handle object) {
  if (PyList_Check(object.ptr())) {
    const Nest nest(object);
    return array_of_leaves(nest.shape(), nest.leaves());
  }
  const nb::object dtype = object.attr("dtype");
  const auto name = nb::cast<std::string>(nb::str(dtype.attr("name")));
  const auto kind = nb::cast<std::string>(nb::str(dtype.attr("kind")));
  if (name == "float16") return copied(object.attr("astype")("float32"), DType::float32);
  if (const std::optional<DType> known = dtype_named(name))
    return copied(object.attr("astype")(name, nb::arg("copy") = false), *known);
  if (kind == "M") return times_from(object, name, DType::datetime64);
  if (kind == "m") return times_from(object, name, DType::timedelta64);
  if (kind == "U" || kind == "T" || kind == "O") {
    const nb::object items = object.attr("ravel")().attr("tolist")();
    const Nest nest(items);
    std::vector<std::size_t> shape;
    for (const nb::handle extent : object.attr("shape")) shape.push_back(nb::cast<std::size_t>(extent));
    if (kind != "O" && nest.leaves().empty())
      return array_of(DType::text, std::move(shape), std::vector<std::string>());
    return array_of_leaves(shape, nest.leaves());
  }
  throw DataError("an array of " + nb::cast<std::string>(nb::str(dtype)) +
                  " cannot be kept in a cell; convert it to numbers, booleans or text first");
}

Value list_from(nb::handle object) {
  const Nest nest(object);
  Value value(array_of_leaves(nest.shape(), nest.leaves()));
  if (!nest.leaves().empty()) {
    const Unit unit = nest.leaves().front().unit();
    bool one = true;
    for (const Value& leaf : nest.leaves()) one = one && leaf.unit() == unit;
    if (one) value.set_unit(unit);
  }
  return value;
}

}  // namespace wheatstone::python
