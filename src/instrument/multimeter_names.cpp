#include <wheatstone/multimeter.hpp>

#include "instrument/named.hpp"
#include "scpi/number.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

using enum MultimeterFunction;
constexpr instrument::Named<MultimeterFunction> k_functions[] = {
    {voltage_dc, "voltage_dc"},
    {voltage_dc, "dc_voltage"},
    {voltage_dc, "VOLT:DC"},
    {voltage_dc, "VOLT"},
    {voltage_dc, "voltage"},
    {voltage_dc, "dcv"},
    {voltage_ac, "voltage_ac"},
    {voltage_ac, "ac_voltage"},
    {voltage_ac, "VOLT:AC"},
    {voltage_ac, "acv"},
    {current_dc, "current_dc"},
    {current_dc, "dc_current"},
    {current_dc, "CURR:DC"},
    {current_dc, "CURR"},
    {current_dc, "current"},
    {current_dc, "dci"},
    {current_ac, "current_ac"},
    {current_ac, "ac_current"},
    {current_ac, "CURR:AC"},
    {current_ac, "aci"},
    {resistance, "resistance"},
    {resistance, "RES"},
    {resistance, "ohms"},
    {resistance, "resistance_2w"},
    {resistance_4w, "resistance_4w"},
    {resistance_4w, "fresistance"},
    {resistance_4w, "FRES"},
    {resistance_4w, "ohms_4w"},
    {frequency, "frequency"},
    {frequency, "FREQ"},
    {period, "period"},
    {period, "PER"},
    {temperature, "temperature"},
    {temperature, "TEMP"},
    {continuity, "continuity"},
    {continuity, "CONT"},
    {diode, "diode"},
    {diode, "DIOD"},
    {capacitance, "capacitance"},
    {capacitance, "CAP"},
    {resistance_4w, "four_wire_resistance"},
    {resistance_4w, "resistance_four_wire"},
    {resistance, "two_wire_resistance"},
    {voltage_dc, "volt_dc"},
    {voltage_ac, "volt_ac"},
    {current_dc, "curr_dc"},
    {current_ac, "curr_ac"},
    {voltage_dc, "dc_volts"},
    {voltage_ac, "ac_volts"},
    {period, "PERI"},
};
constexpr std::span<const instrument::Named<MultimeterFunction>> k_all{k_functions};

}  // namespace

std::string_view name_of(MultimeterFunction function) { return instrument::name_among(k_all, function); }

template <>
MultimeterFunction from_name<MultimeterFunction>(std::string_view name) {
  return instrument::value_among(k_all, name, "measuring function");
}

MeasuringRange MeasuringRange::from_name(std::string_view name) {
  const std::string plain = instrument::plain_name(name);
  if (plain == "auto" || plain == "automatic" || plain == "def" || plain == "default") return automatic();
  if (plain == "min" || plain == "minimum") return minimum();
  if (plain == "max" || plain == "maximum") return maximum();
  if (const auto number = scpi::parse_response_number(name)) return *number;
  throw ConfigurationError(fmt::format("'{}' is no range; give a number, 'AUTO', 'MIN' or 'MAX'", name));
}

}  // namespace v1
}  // namespace wheatstone
