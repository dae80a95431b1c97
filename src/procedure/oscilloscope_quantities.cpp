#include <array>
#include <cmath>
#include <wheatstone/oscilloscope.hpp>

#include "procedure/quantity.hpp"

namespace wheatstone::procedure {
namespace {

Oscilloscope& scope(Instrument& instrument) { return static_cast<Oscilloscope&>(instrument); }

template <Reading (Oscilloscope::*measure)(int)>
constexpr Quantity measured(std::string_view name, std::string_view unit) {
  return {.name = name, .unit = unit, .read = [](Instrument& i, int channel) {
            return Value((scope(i).*measure)(channel));
          }};
}

constexpr std::array k_scope_quantities = std::to_array<Quantity>({
    measured<&Oscilloscope::measure_vpp>("vpp", "V"),
    measured<&Oscilloscope::measure_rms>("rms", "V"),
    measured<&Oscilloscope::measure_mean>("mean", "V"),
    measured<&Oscilloscope::measure_amplitude>("amplitude", "V"),
    measured<&Oscilloscope::measure_maximum>("maximum", "V"),
    measured<&Oscilloscope::measure_minimum>("minimum", "V"),
    measured<&Oscilloscope::measure_frequency>("frequency", "Hz"),
    measured<&Oscilloscope::measure_period>("period", "s"),
    {.name = "waveform",
     .unit = "V",
     .kind = Quantity::Kind::word,
     .read = [](Instrument& i, int channel) { return Value(scope(i).read_waveform(channel)); }},
    {.name = "scale",
     .unit = "V",
     .set = [](Instrument& i, int channel, double value) { scope(i).set_channel_scale(channel, value); },
     .read = [](Instrument& i, int channel) { return Value(scope(i).get_channel_axis(channel).scale); }},
    {.name = "offset",
     .unit = "V",
     .set = [](Instrument& i, int channel, double value) { scope(i).set_channel_offset(channel, value); }},
    {.name = "position",
     .set = [](Instrument& i, int channel, double value) { scope(i).setup_channel(channel, {.position = value}); }},
    {.name = "coupling",
     .kind = Quantity::Kind::word,
     .set_word = [](Instrument& i, int channel,
                    std::string_view word) { scope(i).set_channel_coupling(channel, from_name<Coupling>(word)); },
     .require_word = [](std::string_view word) { (void)from_name<Coupling>(word); }},
    {.name = "probe_attenuation",
     .set = [](Instrument& i, int channel, double value) { scope(i).set_probe_attenuation(channel, value); },
     .read = [](Instrument& i, int channel) { return Value(scope(i).get_probe_attenuation(channel)); }},
    {.name = "bandwidth_limit",
     .kind = Quantity::Kind::on_off,
     .set = [](Instrument& i, int channel, double on) { scope(i).set_bandwidth_limit(channel, on != 0); }},
    {.name = "display",
     .kind = Quantity::Kind::on_off,
     .set = [](Instrument& i, int channel, double on) { scope(i).display_channel(channel, on != 0); },
     .read = [](Instrument& i, int channel) { return Value(scope(i).is_channel_displayed(channel)); }},
    {.name = "timebase_scale",
     .unit = "s",
     .per_channel = false,
     .set = [](Instrument& i, int, double value) { scope(i).set_timebase_scale(value); },
     .read = [](Instrument& i, int) { return Value(scope(i).get_time_axis().scale); }},
    {.name = "timebase_position",
     .unit = "s",
     .per_channel = false,
     .set = [](Instrument& i, int, double value) { scope(i).set_timebase_position(value); },
     .read = [](Instrument& i, int) { return Value(scope(i).get_time_axis().position); }},
    {.name = "trigger_source",
     .kind = Quantity::Kind::word,
     .per_channel = false,
     .set_word = [](Instrument& i, int, std::string_view word) { scope(i).set_trigger_source(word); },
     .require_word = [](std::string_view word) { (void)TriggerSource(word); }},
    {.name = "trigger_level",
     .unit = "V",
     .per_channel = false,
     .set = [](Instrument& i, int, double value) { scope(i).set_trigger_level(value); }},
    {.name = "trigger_slope",
     .kind = Quantity::Kind::word,
     .per_channel = false,
     .set_word = [](Instrument& i, int,
                    std::string_view word) { scope(i).set_trigger_slope(from_name<TriggerSlope>(word)); },
     .require_word = [](std::string_view word) { (void)from_name<TriggerSlope>(word); }},
    {.name = "trigger_sweep",
     .kind = Quantity::Kind::word,
     .per_channel = false,
     .set_word = [](Instrument& i, int,
                    std::string_view word) { scope(i).set_trigger_sweep(from_name<TriggerSweep>(word)); },
     .require_word = [](std::string_view word) { (void)from_name<TriggerSweep>(word); }},
    {.name = "acquisition_type",
     .kind = Quantity::Kind::word,
     .per_channel = false,
     .set_word = [](Instrument& i, int,
                    std::string_view word) { scope(i).set_acquisition_type(from_name<AcquisitionType>(word)); },
     .require_word = [](std::string_view word) { (void)from_name<AcquisitionType>(word); },
     .read = [](Instrument& i, int) { return Value(scope(i).acquisition_type()); }},
    {.name = "average_count",
     .per_channel = false,
     .set = [](Instrument& i, int, double value) { scope(i).set_average_count(static_cast<int>(std::lround(value))); },
     .read = [](Instrument& i, int) { return Value(scope(i).average_count()); }},
});

}  // namespace

std::span<const Quantity> oscilloscope_quantities() { return k_scope_quantities; }

}  // namespace wheatstone::procedure
