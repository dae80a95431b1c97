#pragma once
// Arrays and lists of Python as arrays of cells.

#include <nanobind/nanobind.h>

#include <wheatstone/value.hpp>

namespace wheatstone::python {

/// A copy of a NumPy array, with its dtype and shape, or of a list of text. Throws DataError naming a dtype that no
/// cell keeps.
[[nodiscard]] Array array_from(nanobind::handle object);

/// A list or tuple, nested ones included, whose leaves are of one kind (whole numbers and floats mix where nothing is
/// lost). Quantities of one unit give the array that unit. Throws DataError where it is ragged or mixed.
[[nodiscard]] Value list_from(nanobind::handle object);

}  // namespace wheatstone::python
