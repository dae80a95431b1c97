#include "python_values.hpp"

#include <fmt/core.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/error.hpp>

#include "bindings.hpp"
#include "parameter_values.hpp"
#include "value.hpp"

namespace wheatstone::python {

PythonStream::~PythonStream() {
  const nb::gil_scoped_acquire held;
  source_.reset();
}

bool PythonStream::has(std::size_t i) const {
  try {
    while (pulled_.size() <= i) {
      if (!nb::cast<bool>(source_.attr("has")(pulled_.size()))) return false;
      pulled_.push_back(value_from(source_[pulled_.size()]));
    }
  } catch (const nb::python_error& error) {
    throw raised_in_loop(error, nullptr);
  } catch (const DataError& error) {
    throw DataError(fmt::format("parameter '{}', value {}: {}", name_, pulled_.size(), error.what()));
  }
  return true;
}

PythonDependent::~PythonDependent() {
  const nb::gil_scoped_acquire held;
  unbind();
}

void PythonDependent::bind(nb::object function, const std::vector<Argument>& arguments, nb::object listed) {
  call_.bind(std::move(function), arguments);
  listed_ = std::move(listed);
}

void PythonDependent::unbind() {
  call_.unbind();
  listed_.reset();
  current_.reset();
}

std::shared_ptr<const ParameterValues> PythonDependent::at(const Point& outer) const {
  try {
    current_ = listed_(name_, call_(outer));
    return parameter_values(name_, current_);
  } catch (const nb::python_error& error) {
    throw call_.raised(error);
  }
}

void bind_values(nb::module_& module) {
  nb::class_<PythonStream>(module, "StreamedValues", "Values of a parameter, pulled when they are needed.")
      .def(nb::init<std::string>(), nb::arg("name"))
      .def("bind", &PythonStream::bind, nb::arg("source"))
      .def("unbind", &PythonStream::unbind);
  nb::class_<PythonDependent>(module, "DependentValues", "Values of a parameter, made from those of outer ones.")
      .def(nb::init<std::string>(), nb::arg("name"))
      .def(
          "bind",
          [](PythonDependent& self, nb::object function, const std::vector<GivenArgument>& arguments,
             nb::object listed) { self.bind(std::move(function), arguments_from(arguments), std::move(listed)); },
          nb::arg("function"), nb::arg("arguments"), nb::arg("listed"))
      .def("unbind", &PythonDependent::unbind)
      .def("__getitem__", &PythonDependent::item, nb::arg("i"));
}

}  // namespace wheatstone::python
