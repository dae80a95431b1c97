#include <array>
#include <string>
#include <vector>
#include <wheatstone/multimeter.hpp>

#include "procedure/quantity.hpp"

namespace wheatstone::procedure {
namespace {

using F = MultimeterFunction;

Multimeter& meter(Instrument& instrument) { return static_cast<Multimeter&>(instrument); }

template <F function>
constexpr Quantity reading(std::string_view name, std::string_view unit) {
  return {.name = name, .unit = unit, .per_channel = false, .read = [](Instrument& i, int) {
            return Value(meter(i).measure(function));
          }};
}

/// What one measuring function can be set to, "voltage_dc.nplc".
template <F function>
std::array<Quantity, 5> settings(std::string_view unit) {
  static const std::string k_of(name_of(function));
  static const std::array<std::string, 5> k_names = {k_of + ".range", k_of + ".nplc", k_of + ".aperture",
                                                     k_of + ".resolution", k_of + ".autozero"};
  return {{{.name = k_names[0],
            .unit = unit,
            .per_channel = false,
            .set = [](Instrument& i, int, double value) { meter(i).set_range(value, function); },
            .set_word = [](Instrument& i, int,
                           std::string_view word) { meter(i).set_range(MeasuringRange::from_name(word), function); },
            .require_word = [](std::string_view word) { (void)MeasuringRange::from_name(word); }},
           {.name = k_names[1],
            .per_channel = false,
            .set = [](Instrument& i, int, double value) { meter(i).set_nplc(value, function); },
            .read = [](Instrument& i, int) { return Value(meter(i).nplc(function)); }},
           {.name = k_names[2],
            .unit = "s",
            .per_channel = false,
            .set = [](Instrument& i, int, double value) { meter(i).set_aperture(value, function); },
            .read = [](Instrument& i, int) { return Value(meter(i).aperture(function)); }},
           {.name = k_names[3],
            .unit = unit,
            .per_channel = false,
            .set = [](Instrument& i, int, double value) { meter(i).set_resolution(value, function); }},
           {.name = k_names[4],
            .kind = Quantity::Kind::on_off,
            .per_channel = false,
            .set = [](Instrument& i, int, double on) { meter(i).set_autozero(on != 0, function); }}}};
}

}  // namespace

std::span<const Quantity> multimeter_quantities() {
  static const std::vector<Quantity> k_quantities = [] {
    std::vector<Quantity> all = {
        {.name = "function",
         .kind = Quantity::Kind::word,
         .per_channel = false,
         .set_word = [](Instrument& i, int, std::string_view name) { meter(i).set_function(from_name<F>(name)); },
         .require_word = [](std::string_view name) { (void)from_name<F>(name); },
         .read = [](Instrument& i, int) { return Value(meter(i).function()); }},
        reading<F::voltage_dc>("voltage_dc", "V"),
        reading<F::voltage_ac>("voltage_ac", "V"),
        reading<F::current_dc>("current_dc", "A"),
        reading<F::current_ac>("current_ac", "A"),
        reading<F::resistance>("resistance", "Ohm"),
        reading<F::resistance_4w>("resistance_4w", "Ohm"),
        reading<F::frequency>("frequency", "Hz"),
        reading<F::period>("period", "s"),
        reading<F::temperature>("temperature", "°C"),
        reading<F::continuity>("continuity", "Ohm"),
        reading<F::diode>("diode", "V"),
        reading<F::capacitance>("capacitance", "F"),
    };
    for (const auto& of_one : {settings<F::voltage_dc>("V"), settings<F::voltage_ac>("V"), settings<F::current_dc>("A"),
                               settings<F::current_ac>("A"), settings<F::resistance>("Ohm"),
                               settings<F::resistance_4w>("Ohm"), settings<F::frequency>("V"), settings<F::period>("V"),
                               settings<F::temperature>(""), settings<F::capacitance>("F")}) {
      all.insert(all.end(), of_one.begin(), of_one.end());
    }
    return all;
  }();
  return k_quantities;
}

}  // namespace wheatstone::procedure
