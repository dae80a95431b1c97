#include <nanobind/stl/vector.h>
#include <wheatstone/parameter.hpp>

#include "bindings.hpp"

namespace wheatstone::python {

void bind_parameter(nb::module_& module) {
  module.def("linspace", &linspace, nb::arg("start"), nb::arg("stop"), nb::arg("count"),
             "`count` values from `start` to `stop`, both included.");
}

}  // namespace wheatstone::python
