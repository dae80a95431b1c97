#include "python_plan.hpp"

#include <fmt/core.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/adaptive.hpp>
#include <wheatstone/error.hpp>

#include <utility>

#include "bindings.hpp"
#include "python_call.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

/// An object with ask() and tell(point, row), and perhaps begin(parameters), along and description.
class PythonPlan final : public AdaptivePlan {
 public:
  PythonPlan(nb::object plan, MeasurementSession& session) : plan_(std::move(plan)), session_(session) {
    const nb::object described = nb::getattr(plan_, "description", nb::none());
    description_ =
        PyUnicode_Check(described.ptr()) ? utf8_of(described) : utf8_of(nb::handle(plan_.type()).attr("__qualname__"));
    const nb::object along = nb::getattr(plan_, "along", nb::none());
    if (PyUnicode_Check(along.ptr())) along_ = utf8_of(along);
  }
  ~PythonPlan() override {
    const nb::gil_scoped_acquire held;
    plan_.reset();
  }

  void begin(const std::vector<std::string>& parameters) override {
    names_ = parameters;
    if (!nb::hasattr(plan_, "begin")) return;
    try {
      plan_.attr("begin")(nb::cast(parameters));
    } catch (const nb::python_error& error) {
      throw raised_in_loop(error, &session_);
    }
  }

  std::optional<Row> ask() override {
    try {
      return row_from(plan_.attr("ask")());
    } catch (const nb::python_error& error) {
      throw raised_in_loop(error, &session_);
    }
  }

  void tell(const Point& point, const Row& row) override {
    try {
      nb::dict parameters;
      for (const std::string& name : names_) parameters[text_of(name)] = object_from(point[name]);
      plan_.attr("tell")(parameters, dict_from(row, false));
    } catch (const nb::python_error& error) {
      throw raised_in_loop(error, &session_);
    }
  }

  [[nodiscard]] std::string along() const override { return along_; }
  [[nodiscard]] std::string description() const override { return description_; }

 private:
  [[nodiscard]] std::optional<Row> row_from(const nb::object& proposed) const {
    if (proposed.is_none()) return std::nullopt;
    Row row;
    if (PyDict_Check(proposed.ptr())) {
      for (const auto& [key, value] : nb::borrow<nb::dict>(proposed)) {
        row.push_back({utf8_of(nb::str(key)), value_from(value)});
      }
      return row;
    }
    const bool is_sequence = PyTuple_Check(proposed.ptr()) || PyList_Check(proposed.ptr());
    const nb::list values = is_sequence ? nb::list(proposed) : nb::list(nb::make_tuple(proposed));
    if (nb::len(values) != names_.size()) {
      throw ConfigurationError(fmt::format("it proposed {} values for {} parameters; propose one for each, or a dict",
                                           nb::len(values), names_.size()));
    }
    for (std::size_t k = 0; k < names_.size(); ++k) row.push_back({names_[k], value_from(values[k])});
    return row;
  }

  nb::object plan_;
  MeasurementSession& session_;
  std::string description_;
  std::string along_;
  std::vector<std::string> names_;
};

PointList points_from(nb::handle names, nb::handle points) {
  PointList list;
  list.names = nb::cast<std::vector<std::string>>(names);
  for (const nb::handle point : points) {
    std::vector<Value> values;
    for (const nb::handle value : point) {
      try {
        values.push_back(value_from(value));
      } catch (const DataError& error) {
        throw DataError(fmt::format("point {}, value {}: {}", list.points.size(), values.size(), error.what()));
      }
    }
    list.points.push_back(std::move(values));
  }
  return list;
}

}  // namespace

Order order_from(nb::handle given, MeasurementSession& session) {
  if (PyUnicode_Check(given.ptr())) return order_named(utf8_of(given));
  if (nb::isinstance<AdaptivePlan>(given)) return nb::cast<std::shared_ptr<AdaptivePlan>>(given);
  if (nb::hasattr(given, "ask")) return std::make_shared<PythonPlan>(nb::borrow(given), session);
  return points_from(given[0], given[1]);
}

std::function<bool(const Row&)> until_from(nb::object function, bool timestamp_as_seconds,
                                           MeasurementSession& session) {
  if (function.is_none()) return {};
  return [function = std::move(function), timestamp_as_seconds, &session](const Row& row) {
    try {
      const nb::object held = function(dict_from(row, timestamp_as_seconds));
      const int truth = PyObject_IsTrue(held.ptr());
      if (truth < 0) throw nb::python_error();
      return truth == 1;
    } catch (const nb::python_error& error) {
      throw raised_in_loop(error, &session);
    }
  };
}

void bind_plan(nb::module_& module) {
  nb::class_<AdaptivePlan>(module, "AdaptivePlan", "Proposes a point, is told its row, and proposes the next.")
      .def_prop_ro("description", &AdaptivePlan::description, "How it was made.")
      .def("__repr__", &AdaptivePlan::description);
  nb::class_<Bisection, AdaptivePlan>(module, "Bisection", "The search for where a result crosses a threshold.")
      .def_prop_ro("crossing", &Bisection::crossing,
                   "The parameter's value there, to half the tolerance; None before it is found.");
  module.def(
      "refine",
      [](std::string parameter, std::string of, std::pair<double, double> between, std::size_t points) {
        return refine(std::move(parameter), {.of = std::move(of), .between = between, .points = points});
      },
      nb::arg("parameter"), nb::kw_only(), nb::arg("of"), nb::arg("between"), nb::arg("points") = 50,
      "An order that takes `points` points of the curve of a result over a parameter, most where it bends.");
  module.def(
      "bisect",
      [](std::string parameter, std::string of, double threshold, std::pair<double, double> between, double tolerance) {
        return bisect(std::move(parameter),
                      {.of = std::move(of), .threshold = threshold, .between = between, .tolerance = tolerance});
      },
      nb::arg("parameter"), nb::kw_only(), nb::arg("of"), nb::arg("threshold"), nb::arg("between"),
      nb::arg("tolerance") = 1e-3,
      "An order that searches for where a result crosses a threshold, until it is known to `tolerance`.");
}

}  // namespace wheatstone::python
