#include <array>
#include <wheatstone/electronic_load.hpp>

#include "procedure/quantity.hpp"

namespace wheatstone::procedure {
namespace {

ElectronicLoad& load(Instrument& instrument) { return static_cast<ElectronicLoad&>(instrument); }

constexpr std::array k_load_quantities = std::to_array<Quantity>({
    {.name = "mode",
     .kind = Quantity::Kind::word,
     .set_word = [](Instrument& i, int channel, std::string_view mode) { load(i).set_mode(mode, channel); },
     .require_word = [](std::string_view mode) { (void)from_name<LoadMode>(mode); },
     .read = [](Instrument& i, int channel) { return Value(load(i).mode(channel)); }},
    {.name = "level",
     .set = [](Instrument& i, int channel, double value) { load(i).set_load(value, channel); },
     .read = [](Instrument& i, int channel) { return Value(load(i).load_setpoint(channel)); }},
    {.name = "current",
     .unit = "A",
     .limited = "current",
     .set = [](Instrument& i, int channel, double value) { load(i).set_current(value, channel); },
     .read = [](Instrument& i, int channel) { return Value(load(i).measure_current(channel)); }},
    {.name = "voltage",
     .unit = "V",
     .limited = "voltage",
     .set = [](Instrument& i, int channel, double value) { load(i).set_voltage(value, channel); },
     .read = [](Instrument& i, int channel) { return Value(load(i).measure_voltage(channel)); }},
    {.name = "resistance",
     .unit = "Ohm",
     .limited = "resistance",
     .set = [](Instrument& i, int channel, double value) { load(i).set_resistance(value, channel); }},
    {.name = "power",
     .unit = "W",
     .limited = "power",
     .set = [](Instrument& i, int channel, double value) { load(i).set_power(value, channel); },
     .read = [](Instrument& i, int channel) { return Value(load(i).measure_power(channel)); }},
    {.name = "range",
     .set = [](Instrument& i, int channel, double value) { load(i).set_range(value, channel); },
     .read = [](Instrument& i, int channel) { return Value(load(i).range(channel)); }},
    {.name = "slew_rate",
     .set = [](Instrument& i, int channel, double value) { load(i).set_slew_rate(value, channel); }},
    {.name = "input",
     .kind = Quantity::Kind::on_off,
     .set = [](Instrument& i, int channel, double on) { load(i).enable_input(on != 0, channel); },
     .read = [](Instrument& i, int channel) { return Value(load(i).is_input_enabled(channel)); }},
    {.name = "short",
     .kind = Quantity::Kind::on_off,
     .set = [](Instrument& i, int channel, double on) { load(i).short_input(on != 0, channel); }},
});

}  // namespace

std::span<const Quantity> electronic_load_quantities() { return k_load_quantities; }

}  // namespace wheatstone::procedure
