#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/error.hpp>
#include <wheatstone/experiment.hpp>

#include <memory>

#include "arrow_stream.hpp"
#include "bindings.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

// The consumer takes what the stream holds and leaves the capsule; what nobody took is released with it.
void release_stream(PyObject* capsule) {
  auto* const stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, "arrow_array_stream"));
  if (stream == nullptr) {
    PyErr_Clear();
    return;
  }
  if (stream->release != nullptr) stream->release(stream);
  delete stream;
}

nb::object arrow_stream(const Experiment& self, nb::handle) {
  auto stream = std::make_unique<ArrowArrayStream>();
  self.to_arrow(stream.get());
  PyObject* const capsule = PyCapsule_New(stream.get(), "arrow_array_stream", release_stream);
  if (capsule == nullptr) throw nb::python_error();
  (void)stream.release();
  return nb::steal(capsule);
}

void bind_column(nb::module_& module) {
  nb::class_<Column>(module, "Column", "One column of an experiment's table.")
      .def_ro("name", &Column::name)
      .def_ro("type", &Column::type)
      .def_prop_ro(
          "unit", [](const Column& self) { return text_of(self.unit.label()); }, nb::sig("def unit(self) -> str"))
      .def_ro("role", &Column::role, "\"parameter\", \"timestamp\", \"result\", \"uncertainty\" or \"timing\".")
      .def_ro("notes", &Column::notes)
      .def("__repr__", [](const Column& self) {
        return "Column('" + self.name + "', " + self.type + ", '" + std::string(self.unit.label()) + "', " + self.role +
               ")";
      });
}

/// A name with its value, unit and uncertainty (NaN: not known).
nb::list results_of(const Baseline& baseline) {
  nb::list results;
  for (const Row::Entry& entry : baseline.results) {
    const double* const number = entry.value.get_if<double>();
    results.append(nb::make_tuple(text_of(entry.key),
                                  number != nullptr ? nb::float_(*number) : object_from(entry.value),
                                  text_of(entry.value.unit().label()), entry.value.uncertainty()));
  }
  return results;
}

void bind_baseline(nb::module_& module) {
  nb::class_<Baseline>(module, "Baseline", "What a baseline measured, before a run's first point or after its last.")
      .def_ro("when", &Baseline::when)
      .def_ro("name", &Baseline::name)
      .def_prop_ro(
          "timestamp_ns", [](const Baseline& self) { return self.timestamp.nanoseconds; }, "Since 1970, in UTC.")
      .def_prop_ro("results", &results_of, nb::sig("def results(self) -> list[tuple[str, object, str, float]]"),
                   "Name, value, unit and uncertainty of each.");
}

}  // namespace

void bind_experiment(nb::module_& module) {
  bind_column(module);
  bind_baseline(module);
  nb::class_<Experiment>(module, "Experiment", "A run's rows and metadata, read from its folder.")
      .def_static("open", &Experiment::open, nb::arg("folder"),
                  "Opens a run's folder; running, killed and finished runs alike.")
      .def_prop_ro("id", &Experiment::id)
      .def_prop_ro("name", &Experiment::name)
      .def_prop_ro("description", &Experiment::description)
      .def_prop_ro("notes", &Experiment::notes)
      .def_prop_ro("folder", &Experiment::folder)
      .def_prop_ro("state", [](const Experiment& self) { return std::string(name_of(self.state())); })
      .def_prop_ro(
          "metadata", [](const Experiment& self) { return text_of(self.metadata()); },
          nb::sig("def metadata(self) -> str"), "run.json, as text.")
      .def_prop_ro("events", &Experiment::events, "events.jsonl, a line each.")
      .def_prop_ro("baselines", &Experiment::baselines, "In the order in which they were measured.")
      .def_prop_ro("columns", &Experiment::columns)
      .def(
          "unit", [](const Experiment& self, const std::string& column) { return text_of(self.unit(column).label()); },
          nb::arg("column"), nb::sig("def unit(self, column: str) -> str"))
      .def(
          "at",
          [](const Experiment& self, std::size_t row, const std::string& column) {
            return object_from(self.at(row, column));
          },
          nb::arg("row"), nb::arg("column"), "One cell as a Python object.")
      .def("timing", &Experiment::timing, "When each row was due and taken.")
      .def("write_arrow", &Experiment::write_arrow, nb::arg("file"), "Writes one Arrow IPC file.")
      .def("write_csv", &Experiment::write_csv, nb::arg("file"))
      .def("table", &Experiment::table, nb::arg("rows") = 10, "The table as text, at most `rows` rows.")
      .def("__len__", &Experiment::row_count)
      .def("__arrow_c_stream__", &arrow_stream, nb::arg("requested_schema").none() = nb::none(),
           "The table through the Arrow PyCapsule interface, without a copy where Arrow allows.");
}

}  // namespace wheatstone::python
