// Python objects as cells.

#include <nanobind/stl/complex.h>
#include <nanobind/stl/string.h>
#include <wheatstone/error.hpp>

#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "array_from.hpp"
#include "python_type.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

namespace nb = nanobind;

PythonType g_quantity{"wheatstone.quantity", "Quantity"};
PythonType g_result{"wheatstone.results", "MeasurementResult"};
PythonType g_reading{"wheatstone.results", "Reading"};
PythonType g_enum{"enum", "Enum"};
PythonType g_datetime{"datetime", "datetime"};
PythonType g_date{"datetime", "date"};
PythonType g_timedelta{"datetime", "timedelta"};
PythonType g_decimal{"decimal", "Decimal"};
PythonType g_fraction{"fractions", "Fraction"};
PythonType g_numpy_scalar{"numpy", "generic"};
PythonType g_numpy_array{"numpy", "ndarray"};
PythonType g_masked_array{"numpy.ma", "MaskedArray"};
PythonType g_numpy_datetime{"numpy", "datetime64"};
PythonType g_numpy_timedelta{"numpy", "timedelta64"};

std::string kind_of(nb::handle object) { return nb::cast<std::string>(nb::str(object.type().attr("__name__"))); }

Value integer_from(nb::handle object) {
  int overflow = 0;
  const long long value = PyLong_AsLongLongAndOverflow(object.ptr(), &overflow);
  if (overflow != 0) {
    throw DataError("the integer " + shown(object) + " is beyond int64, -2^63 to 2^63 - 1; make it a float or text");
  }
  if (value == -1 && PyErr_Occurred() != nullptr) throw nb::python_error();
  return Value(static_cast<std::int64_t>(value));
}

std::string text_from(nb::handle object) {
  Py_ssize_t size = 0;
  const char* const text = PyUnicode_AsUTF8AndSize(object.ptr(), &size);
  if (text == nullptr) {
    PyErr_Clear();
    throw DataError("the text " + shown(object) +
                    " holds half a surrogate pair and so is no valid Unicode; encode it as bytes");
  }
  return {text, static_cast<std::size_t>(size)};
}

Value bytes_from(nb::handle object) {
  const nb::object bytes = nb::steal(PyBytes_FromObject(object.ptr()));
  if (!bytes.is_valid()) throw nb::python_error();
  const auto* const data = reinterpret_cast<const std::byte*>(PyBytes_AsString(bytes.ptr()));
  return Value(Bytes(data, data + PyBytes_Size(bytes.ptr())));
}

std::int64_t attribute(nb::handle object, const char* name) { return nb::cast<std::int64_t>(object.attr(name)); }

// NumPy and pandas have instants and durations that are none, and differ from themselves.
bool is_not_a_time(nb::handle object) {
  const nb::object differs = nb::steal(PyObject_RichCompare(object.ptr(), object.ptr(), Py_NE));
  if (!differs.is_valid()) throw nb::python_error();
  return PyObject_IsTrue(differs.ptr()) == 1;
}

// Aware instants to the nanosecond; naive ones are local time, as Python's own timestamp() has it, and also where a
// package's own kind of datetime refuses to convert them.
Value time_from(nb::handle object) {
  if (is_not_a_time(object)) return Value();
  const nb::object timezone = nb::module_::import_("datetime").attr("timezone").attr("utc");
  const bool converts = !nb::hasattr(object, "to_pydatetime");
  const nb::object instant = converts ? nb::borrow(object) : object.attr("to_pydatetime")(nb::arg("warn") = false);
  const nb::object utc = instant.attr("astimezone")(timezone);
  const nb::object epoch = g_datetime.get()(1970, 1, 1, nb::arg("tzinfo") = timezone);
  const nb::object since = utc.attr("__sub__")(epoch);
  constexpr std::int64_t k_second = 1'000'000'000;
  std::int64_t seconds = 0;
  if (__builtin_mul_overflow(attribute(since, "days"), std::int64_t{86'400}, &seconds)) seconds = INT64_MAX;
  std::int64_t nanoseconds = 0;
  if (__builtin_mul_overflow(seconds + attribute(since, "seconds"), k_second, &nanoseconds)) {
    throw DataError("the instant " + shown(object) +
                    " is outside the years 1677 to 2262 that nanoseconds in int64 reach");
  }
  nanoseconds += attribute(since, "microseconds") * 1'000;
  if (nb::hasattr(object, "nanosecond")) nanoseconds += attribute(object, "nanosecond");
  return Value(Time{nanoseconds});
}

// Durations are numbers of seconds with that unit, so that they can be plotted and computed with.
Value duration_from(nb::handle seconds) {
  return Value::measured(PyFloat_AsDouble(nb::float_(seconds).ptr()), Unit("s"));
}

// A Decimal is kept where the float that is nearest to it, in the fewest digits that give that float back, is the same
// number: all of up to 15 digits.
Value decimal_from(nb::handle object) {
  const nb::float_ nearest(object);
  const double number = PyFloat_AsDouble(nearest.ptr());
  if (!std::isfinite(number) && !nb::cast<bool>(object.attr("is_finite")())) return Value(number);
  const nb::object back = g_decimal.get()(nb::repr(nearest));
  if (PyObject_RichCompareBool(back.ptr(), object.ptr(), Py_EQ) == 1) return Value(number);
  throw DataError("the Decimal " + shown(object) +
                  " has more digits than a float keeps; use float(...) of it, or str(...) to keep them all as text");
}

// Likewise a Fraction: where the float that is nearest to it is nearest to no simpler one.
Value fraction_from(nb::handle object) {
  const nb::object nearest = nb::steal(PyNumber_Float(object.ptr()));
  if (nearest.is_valid()) {
    const nb::object back = g_fraction.get()(nearest).attr("limit_denominator")(object.attr("denominator"));
    if (PyObject_RichCompareBool(back.ptr(), object.ptr(), Py_EQ) == 1) return Value(PyFloat_AsDouble(nearest.ptr()));
  }
  PyErr_Clear();  // above the largest float
  throw DataError("the Fraction " + shown(object) +
                  " has more digits than a float keeps; use float(...) of it, or str(...) to keep it as text");
}

Value numpy_scalar_from(nb::handle object) {
  if (g_numpy_timedelta.is_type_of(object)) {
    return duration_from(object.attr("__truediv__")(g_numpy_timedelta.get()(1, "s")));
  }
  if (g_numpy_datetime.is_type_of(object)) {
    if (is_not_a_time(object)) return Value();
    const nb::object exact = object.attr("astype")("datetime64[ns]");
    if (PyObject_RichCompareBool(exact.ptr(), object.ptr(), Py_EQ) != 1) {
      throw DataError("the instant " + shown(object) + " is not kept whole by nanoseconds in int64");
    }
    return Value(Time{nb::cast<std::int64_t>(exact.attr("astype")("int64").attr("item")())});
  }
  const nb::object item = object.attr("item")();
  if (g_numpy_scalar.is_type_of(item)) {
    throw DataError("a " + kind_of(object) + " has no column type that keeps it whole; use float(...) of it");
  }
  return value_from(item);
}

// An array without dimensions is one number.
Value numpy_array_from(nb::handle object) {
  if (g_masked_array.is_type_of(object) && nb::cast<bool>(nb::bool_(object.attr("mask").attr("any")()))) {
    throw DataError("an array with masked values cannot be kept whole; fill them, as with .filled(numpy.nan)");
  }
  if (nb::cast<int>(object.attr("ndim")) > 0) return Value(array_from(object));
  return value_from(object[nb::tuple()]);
}

Value with_unit(Value value, nb::handle unit) {
  if (PyUnicode_Check(unit.ptr()) && PyUnicode_GetLength(unit.ptr()) > 0 && value.unit().empty())
    value.set_unit(Unit(text_from(unit)));
  return value;
}

// A quantity is a number with a unit; its uncertainty goes into a table with the reading that it came from.
Value quantity_from(nb::handle object) {
  return Value::measured(PyFloat_AsDouble(object.ptr()), Unit(text_from(object.attr("_unit"))));
}

// What any package calls a number with a standard deviation.
Value uncertain_from(nb::handle object) {
  const double deviation = nb::cast<double>(nb::float_(object.attr("std_dev")));
  return Value::measured(nb::cast<double>(nb::float_(object.attr("nominal_value"))), Unit(), deviation);
}

Value result_from(nb::handle object) {
  if (g_reading.is_type_of(object)) return Value(nb::cast<const Reading&>(object.attr("native")));
  const nb::object values = object.attr("values");
  if (g_quantity.is_type_of(values)) {
    const Value number = quantity_from(values);
    return Value::measured(*number.get_if<double>(), number.unit(), nb::cast<double>(values.attr("_std_dev")));
  }
  return with_unit(value_from(values), object.attr("units"));
}

// A DataFrame of any kind, column by column, as wheatstone.frames takes it apart.
Value frame_from(nb::handle object) {
  const nb::object columns = nb::module_::import_("wheatstone.frames").attr("columns_of")(object);
  Frame frame;
  for (const nb::handle column : columns) {
    const Array elements = array_from(column[1]);
    if (column[2].is_none()) {
      frame.columns.emplace_back(text_from(column[0]), elements);
      continue;
    }
    const auto present = nb::cast<nb::bytes>(column[2]);
    const auto* const bytes = static_cast<const std::uint8_t*>(present.data());
    frame.columns.emplace_back(text_from(column[0]),
                               elements.with_missing(std::vector<std::uint8_t>(bytes, bytes + present.size())));
  }
  return Value(std::move(frame));
}

bool is_frame(nb::handle object) { return nb::hasattr(object, "columns") && nb::hasattr(object, "shape"); }
bool is_series(nb::handle object) { return nb::hasattr(object, "to_numpy") && nb::hasattr(object, "dtype"); }

[[noreturn]] void refuse(nb::handle object) {
  const std::string what =
      "a value of type " + kind_of(object) + " (" + shown(object) + ") cannot be kept in a table; ";
  if (g_date.is_type_of(object)) {
    throw DataError(what + "a day is no instant: use a datetime with its time zone, or the day as text, isoformat()");
  }
  if (PyMapping_Check(object.ptr()) != 0 && nb::hasattr(object, "keys")) {
    throw DataError(what + "give each of its entries a name of its own");
  }
  throw DataError(what + "give a number, text, bytes, datetime, array, list, DataFrame or None");
}

// Subclasses of Python's own scalars, and whatever else packages bring.
Value other_from(nb::handle object) {
  PyObject* const o = object.ptr();
  if (g_quantity.is_type_of(object)) return quantity_from(object);
  if (g_result.is_type_of(object)) return result_from(object);
  if (g_enum.is_type_of(object)) return Value(text_from(object.attr("name")));
  if (PyLong_Check(o)) return integer_from(object);
  if (PyFloat_Check(o)) return Value(PyFloat_AsDouble(o));
  if (PyComplex_Check(o)) return Value(std::complex<double>(PyComplex_RealAsDouble(o), PyComplex_ImagAsDouble(o)));
  if (PyUnicode_Check(o)) return Value(text_from(object));
  if (PyBytes_Check(o) || PyByteArray_Check(o) || PyMemoryView_Check(o)) return bytes_from(object);
  if (g_datetime.is_type_of(object)) return time_from(object);
  if (g_timedelta.is_type_of(object)) return duration_from(object.attr("total_seconds")());
  if (g_decimal.is_type_of(object)) return decimal_from(object);
  if (g_fraction.is_type_of(object)) return fraction_from(object);
  if (g_numpy_scalar.is_type_of(object)) return numpy_scalar_from(object);
  if (PyList_Check(o) || PyTuple_Check(o)) return list_from(object);
  if (g_numpy_array.is_type_of(object)) return numpy_array_from(object);
  if (nb::isinstance<Waveform>(object)) return Value(nb::cast<Waveform>(object));
  if (nb::hasattr(object, "nominal_value") && nb::hasattr(object, "std_dev")) return uncertain_from(object);
  if (is_series(object)) return Value(array_from(object.attr("to_numpy")()));
  if (is_frame(object) || nb::hasattr(object, "__arrow_c_stream__")) return frame_from(object);
  refuse(object);
}

}  // namespace

Value value_from(nb::handle object) {
  PyObject* const o = object.ptr();
  if (PyFloat_CheckExact(o)) return Value(PyFloat_AsDouble(o));
  if (o == Py_True || o == Py_False) return Value(o == Py_True);
  if (PyLong_CheckExact(o)) return integer_from(object);
  if (o == Py_None) return Value();
  if (PyUnicode_CheckExact(o)) return Value(text_from(object));
  return other_from(object);
}

}  // namespace wheatstone::python
