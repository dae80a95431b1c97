#include "python_condition.hpp"

#include "raised_in_python.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {

PythonCondition::~PythonCondition() {
  const nb::gil_scoped_acquire held;
  unbind();
}

void PythonCondition::bind(nb::object function, nb::dict constants,
                           std::vector<std::pair<std::string, std::size_t>> parameters) {
  function_ = std::move(function);
  constants_ = std::move(constants);
  parameters_ = std::move(parameters);
}

void PythonCondition::unbind() {
  function_.reset();
  constants_.reset();
}

bool PythonCondition::holds(const Point& next) {
  try {
    nb::dict arguments = nb::borrow<nb::dict>(constants_.attr("copy")());
    for (const auto& [name, ordinal] : parameters_) {
      arguments[text_of(name)] = object_from(next.data().values.at(ordinal));
    }
    const int truth = PyObject_IsTrue(function_(**arguments).ptr());
    if (truth < 0) throw nb::python_error();
    return truth != 0;
  } catch (const nb::python_error& error) {
    throw RaisedInPython(error);
  }
}

}  // namespace wheatstone::python
