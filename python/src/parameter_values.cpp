#include "parameter_values.hpp"

#include <fmt/core.h>
#include <nanobind/stl/shared_ptr.h>
#include <wheatstone/error.hpp>
#include <wheatstone/series.hpp>

#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "python_values.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

namespace nb = nanobind;

class Cells final : public ParameterValues {
 public:
  explicit Cells(std::vector<Value> values) : values_(std::move(values)) {}
  [[nodiscard]] std::size_t size() const override { return values_.size(); }
  void get(std::size_t i, Value& out) const override { out = values_[i]; }

 private:
  std::vector<Value> values_;
};

class RangeValues final : public ParameterValues {
 public:
  RangeValues(std::int64_t start, std::int64_t step, std::size_t size) : start_(start), step_(step), size_(size) {}
  [[nodiscard]] std::size_t size() const override { return size_; }
  // Unsigned, where the way from one end to the other may be longer than an int64.
  void get(std::size_t i, Value& out) const override {
    out = Value(static_cast<std::int64_t>(static_cast<std::uint64_t>(start_) +
                                          static_cast<std::uint64_t>(i) * static_cast<std::uint64_t>(step_)));
  }
  [[nodiscard]] std::optional<Value::Kind> one_kind() const override { return Value::Kind::integer; }
  [[nodiscard]] std::string rule() const override {
    return fmt::format("range of {} from {} by {}", size_, start_, step_);
  }

 private:
  std::int64_t start_;
  std::int64_t step_;
  std::size_t size_;
};

std::int64_t whole(const nb::object& number) { return *value_from(number).get_if<std::int64_t>(); }

std::shared_ptr<const ParameterValues> range_values(nb::handle range) {
  if (nb::cast<bool>(nb::bool_(nb::borrow(range)))) {
    const std::int64_t first = whole(range[0]);
    const std::int64_t last = whole(range[-1]);
    const std::size_t size = nb::len(range);
    return std::make_shared<const RangeValues>(first, size > 1 || first != last ? whole(range.attr("step")) : 1, size);
  }
  return std::make_shared<const Cells>(std::vector<Value>());
}

template <class T>
std::shared_ptr<const ParameterValues> copied(const Py_buffer& view) {
  std::vector<T> numbers(static_cast<std::size_t>(view.len) / sizeof(T));
  if (view.len > 0) std::memcpy(numbers.data(), view.buf, numbers.size() * sizeof(T));
  return std::make_shared<const detail::ListedValues<T>>(std::move(numbers));
}

std::shared_ptr<const ParameterValues> packed_values(nb::handle memory) {
  Py_buffer view{};
  if (PyObject_GetBuffer(memory.ptr(), &view, PyBUF_ND | PyBUF_FORMAT) != 0) throw nb::python_error();
  auto values = *view.format == 'd' ? copied<double>(view) : copied<std::int64_t>(view);
  PyBuffer_Release(&view);
  return values;
}

std::shared_ptr<const ParameterValues> listed_values(nb::handle list) {
  std::vector<Value> cells;
  cells.reserve(nb::len(list));
  for (const nb::handle value : list) {
    try {
      cells.push_back(value_from(value));
    } catch (const DataError& error) {
      throw DataError(fmt::format("value {}: {}", cells.size(), error.what()));
    }
  }
  return std::make_shared<const Cells>(std::move(cells));
}

}  // namespace

std::shared_ptr<const ParameterValues> parameter_values(std::string_view name, nb::handle values) {
  try {
    if (values.is_none()) return std::make_shared<const PythonOpen>();
    if (nb::isinstance<PythonStream>(values)) return nb::cast<std::shared_ptr<PythonStream>>(values);
    if (nb::isinstance<PythonDependent>(values)) return nb::cast<std::shared_ptr<PythonDependent>>(values);
    if (nb::isinstance<Series>(values)) return nb::cast<const Series&>(values).values();
    if (nb::isinstance(values, nb::handle(reinterpret_cast<PyObject*>(&PyRange_Type)))) return range_values(values);
    if (PyMemoryView_Check(values.ptr())) return packed_values(values);
    return listed_values(values);
  } catch (const DataError& error) {
    throw DataError(fmt::format("parameter '{}', {}", name, error.what()));
  }
}

}  // namespace wheatstone::python
