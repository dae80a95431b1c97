// Cells as Python objects.

#include <nanobind/ndarray.h>
#include <nanobind/stl/complex.h>
#include <nanobind/stl/string.h>

#include <cmath>
#include <string>
#include <vector>

#include "python_type.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

namespace nb = nanobind;

PythonType g_quantity{"wheatstone.quantity", "Quantity"};
PythonType g_reading{"wheatstone.results", "Reading"};
PythonType g_datetime{"datetime", "datetime"};

nb::dlpack::dtype dlpack_type(DType dtype) {
  using Code = nb::dlpack::dtype_code;
  Code code = Code::Float;
  switch (dtype) {
    case DType::boolean:
      code = Code::Bool;
      break;
    case DType::int8:
    case DType::int16:
    case DType::int32:
    case DType::int64:
    case DType::datetime64:
    case DType::timedelta64:
      code = Code::Int;
      break;
    case DType::uint8:
    case DType::uint16:
    case DType::uint32:
    case DType::uint64:
      code = Code::UInt;
      break;
    case DType::complex64:
    case DType::complex128:
      code = Code::Complex;
      break;
    case DType::float32:
    case DType::float64:
    case DType::text:
      break;
  }
  return {static_cast<std::uint8_t>(code), static_cast<std::uint8_t>(size_of(dtype) * 8), 1};
}

nb::object texts(const Array& array) {
  nb::list items;
  const auto* const text = static_cast<const std::string*>(array.data());
  for (std::size_t i = 0; i < array.element_count(); ++i) items.append(text_of(text[i]));
  nb::list shape;
  for (const std::size_t extent : array.shape()) shape.append(extent);
  const nb::module_ numpy = nb::module_::import_("numpy");
  return numpy.attr("array")(items, nb::arg("dtype") = numpy.attr("str_")).attr("reshape")(nb::tuple(shape));
}

nb::object array_object(const Array& array) {
  if (array.dtype() == DType::text) return texts(array);
  auto* const owner = new std::shared_ptr<const void>(array.owner());
  const nb::capsule keeper(owner, [](void* p) noexcept { delete static_cast<std::shared_ptr<const void>*>(p); });
  const nb::object numbers = nb::cast(nb::ndarray<nb::numpy, nb::ro>(
      array.data(), array.shape().size(), array.shape().data(), keeper, nullptr, dlpack_type(array.dtype())));
  const bool is_time = array.dtype() == DType::datetime64 || array.dtype() == DType::timedelta64;
  return is_time ? numbers.attr("view")(text_of(name_of(array.dtype()))) : numbers;
}

nb::object frame_object(const Frame& frame) {
  nb::list columns;
  for (const auto& [name, array] : frame.columns) {
    nb::object present = nb::none();
    if (array.has_missing()) present = nb::bytes(array.present(), array.element_count());
    columns.append(nb::make_tuple(text_of(name), array_object(array), present));
  }
  return nb::module_::import_("wheatstone.frames").attr("frame_of")(columns);
}

nb::object time_object(Time time) {
  constexpr std::int64_t k_second = 1'000'000'000;
  std::int64_t seconds = time.nanoseconds / k_second;
  std::int64_t rest = time.nanoseconds % k_second;
  if (rest < 0) {
    rest += k_second;
    --seconds;
  }
  const nb::module_ datetime = nb::module_::import_("datetime");
  const nb::object utc = datetime.attr("timezone").attr("utc");
  const nb::object whole = g_datetime.get()(1970, 1, 1, nb::arg("tzinfo") = utc);
  return whole + datetime.attr("timedelta")(nb::arg("seconds") = seconds, nb::arg("microseconds") = rest / 1'000);
}

struct ObjectOf {
  nb::object operator()(std::monostate) const { return nb::none(); }
  nb::object operator()(bool v) const { return nb::bool_(v); }
  nb::object operator()(std::int64_t v) const { return nb::int_(v); }
  nb::object operator()(double v) const { return nb::float_(v); }
  nb::object operator()(std::complex<double> v) const { return nb::cast(v); }
  nb::object operator()(const std::string& v) const { return text_of(v); }
  nb::object operator()(const Bytes& v) const { return nb::bytes(v.data(), v.size()); }
  nb::object operator()(Time v) const { return time_object(v); }
  nb::object operator()(const std::shared_ptr<const Array>& v) const { return array_object(*v); }
  nb::object operator()(const std::shared_ptr<const Waveform>& v) const { return nb::cast(*v); }
  nb::object operator()(const std::shared_ptr<const Frame>& v) const { return frame_object(*v); }
};

}  // namespace

nb::object number_from(double value, Unit unit, double uncertainty) {
  if (unit.empty() && std::isnan(uncertainty)) return nb::float_(value);
  return g_quantity.get()(value, text_of(unit.label()), uncertainty);
}

nb::object object_from(const Value& value) {
  if (const double* number = value.get_if<double>()) return number_from(*number, value.unit(), value.uncertainty());
  return std::visit(ObjectOf{}, value.content());
}

nb::object object_from(const Reading& reading) { return g_reading.get()(nb::cast(reading)); }

}  // namespace wheatstone::python
