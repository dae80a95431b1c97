#include <wheatstone/electronic_load.hpp>

#include "arguments.hpp"
#include "bindings.hpp"
#include "text.hpp"

namespace wheatstone::python {
namespace {

using Class = nb::class_<ElectronicLoad, Instrument>;

void bind_levels(Class& load) {
  load.def(
          "set_mode",
          [](ElectronicLoad& self, Word mode, Channel channel) {
            self.set_mode(named<LoadMode>(mode, "mode of a load"), channel);
          },
          nb::arg("mode"), nb::arg("channel") = 1, "\"CC\", \"CV\", \"CR\" or \"CP\".")
      .def(
          "get_mode", [](ElectronicLoad& self, Channel channel) { return std::string(name_of(self.mode(channel))); },
          nb::arg("channel") = 1)
      .def("set_load", calling(&ElectronicLoad::set_load), nb::arg("value"), nb::arg("channel") = 1,
           "The level of the selected mode: amperes in CC, volts in CV, ohms in CR, watts in CP.")
      .def("set_current", calling(&ElectronicLoad::set_current), nb::arg("current"), nb::arg("channel") = 1)
      .def("set_voltage", calling(&ElectronicLoad::set_voltage), nb::arg("voltage"), nb::arg("channel") = 1)
      .def("set_resistance", calling(&ElectronicLoad::set_resistance), nb::arg("resistance"), nb::arg("channel") = 1)
      .def("set_power", calling(&ElectronicLoad::set_power), nb::arg("power"), nb::arg("channel") = 1)
      .def("load_setpoint", calling(&ElectronicLoad::load_setpoint), nb::arg("channel") = 1)
      .def("set_range", calling(&ElectronicLoad::set_range), nb::arg("value"), nb::arg("channel") = 1)
      .def("get_range", calling(&ElectronicLoad::range), nb::arg("channel") = 1)
      .def("set_slew_rate", calling(&ElectronicLoad::set_slew_rate), nb::arg("rate"), nb::arg("channel") = 1);
}

void bind_input(Class& load) {
  load.def("enable_input", calling(&ElectronicLoad::enable_input), nb::arg("state") = true, nb::arg("channel") = 1)
      .def("disable_input", calling(&ElectronicLoad::disable_input), nb::arg("channel") = 1)
      .def("is_input_enabled", calling(&ElectronicLoad::is_input_enabled), nb::arg("channel") = 1)
      .def("short_input", calling(&ElectronicLoad::short_input), nb::arg("state") = true, nb::arg("channel") = 1)
      .def("measure_current", measuring(&ElectronicLoad::measure_current), nb::arg("channel") = 1)
      .def("measure_voltage", measuring(&ElectronicLoad::measure_voltage), nb::arg("channel") = 1)
      .def("measure_power", measuring(&ElectronicLoad::measure_power), nb::arg("channel") = 1)
      .def("set_over_current_protection", calling(&ElectronicLoad::set_over_current_protection), nb::arg("current"),
           nb::arg("channel") = 1)
      .def("set_over_power_protection", calling(&ElectronicLoad::set_over_power_protection), nb::arg("power"),
           nb::arg("channel") = 1)
      .def("set_over_voltage_protection", calling(&ElectronicLoad::set_over_voltage_protection), nb::arg("voltage"),
           nb::arg("channel") = 1)
      .def("clear_protection", calling(&ElectronicLoad::clear_protection), nb::arg("channel") = 1);
}

void configure_transient(ElectronicLoad& self, Word mode, std::optional<Number> level, std::optional<Number> frequency,
                         std::optional<Number> duty_cycle, std::optional<Number> pulse_width, Channel channel) {
  self.configure_transient({.mode = named_or_none<TransientMode>(mode, "transient mode"),
                            .level = number_or_none(level),
                            .frequency = number_or_none(frequency),
                            .duty_cycle = number_or_none(duty_cycle),
                            .pulse_width = number_or_none(pulse_width)},
                           channel);
}

void bind_transient(Class& load) {
  for (const char* name : {"configure_transient", "configure_transient_mode"}) {
    load.def(name, &configure_transient, nb::arg("mode").none() = nb::none(), nb::arg("level") = nb::none(),
             nb::arg("frequency") = nb::none(), nb::arg("duty_cycle") = nb::none(), nb::arg("pulse_width") = nb::none(),
             nb::arg("channel") = 1,
             "\"continuous\", \"pulse\" or \"toggle\" between the level and the transient level.");
  }
  load.def("set_transient_level", calling(&ElectronicLoad::set_transient_level), nb::arg("level"),
           nb::arg("channel") = 1)
      .def("start_transient", calling(&ElectronicLoad::start_transient), nb::arg("continuous") = false,
           nb::arg("channel") = 1)
      .def("stop_transient", calling(&ElectronicLoad::stop_transient), nb::arg("channel") = 1);
}

}  // namespace

void bind_electronic_load(nb::module_& module) {
  Class load(module, "ElectronicLoad", "A programmable electronic load. Amperes, volts, ohms and watts.");
  load.def_prop_ro("channels", [](const ElectronicLoad& self) {
    nb::typed<nb::list, int> channels;
    for (const int channel : self.channels()) channels.append(channel);
    return channels;
  });
  bind_levels(load);
  bind_input(load);
  bind_transient(load);
}

}  // namespace wheatstone::python
