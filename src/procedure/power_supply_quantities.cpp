#include <array>
#include <wheatstone/power_supply.hpp>

#include "procedure/quantity.hpp"

namespace wheatstone::procedure {
namespace {

PowerSupply& supply(Instrument& instrument) { return static_cast<PowerSupply&>(instrument); }

void set_current_limit(Instrument& i, int channel, double value) { supply(i).set_current_limit(channel, value); }

constexpr std::array k_supply_quantities = std::to_array<Quantity>({
    {.name = "voltage",
     .unit = "V",
     .limited = "voltage",
     .set = [](Instrument& i, int channel, double value) { supply(i).set_voltage(channel, value); },
     .read = [](Instrument& i, int channel) { return Value(supply(i).read_voltage(channel)); }},
    {.name = "current_limit", .unit = "A", .limited = "current", .set = set_current_limit},
    {.name = "current",
     .unit = "A",
     .limited = "current",
     .set = set_current_limit,
     .read = [](Instrument& i, int channel) { return Value(supply(i).read_current(channel)); }},
    {.name = "output",
     .kind = Quantity::Kind::on_off,
     .set = [](Instrument& i, int channel, double on) { supply(i).output(channel, on != 0); },
     .read = [](Instrument& i, int channel) { return Value(supply(i).get_output_state(channel)); }},
    {.name = "over_voltage_protection",
     .unit = "V",
     .set = [](Instrument& i, int channel, double value) { supply(i).set_over_voltage_protection(channel, value); }},
    {.name = "over_current_protection",
     .kind = Quantity::Kind::on_off,
     .set = [](Instrument& i, int channel, double on) { supply(i).enable_over_current_protection(channel, on != 0); }},
    {.name = "voltage_setpoint",
     .unit = "V",
     .read = [](Instrument& i, int channel) { return Value(supply(i).voltage_setpoint(channel)); }},
    {.name = "current_limit_setpoint",
     .unit = "A",
     .read = [](Instrument& i, int channel) { return Value(supply(i).current_limit_setpoint(channel)); }},
});

}  // namespace

std::span<const Quantity> power_supply_quantities() { return k_supply_quantities; }

}  // namespace wheatstone::procedure
