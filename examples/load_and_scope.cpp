// Three things at once: a task switches a load between two currents, another moves the supply's voltage, and a scope
// measures the ripple that both make on the same node.

#include <algorithm>
#include <iostream>
#include <wheatstone/wheatstone.hpp>

namespace ws = wheatstone;
using namespace std::chrono_literals;

int main() {
  ws::MeasurementSession session("Ripple under load");
  auto& psu = session.instrument<ws::PowerSupply>("psu", "keysight/EDU36311A", {.simulate = true});
  auto& load = session.instrument<ws::ElectronicLoad>("load", "keysight/EL33133A", {.simulate = true});
  auto& scope = session.instrument<ws::Oscilloscope>("scope", "keysight/DSOX1204G", {.simulate = true});
  psu.channel(1).set(5.0, 2.0).on();
  load.set_mode(ws::LoadMode::constant_current);
  load.enable_input(true);
  scope.set_timebase_scale(20e-3);
  scope.set_channel_scale(1, 1.0);
  scope.set_trigger_sweep(ws::TriggerSweep::automatic);

  session.task("supply ramp", [&](const std::stop_token& stop) {
    for (int step = 0; !stop.stop_requested(); ++step) {
      psu.channel(1).set_voltage(step % 2 == 0 ? 4.0 : 5.0);
      session.sleep(30ms);
    }
  });
  session.task("load steps", [&](const std::stop_token& stop) {
    for (int step = 0; !stop.stop_requested(); ++step) {
      load.set_load(step % 2 == 0 ? 1.0 : 0.1);
      session.sleep(70ms);
    }
  });
  session.acquire("ripple", [&]() -> ws::Row {
    scope.single();
    (void)scope.wait_for_trigger(1s);
    return {{"vpp", scope.measure_voltage_peak_to_peak(1)}, {"mean", scope.measure_mean(1)}};
  });

  const ws::Experiment experiment = session.run({.duration = 2s, .interval = 250ms});
  std::cout << experiment;

  // The supply moves by 1 V several times within each record of 200 ms.
  const std::vector<double> vpp = experiment.column<double>("vpp");
  return !vpp.empty() && std::ranges::max(vpp) > 0.8 ? 0 : 1;
}
