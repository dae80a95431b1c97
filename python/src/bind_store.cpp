#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/store.hpp>

#include "bindings.hpp"

namespace wheatstone::python {

void bind_store(nb::module_& module) {
  nb::class_<RunSummary>(module, "RunSummary", "What a listing says of a run.")
      .def_ro("id", &RunSummary::id)
      .def_ro("name", &RunSummary::name)
      .def_prop_ro("state", [](const RunSummary& self) { return std::string(name_of(self.state)); })
      .def_prop_ro(
          "started_ns", [](const RunSummary& self) { return self.started.nanoseconds; }, "Nanoseconds since 1970, UTC.")
      .def_ro("row_count", &RunSummary::row_count)
      .def_ro("folder", &RunSummary::folder)
      .def_ro("trouble", &RunSummary::trouble, "Why it cannot be read; empty where it can.");
  nb::class_<Store>(module, "Store", "A folder of runs.")
      .def(nb::init<const std::filesystem::path&>(), nb::arg("folder") = std::filesystem::path())
      .def_static("default_folder", &Store::default_folder)
      .def_static("known", &Store::known, "Stores that runs were written to from this account, latest first.")
      .def_prop_ro("folder", &Store::folder)
      .def("runs", &Store::runs, "The runs in it, oldest first.")
      .def("find", &Store::find, nb::arg("which"), "The folder of the run that `which` means.");
}

}  // namespace wheatstone::python
