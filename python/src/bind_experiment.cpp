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

// The consumer takes what the capsule holds and leaves the capsule; what nobody took is released with it.
template <class C>
void release_held(PyObject* capsule) {
  auto* const held = static_cast<C*>(PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule)));
  if (held->release != nullptr) held->release(held);
  delete held;
}

template <class C>
nb::object capsule_of(std::unique_ptr<C> held, const char* name) {
  PyObject* const capsule = PyCapsule_New(held.get(), name, release_held<C>);
  if (capsule == nullptr) {
    held->release(held.get());
    throw nb::python_error();
  }
  (void)held.release();
  return nb::steal(capsule);
}

template <class... Batch>
nb::object stream_of(const Experiment& experiment, Batch... batch) {
  auto stream = std::make_unique<ArrowArrayStream>();
  experiment.to_arrow(stream.get(), batch...);
  return capsule_of(std::move(stream), "arrow_array_stream");
}

nb::object arrow_schema(const Experiment& self) {
  ArrowArrayStream stream{};
  self.to_arrow(&stream);
  auto schema = std::make_unique<ArrowSchema>();
  const bool is_given = stream.get_schema(&stream, schema.get()) == 0;
  const std::string trouble = is_given ? "" : stream.get_last_error(&stream);
  stream.release(&stream);
  if (!is_given) throw StorageError(trouble);
  return capsule_of(std::move(schema), "arrow_schema");
}

nb::object arrow_stream(const Experiment& self, nb::handle) { return stream_of(self); }

struct Batch {
  Experiment experiment;
  std::size_t index;
};

void bind_batch(nb::module_& module) {
  nb::class_<Batch>(
      module, "Batch",
      "Consecutive rows of an experiment, for readers that go through it once: what was read of the run's "
      "files leaves this process's memory with the batch.")
      .def(
          "__arrow_c_stream__", [](const Batch& self, nb::handle) { return stream_of(self.experiment, self.index); },
          nb::arg("requested_schema").none() = nb::none());
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
  bind_batch(module);
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
      .def("write_csv", &Experiment::write_csv, nb::arg("file"), "Writes comma-separated values.")
      .def("write_jsonl", &Experiment::write_jsonl, nb::arg("file"), "Writes an object a row.")
      .def("write_description", &Experiment::write_description, nb::arg("of_file"),
           "Writes columns, units and run.json beside a file, as FILE-metadata.json.")
      .def(
          "select",
          [](const Experiment& self, const std::vector<std::string>& columns) { return self.select(columns); },
          nb::arg("columns"), "The same run with these columns only.")
      .def_prop_ro("batch_count", &Experiment::batch_count)
      .def(
          "batch", [](const Experiment& self, std::size_t index) { return Batch{self, index}; }, nb::arg("index"),
          "Rows that lie together; 0 to batch_count - 1 are all of them.")
      .def("table", &Experiment::table, nb::arg("rows") = 10, "The table as text, at most `rows` rows.")
      .def("__len__", &Experiment::row_count)
      .def("__arrow_c_schema__", &arrow_schema, "Types and metadata of the table, and run.json as \"wheatstone.run\".")
      .def("__arrow_c_stream__", &arrow_stream, nb::arg("requested_schema").none() = nb::none(),
           "The table through the Arrow PyCapsule interface, without a copy where Arrow allows.");
}

}  // namespace wheatstone::python
