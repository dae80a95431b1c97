#pragma once
// The values of a parameter as the session holds them: cells, or for plain numbers something smaller.

#include <nanobind/nanobind.h>

#include <memory>
#include <string_view>
#include <wheatstone/parameter.hpp>

namespace wheatstone::python {

/// Of a list, whose items may be anything that a cell holds; of a range or a Series, which are computed value by value;
/// of a memoryview of float64 or int64, whose numbers are copied; of a PythonStream or PythonDependent itself; or none,
/// of None. Throws DataError naming the parameter and the value that
/// no cell holds.
[[nodiscard]] std::shared_ptr<const ParameterValues> parameter_values(std::string_view name, nanobind::handle values);

}  // namespace wheatstone::python
