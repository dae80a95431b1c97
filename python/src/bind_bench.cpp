#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/bench.hpp>
#include <wheatstone/error.hpp>

#include <utility>

#include "arguments.hpp"
#include "bindings.hpp"

namespace wheatstone::python {

namespace {

// By channel and quantity: least and most, None where the profile's holds.
nb::dict limits_of(const BenchEntry& entry) {
  nb::dict limits;
  for (const BenchLimit& limit : entry.limits) {
    const nb::int_ channel(limit.channel);
    if (!limits.contains(channel)) limits[channel] = nb::dict();
    nb::cast<nb::dict>(limits[channel])[limit.quantity.c_str()] = nb::make_tuple(limit.minimum, limit.maximum);
  }
  return limits;
}

// The texts that are set.
std::string shown(const BenchExperiment& self) {
  const std::pair<const char*, const std::string&> texts[] = {
      {"title", self.title}, {"description", self.description},
      {"notes", self.notes}, {"operator", self.operator_name},
      {"date", self.date},   {"database_path", self.database_path}};
  std::string fields;
  for (const auto& [name, text] : texts) {
    if (!text.empty()) fields += (fields.empty() ? "" : ", ") + std::string(name) + "='" + text + "'";
  }
  return "BenchExperiment(" + fields + ")";
}

SettingsOf moment_named(std::string_view name) {
  if (name == "before") return SettingsOf::before;
  if (name == "after") return SettingsOf::after;
  throw ConfigurationError("moment='" + std::string(name) + "' is not known; give 'before' or 'after' (the run)");
}

}  // namespace

void bind_bench(nb::module_& module) {
  nb::class_<BenchExperiment>(module, "BenchExperiment", "What a bench file says of the experiments made on it.")
      .def_ro("title", &BenchExperiment::title)
      .def_ro("description", &BenchExperiment::description)
      .def_ro("notes", &BenchExperiment::notes)
      .def_ro("operator", &BenchExperiment::operator_name)
      .def_ro("date", &BenchExperiment::date)
      .def_ro("database_path", &BenchExperiment::database_path)
      .def("__repr__", [](const BenchExperiment& self) { return shown(self); });
  nb::class_<BenchEntry>(module, "BenchEntry", "What a bench file says of one instrument.")
      .def_ro("alias", &BenchEntry::alias)
      .def_ro("profile", &BenchEntry::profile)
      .def_prop_ro("address", [](const BenchEntry& self) { return self.options.address; })
      .def_prop_ro("simulate", [](const BenchEntry& self) { return self.options.simulate; })
      .def_prop_ro("serial_number", [](const BenchEntry& self) { return self.options.serial_number; })
      .def_prop_ro("safety_limits", &limits_of,
                   nb::sig("def safety_limits(self) -> dict[int, dict[str, tuple[float | None, float | None]]]"),
                   "By channel and quantity: least and most, None where the profile's holds.");
  nb::class_<Bench>(module, "Bench", "The instruments of a bench file, connected.")
      .def_static(
          "open",
          [](const std::filesystem::path& file, std::optional<bool> simulate) {
            return file.empty() ? Bench::open({.simulate = simulate}) : Bench::open(file, {.simulate = simulate});
          },
          nb::arg("file"), nb::arg("simulate") = nb::none())
      .def_prop_ro("name", &Bench::name)
      .def_prop_ro("description", &Bench::description)
      .def_prop_ro("version", &Bench::version)
      .def_prop_ro("file", &Bench::file)
      .def_prop_ro("experiment", &Bench::experiment)
      .def_prop_ro("simulate", &Bench::simulate)
      .def_prop_ro("entries", &Bench::entries)
      .def(
          "instrument", [](const Bench& self, std::string_view alias) -> Instrument& { return self.instrument(alias); },
          nb::arg("alias"), nb::rv_policy::reference_internal)
      .def(
          "restore",
          [](const Bench& self, const Experiment& run, bool outputs, std::string_view moment,
             std::vector<std::string> aliases, double within) {
            return self.restore(run, {.each = {.outputs = outputs, .within = seconds_from(within, "a time limit")},
                                      .moment = moment_named(moment),
                                      .aliases = std::move(aliases)});
          },
          nb::arg("run"), nb::arg("outputs"), nb::arg("moment"), nb::arg("aliases"), nb::arg("within"))
      .def("close_all", &Bench::close_all, "Turns off what was turned on through it, then closes every instrument.");
}

}  // namespace wheatstone::python
