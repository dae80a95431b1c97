// A timed run with a task beside it: the supply ramps up and down on its own thread while a meter is read every 50 ms.

#include <algorithm>
#include <iostream>
#include <wheatstone/wheatstone.hpp>

namespace ws = wheatstone;
using namespace std::chrono_literals;

int main() {
  ws::MeasurementSession session("Ramp");
  auto& psu = session.instrument<ws::PowerSupply>("psu", "keysight/EDU36311A", {.simulate = true});
  auto& dmm = session.instrument<ws::Multimeter>("dmm", "keysight/34470A", {.simulate = true});
  psu.channel(1).set(0.0, 0.5).on();

  session.task("ramp", [&](const std::stop_token& stop) {
    for (int step = 0; !stop.stop_requested(); ++step) {
      const int phase = step % 20;
      psu.channel(1).set_voltage(0.5 * std::min(phase, 20 - phase));
      session.sleep(50ms);
    }
  });
  session.acquire("measure", [&]() -> ws::Row { return {{"v", dmm.measure_voltage_dc()}}; });

  const ws::Experiment experiment = session.run({.duration = 2s, .interval = 50ms});
  std::cout << experiment << '\n' << experiment.timing().table(6) << '\n';

  const std::vector<double> v = experiment.column<double>("v");
  return v.size() <= 40 && std::ranges::max(v) > 4.0 && std::ranges::min(v) < 1.0 ? 0 : 1;
}
