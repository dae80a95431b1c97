// An IV curve: a supply steps through voltages, a meter and the supply itself read what a resistive load makes of it.
//
// On the simulated bench, all instruments stand on one circuit: from 4 V on, the supply holds its current limit and the
// voltage no longer follows.

#include <iostream>
#include <wheatstone/wheatstone.hpp>

namespace ws = wheatstone;

int main() {
  ws::MeasurementSession session("IV curve");
  auto& psu = session.instrument<ws::PowerSupply>("psu", "keysight/EDU36311A", {.simulate = true});
  auto& load = session.instrument<ws::ElectronicLoad>("load", "keysight/EL33133A", {.simulate = true});
  auto& dmm = session.instrument<ws::Multimeter>("dmm", "keysight/34470A", {.simulate = true});
  load.set_mode(ws::LoadMode::constant_resistance);
  load.set_range(8.0);
  load.set_load(8.0);
  load.enable_input(true);

  const auto voltage = session.parameter("voltage", ws::linspace(0, 6, 13), {.unit = "V", .notes = "Supply voltage"});
  session.acquire("measure", [&](const ws::Point& point) -> ws::Row {
    psu.channel(1).set_voltage(point[voltage]).set_current_limit(0.5).on();
    return {{"v", dmm.measure_voltage_dc()}, {"i", psu.channel(1).measure_current()}};
  });

  const ws::Experiment experiment = session.run({.handle_interrupt = true});
  std::cout << experiment;

  // 8 Ohm at 0.5 A are 4 V, whatever more is asked for.
  const std::vector<double> v = experiment.column<double>("v");
  return v.size() == 13 && v.back() > 3.9 && v.back() < 4.1 ? 0 : 1;
}
