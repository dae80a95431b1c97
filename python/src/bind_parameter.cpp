#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/series.hpp>

#include "bindings.hpp"

namespace wheatstone::python {
namespace {

double item(const Series& self, std::ptrdiff_t i) {
  const auto size = static_cast<std::ptrdiff_t>(self.size());
  if (i < 0) i += size;
  if (i < 0 || i >= size) throw nb::index_error("the series has no value of that number");
  return self[static_cast<std::size_t>(i)];
}

nb::list part(const Series& self, const nb::slice& slice) {
  const auto [start, stop, step, length] = slice.compute(self.size());
  nb::list values;
  for (std::size_t k = 0; k < length; ++k) {
    values.append(self[static_cast<std::size_t>(start + static_cast<std::ptrdiff_t>(k) * step)]);
  }
  return values;
}

std::string shown(const Series& self) {
  std::string text = self.text();
  if (!self.unit().empty()) text.insert(text.size() - 1, ", unit='" + self.unit() + "'");
  return text;
}

}  // namespace

void bind_parameter(nb::module_& module) {
  nb::class_<Series>(module, "Series",
                     "Numbers that are computed by position, so that a thousand million of them cost nothing. As the "
                     "values of a parameter it gives the parameter its unit.")
      .def("__len__", &Series::size)
      .def("__getitem__", &item, nb::arg("i"))
      .def("__getitem__", &part, nb::arg("part"))
      .def(
          "__eq__",
          [](const Series& self, nb::handle other) -> nb::object {
            if (!nb::isinstance<Series>(other) && !nb::isinstance<nb::list>(other))
              return nb::borrow(Py_NotImplemented);
            const nb::list mine(nb::cast(std::vector<double>(self)));
            return nb::bool_(mine.equal(nb::list(nb::borrow(other))));
          },
          nb::sig("def __eq__(self, other: object, /) -> bool"))
      .def(
          "__array__",
          [](const Series& self, nb::handle dtype, nb::handle) {
            return nb::module_::import_("numpy").attr("array")(std::vector<double>(self), nb::arg("dtype") = dtype);
          },
          nb::arg("dtype") = nb::none(), nb::arg("copy") = nb::none())
      .def("__repr__", &shown)
      .def_prop_ro("unit", &Series::unit, "Empty where none was given.");
  module.def("linspace", &linspace, nb::arg("start"), nb::arg("stop"), nb::arg("count"), nb::arg("unit") = "",
             "`count` values in equal steps from `start` to `stop`, both included.");
  module.def("logspace", &logspace, nb::arg("start"), nb::arg("stop"), nb::arg("count"), nb::arg("base") = 10.0,
             nb::arg("unit") = "", "`count` powers of `base`, their exponents in equal steps from `start` to `stop`.");
  module.def("geomspace", &geomspace, nb::arg("start"), nb::arg("stop"), nb::arg("count"), nb::arg("unit") = "",
             "`count` values, each the same multiple of the one before, from `start` to `stop`.");
  module.def("arange", &arange, nb::arg("start"), nb::arg("stop"), nb::arg("step") = 1.0, nb::arg("unit") = "",
             "`start`, `start + step` and so on, as long as they are before `stop`.");
  module.def("steps", &steps, nb::arg("start"), nb::arg("stop"), nb::arg("step"), nb::arg("unit") = "",
             "`start`, `start + step` and so on to `stop`, and with it where a step comes to it.");
}

}  // namespace wheatstone::python
