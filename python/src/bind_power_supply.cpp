#include <nanobind/stl/vector.h>
#include <wheatstone/power_supply.hpp>

#include "arguments.hpp"
#include "bindings.hpp"

namespace wheatstone::python {
namespace {

SupplySetPoints set_points(const std::optional<Number>& voltage, const std::optional<Number>& current_limit) {
  return {.voltage = number_or_none(voltage), .current_limit = number_or_none(current_limit)};
}

void bind_settings(nb::module_& module) {
  nb::class_<SupplySettings>(module, "SupplySettings", "What one output is set to, as the instrument itself answered.")
      .def_ro("channel", &SupplySettings::channel)
      .def_ro("voltage", &SupplySettings::voltage, "V")
      .def_ro("current_limit", &SupplySettings::current_limit, "A")
      .def_ro("current", &SupplySettings::current_limit, "A")
      .def_ro("output", &SupplySettings::output)
      .def_prop_ro("state", [](const SupplySettings& self) { return self.output ? "ON" : "OFF"; })
      .def("__repr__", [](const SupplySettings& self) {
        return "SupplySettings(channel=" + std::to_string(self.channel) + ", voltage=" + std::to_string(self.voltage) +
               ", current_limit=" + std::to_string(self.current_limit) + ", state='" + (self.output ? "ON" : "OFF") +
               "')";
      });
}

void bind_channel(nb::module_& module) {
  nb::class_<SupplyChannel>(module, "SupplyChannel", "One output of a supply; setters return it, so that calls chain.")
      .def_prop_ro("number", &SupplyChannel::number)
      .def("__repr__",
           [](const SupplyChannel& self) { return "<channel " + std::to_string(self.number()) + " of a supply>"; })
      .def(
          "set",
          [](nb::handle_t<SupplyChannel> self, std::optional<Number> voltage, std::optional<Number> current_limit) {
            (void)nb::cast<const SupplyChannel&>(self).set(set_points(voltage, current_limit));
            return self;
          },
          nb::arg("voltage") = nb::none(), nb::arg("current_limit") = nb::none(),
          "Volts and amperes; both are checked before either is sent. What is not given stays.")
      .def("set_voltage", chained(&SupplyChannel::set_voltage), nb::arg("voltage"))
      .def("set_current_limit", chained(&SupplyChannel::set_current_limit), nb::arg("current_limit"))
      .def("set_current", chained(&SupplyChannel::set_current_limit), nb::arg("current"))
      .def("on", chained(&SupplyChannel::on))
      .def("off", chained(&SupplyChannel::off))
      .def("enable", chained(&SupplyChannel::enable))
      .def("disable", chained(&SupplyChannel::disable))
      .def("measure_voltage", measuring(&SupplyChannel::measure_voltage), "What the supply measures at its output.")
      .def("measure_current", measuring(&SupplyChannel::measure_current), "What the supply measures at its output.")
      .def("get_voltage", measuring(&SupplyChannel::get_voltage), "What the supply measures at its output.")
      .def("get_current", measuring(&SupplyChannel::get_current), "What the supply measures at its output.")
      .def("get_output_state", &SupplyChannel::get_output_state)
      .def("voltage_setpoint", &SupplyChannel::voltage_setpoint)
      .def("current_limit_setpoint", &SupplyChannel::current_limit_setpoint)
      .def("settings", &SupplyChannel::settings)
      .def("set_over_voltage_protection", chained(&SupplyChannel::set_over_voltage_protection), nb::arg("voltage"))
      .def("enable_over_voltage_protection", chained(&SupplyChannel::enable_over_voltage_protection),
           nb::arg("on") = true)
      .def("enable_over_current_protection", chained(&SupplyChannel::enable_over_current_protection),
           nb::arg("on") = true)
      .def("is_over_voltage_tripped", &SupplyChannel::is_over_voltage_tripped)
      .def("is_over_current_tripped", &SupplyChannel::is_over_current_tripped)
      .def("clear_protection", chained(&SupplyChannel::clear_protection));
}

}  // namespace

void bind_power_supply(nb::module_& module) {
  bind_settings(module);
  bind_channel(module);
  nb::class_<PowerSupply, Instrument>(module, "PowerSupply",
                                      "A power supply. Channels count from 1; volts and amperes.")
      .def_prop_ro("channels", &PowerSupply::channels)
      .def("channel", calling(&PowerSupply::channel), nb::arg("number"), nb::keep_alive<0, 1>())
      .def("set_voltage", calling(&PowerSupply::set_voltage), nb::arg("channel"), nb::arg("voltage"))
      .def("set_current", calling(&PowerSupply::set_current), nb::arg("channel"), nb::arg("current"))
      .def("set_current_limit", calling(&PowerSupply::set_current_limit), nb::arg("channel"), nb::arg("current_limit"))
      .def(
          "set",
          [](PowerSupply& self, Channel channel, std::optional<Number> voltage, std::optional<Number> current_limit) {
            self.set(channel, set_points(voltage, current_limit));
          },
          nb::arg("channel"), nb::arg("voltage") = nb::none(), nb::arg("current_limit") = nb::none())
      .def(
          "output",
          [](PowerSupply& self, nb::handle channel, bool state) {
            const std::vector<int> channels = channels_from(channel);
            channels.size() == 1 ? self.output(channels.front(), state)
                                 : self.output(std::span<const int>(channels), state);
          },
          nb::arg("channel"), nb::arg("state") = true, "One output, or a list of them, on or off.")
      .def("read_voltage", measuring(&PowerSupply::read_voltage), nb::arg("channel"))
      .def("read_current", measuring(&PowerSupply::read_current), nb::arg("channel"))
      .def("measure_voltage", measuring(&PowerSupply::measure_voltage), nb::arg("channel"))
      .def("measure_current", measuring(&PowerSupply::measure_current), nb::arg("channel"))
      .def("voltage_setpoint", calling(&PowerSupply::voltage_setpoint), nb::arg("channel"))
      .def("current_limit_setpoint", calling(&PowerSupply::current_limit_setpoint), nb::arg("channel"))
      .def("get_output_state", calling(&PowerSupply::get_output_state), nb::arg("channel"))
      .def(
          "get_configuration",
          [](PowerSupply& self) {
            nb::typed<nb::dict, int, SupplySettings> settings;
            for (const SupplySettings& channel : self.get_configuration())
              settings[nb::int_(channel.channel)] = nb::cast(channel);
            return settings;
          },
          "Set-points and state of every channel, asked of the instrument.")
      .def("set_over_voltage_protection", calling(&PowerSupply::set_over_voltage_protection), nb::arg("channel"),
           nb::arg("voltage"))
      .def("enable_over_voltage_protection", calling(&PowerSupply::enable_over_voltage_protection), nb::arg("channel"),
           nb::arg("on") = true)
      .def("enable_over_current_protection", calling(&PowerSupply::enable_over_current_protection), nb::arg("channel"),
           nb::arg("on") = true)
      .def("is_over_voltage_tripped", calling(&PowerSupply::is_over_voltage_tripped), nb::arg("channel"))
      .def("is_over_current_tripped", calling(&PowerSupply::is_over_current_tripped), nb::arg("channel"))
      .def("clear_protection", calling(&PowerSupply::clear_protection), nb::arg("channel"))
      .def("display", &PowerSupply::display, nb::arg("state"));
}

}  // namespace wheatstone::python
