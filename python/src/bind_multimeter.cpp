#include <fmt/core.h>
#include <nanobind/stl/vector.h>
#include <wheatstone/multimeter.hpp>

#include "arguments.hpp"
#include "bindings.hpp"
#include "text.hpp"

namespace wheatstone::python {
namespace {

MeasuringRange range_from(nb::handle object) {
  if (object.is_none()) return {};
  if (PyUnicode_Check(object.ptr())) return MeasuringRange::from_name(nb::cast<std::string>(nb::str(object)));
  return {number_from(object, "range")};
}

// Numbers are resolutions; None and SCPI's DEF leave it to the instrument.
std::optional<double> resolution_from(nb::handle object) {
  if (object.is_none()) return std::nullopt;
  if (!PyUnicode_Check(object.ptr())) return number_from(object, "resolution");
  const auto word = nb::cast<std::string>(nb::str(object).attr("upper")());
  if (word.starts_with("DEF")) return std::nullopt;
  throw ConfigurationError("the resolution '" + word +
                           "' is no number; give it in the unit of the measurement, or leave it out");
}

MultimeterFunction function_from(nb::handle object) {
  return named<MultimeterFunction>(object, "function of a multimeter");
}

std::optional<MultimeterFunction> function_or_none(nb::handle object) {
  return named_or_none<MultimeterFunction>(object, "function of a multimeter");
}

using Ranged = Reading (Multimeter::*)(MeasuringRange, std::optional<double>);

void bind_ranged(nb::class_<Multimeter, Instrument>& meter, const char* name, Ranged method) {
  meter.def(
      name,
      [method, name](Multimeter& self, nb::handle range, nb::handle resolution) {
        return Measured{(self.*method)(range_from(range), resolution_from(resolution))};
      },
      nb::arg("range_val").none() = nb::none(), nb::arg("resolution").none() = nb::none(),
      nb::sig((std::string("def ") + name +
               "(self, range_val: float | str | None = None, resolution: float | str | None = None) -> "
               "wheatstone.results.Reading")
                  .c_str()));
}

void bind_measurements(nb::class_<Multimeter, Instrument>& meter) {
  meter.def(
      "measure",
      [](Multimeter& self, Word function, nb::handle range, nb::handle resolution) {
        return Measured{self.measure(function_from(function), range_from(range), resolution_from(resolution))};
      },
      nb::arg("function"), nb::arg("range_val").none() = nb::none(), nb::arg("resolution").none() = nb::none(),
      nb::sig("def measure(self, function: str | enum.Enum, range_val: float | str | None = None, resolution: float | "
              "str | None = "
              "None) -> wheatstone.results.Reading"),
      "Selects the function where another one is selected, and reads. A range or resolution given here holds for this "
      "reading.");
  bind_ranged(meter, "measure_voltage_dc", &Multimeter::measure_voltage_dc);
  bind_ranged(meter, "measure_voltage_ac", &Multimeter::measure_voltage_ac);
  bind_ranged(meter, "measure_current_dc", &Multimeter::measure_current_dc);
  bind_ranged(meter, "measure_current_ac", &Multimeter::measure_current_ac);
  bind_ranged(meter, "measure_resistance", &Multimeter::measure_resistance);
  bind_ranged(meter, "measure_resistance_4w", &Multimeter::measure_resistance_4w);
  bind_ranged(meter, "measure_fresistance", &Multimeter::measure_fresistance);
  bind_ranged(meter, "measure_capacitance", &Multimeter::measure_capacitance);
  meter.def("measure_frequency", measuring(&Multimeter::measure_frequency))
      .def("measure_period", measuring(&Multimeter::measure_period))
      .def("measure_temperature", measuring(&Multimeter::measure_temperature))
      .def("measure_continuity", measuring(&Multimeter::measure_continuity))
      .def("measure_diode", measuring(&Multimeter::measure_diode))
      .def("initiate", &Multimeter::initiate, "Starts a reading without waiting for it.")
      .def("fetch", measuring(&Multimeter::fetch), "Waits for the reading that initiate() started.")
      .def(
          "read_many",
          [](Multimeter& self) {
            std::vector<Measured> readings;
            for (Reading& reading : self.read_many()) readings.push_back(Measured{std::move(reading)});
            return readings;
          },
          "As many readings as the sample count times the trigger count.");
}

void configure(Multimeter& self, Word function, nb::handle range, nb::handle resolution) {
  const MeasuringRange given = range_from(range);
  self.configure(function_from(function), given == MeasuringRange() ? MeasuringRange::automatic() : given,
                 resolution_from(resolution));
}

void bind_configuration(nb::class_<Multimeter, Instrument>& meter) {
  for (const char* name : {"configure", "configure_measurement"}) {
    meter.def(
        name, &configure, nb::arg("function"), nb::arg("range_val").none() = nb::none(),
        nb::arg("resolution").none() = nb::none(),
        nb::sig(
            (std::string("def ") + name +
             "(self, function: str | enum.Enum, range_val: float | str | None = None, resolution: float | str | None "
             "= None) -> None")
                .c_str()),
        "Selects a function with its defaults, then range and resolution.");
  }
  for (const char* name : {"set_function", "set_measurement_function"}) {
    meter.def(
        name, [](Multimeter& self, Word function) { self.set_function(function_from(function)); }, nb::arg("function"),
        "Selects a function as it was last configured.");
  }
  meter
      .def_prop_ro(
          "function", [](Multimeter& self) { return text_of(name_of(self.function())); },
          nb::sig("def function(self) -> str"))
      .def("get_config", &Multimeter::get_config, "What the meter is set to, asked of it.")
      .def(
          "set_range",
          [](Multimeter& self, nb::handle range, Word function) {
            self.set_range(range_from(range), function_or_none(function));
          },
          nb::arg("range_val"), nb::arg("function").none() = nb::none(),
          nb::sig("def set_range(self, range_val: float | str, function: str | enum.Enum | None = None) -> None"))
      .def(
          "set_resolution",
          [](Multimeter& self, Number resolution, Word function) {
            self.set_resolution(resolution, function_or_none(function));
          },
          nb::arg("resolution"), nb::arg("function").none() = nb::none())
      .def(
          "set_nplc",
          [](Multimeter& self, Number cycles, Word function) { self.set_nplc(cycles, function_or_none(function)); },
          nb::arg("cycles"), nb::arg("function").none() = nb::none(), "Integration time in power-line cycles.")
      .def(
          "get_nplc", [](Multimeter& self, Word function) { return self.nplc(function_or_none(function)); },
          nb::arg("function").none() = nb::none())
      .def(
          "set_aperture",
          [](Multimeter& self, Number seconds, Word function) {
            self.set_aperture(seconds, function_or_none(function));
          },
          nb::arg("seconds"), nb::arg("function").none() = nb::none(), "Integration time in seconds.")
      .def(
          "get_aperture", [](Multimeter& self, Word function) { return self.aperture(function_or_none(function)); },
          nb::arg("function").none() = nb::none())
      .def(
          "set_autozero",
          [](Multimeter& self, bool on, Word function) { self.set_autozero(on, function_or_none(function)); },
          nb::arg("on"), nb::arg("function").none() = nb::none())
      .def("set_automatic_input_impedance", &Multimeter::set_automatic_input_impedance, nb::arg("on"))
      .def(
          "set_trigger_source",
          [](Multimeter& self, Word source) { self.set_trigger_source(name_from(source, "trigger source")); },
          nb::arg("source"), "\"IMMediate\", \"EXTernal\" or \"BUS\".")
      .def("set_sample_count", &Multimeter::set_sample_count, nb::arg("count"), "Samples a trigger.");
}

}  // namespace

void bind_multimeter(nb::module_& module) {
  nb::class_<MultimeterSettings>(module, "MultimeterSettings",
                                 "What a meter is set to, as the instrument itself answered.")
      .def_prop_ro(
          "function", [](const MultimeterSettings& self) { return text_of(name_of(self.function)); },
          nb::sig("def function(self) -> str"))
      .def_prop_ro(
          "measurement_mode", [](const MultimeterSettings& self) { return text_of(name_of(self.function)); },
          nb::sig("def measurement_mode(self) -> str"))
      .def_ro("range", &MultimeterSettings::range)
      .def_ro("range_value", &MultimeterSettings::range)
      .def_ro("automatic_range", &MultimeterSettings::automatic_range)
      .def_ro("resolution", &MultimeterSettings::resolution)
      .def("__repr__",
           [](const MultimeterSettings& self) {
             return fmt::format(
                 "MultimeterSettings(function='{}', range={}, automatic_range={}, resolution={}, units='{}')",
                 name_of(self.function), self.range, self.automatic_range ? "True" : "False", self.resolution,
                 self.unit.label());
           })
      .def_prop_ro(
          "units", [](const MultimeterSettings& self) { return text_of(self.unit.label()); },
          nb::sig("def units(self) -> str"));
  nb::class_<Multimeter, Instrument> meter(
      module, "Multimeter",
      "A digital multimeter. What is configured stays: measuring does not reset ranges and apertures.");
  bind_measurements(meter);
  bind_configuration(meter);
}

}  // namespace wheatstone::python
