#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/binding.hpp>
#include <wheatstone/procedure.hpp>

#include <array>
#include <tuple>

#include "bindings.hpp"
#include "text.hpp"
#include "value.hpp"

namespace wheatstone::python {
namespace {

nb::dict dict_of(const Row& row) {
  nb::dict values;
  for (const Row::Entry& entry : row) values[text_of(entry.key)] = object_from(entry.value);
  return values;
}

std::string kind_of(const DryRunStep& step) {
  constexpr std::array<const char*, 5> k_kinds = {"connect", "prepare", "point", "leave", "close"};
  return k_kinds[static_cast<std::size_t>(step.kind)];
}

nb::list messages_of(const DryRunStep& step) {
  nb::list messages;
  for (const DryRunMessage& message : step.messages) {
    messages.append(nb::make_tuple(text_of(message.instrument), text_of(message.text)));
  }
  return messages;
}

void bind_dry_run(nb::module_& module) {
  nb::class_<DryRunStep>(module, "DryRunStep", "One point of a dry run, or what is done before or after all of them.")
      .def_prop_ro("kind", &kind_of, "\"connect\", \"prepare\", \"point\", \"leave\" or \"close\".")
      .def_ro("index", &DryRunStep::index, "Of a point.")
      .def_prop_ro(
          "parameters", [](const DryRunStep& self) { return dict_of(self.parameters); }, "Of a point, by name.")
      .def_prop_ro(
          "seconds", [](const DryRunStep& self) { return self.at.seconds(); }, "In simulated time, since the start.")
      .def_prop_ro("messages", &messages_of, "Pairs of an instrument's alias and a message, in order.");
  nb::class_<DryRun>(module, "DryRun", "What a run would do, message by message; printed, it tells all of it.")
      .def_ro("steps", &DryRun::steps)
      .def_ro("points", &DryRun::points, "How many were taken.")
      .def_ro("complete", &DryRun::complete, "False where there are more points than were asked for.")
      .def("__str__", &DryRun::text);
}

// The run itself calls nothing of Python's, so that the interpreter is free meanwhile.
Experiment run(PreparedProcedure& self) {
  const nb::gil_scoped_release released;
  return self.run();
}

void close(PreparedProcedure& self) {
  const nb::gil_scoped_release released;
  self.close();
}

PreparedProcedure prepare(const Procedure& self, const std::filesystem::path& bench, bool simulate,
                          const std::filesystem::path& store, const std::string& name, const std::string& resume,
                          bool handle_interrupt, bool allow_long) {
  const nb::gil_scoped_release released;
  return self.prepare({.bench = bench,
                       .simulate = simulate,
                       .store = store,
                       .name = name,
                       .resume = resume,
                       .handle_interrupt = handle_interrupt,
                       .allow_long = allow_long});
}

DryRun dry_run(const Procedure& self, const std::filesystem::path& bench, std::uint64_t points, bool allow_long) {
  const nb::gil_scoped_release released;
  return self.dry_run({.bench = bench, .points = points, .allow_long = allow_long});
}

Preview preview(const Procedure& self, const std::filesystem::path& bench, std::size_t rows) {
  const nb::gil_scoped_release released;
  return self.preview({.bench = bench}, {.rows = rows});
}

}  // namespace

void bind_procedure(nb::module_& module) {
  bind_dry_run(module);
  nb::class_<PreparedProcedure>(module, "PreparedProcedure", "A procedure that is bound to connected instruments.")
      .def("run", &run)
      .def("close", &close)
      .def("progress", [](PreparedProcedure& self) { return self.session().progress(); })
      .def("data", [](PreparedProcedure& self) { return self.session().data(); })
      .def("was_interrupted", [](PreparedProcedure& self) { return binding::was_interrupted(self.session()); });
  nb::class_<Procedure>(module, "Procedure", "A measurement in a file.")
      .def_static("read", &Procedure::read, nb::arg("file"))
      .def_static("parse", &Procedure::parse, nb::arg("yaml"), nb::arg("file"))
      .def(
          "copy", [](const Procedure& self) { return Procedure(self); }, "Another with the same values.")
      .def_prop_ro("file", &Procedure::file)
      .def_prop_ro("text", &Procedure::text)
      .def_prop_ro("name", &Procedure::name)
      .def_prop_ro("parameters", &Procedure::parameters)
      .def(
          "set", [](Procedure& self, std::string_view assignment) { self.set(assignment); }, nb::arg("assignment"))
      .def("preview", &preview, nb::arg("bench"), nb::arg("rows"))
      .def("dry_run", &dry_run, nb::arg("bench"), nb::arg("points"), nb::arg("allow_long"))
      .def("prepare", &prepare, nb::arg("bench"), nb::arg("simulate"), nb::arg("store"), nb::arg("name"),
           nb::arg("resume"), nb::arg("handle_interrupt"), nb::arg("allow_long"));
}

}  // namespace wheatstone::python
