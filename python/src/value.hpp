#pragma once
// Python objects as cells and back.

#include <nanobind/nanobind.h>

#include <string>
#include <wheatstone/reading.hpp>
#include <wheatstone/value.hpp>

namespace wheatstone::python {

/// The cell that holds a Python object without loss: bool, int, float, complex, str, bytes, datetime, enum members by
/// name, NumPy scalars and arrays, lists and tuples of one kind, Series and DataFrames, quantities, readings and
/// numbers of the package `uncertainties`. Throws DataError naming the type of anything else, or what would be lost.
/// The caller holds the interpreter's lock.
[[nodiscard]] Value value_from(nanobind::handle object);

/// A cell as Python sees it: a number with a unit or an uncertainty as a Quantity, an instant as a datetime in UTC (to
/// the microsecond), an array as NumPy's (shared, read-only), a frame as Polars'.
[[nodiscard]] nanobind::object object_from(const Value& value);

/// A reading as wheatstone.experiments.Reading.
[[nodiscard]] nanobind::object object_from(const Reading& reading);

/// `float` or `Quantity`.
[[nodiscard]] nanobind::object number_from(double value, Unit unit, double uncertainty);

}  // namespace wheatstone::python
