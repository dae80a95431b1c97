// A sweep of two levels: an oven that is waited for until it is at rest, and voltages at each of its temperatures.

#include <algorithm>
#include <cmath>
#include <iostream>
#include <wheatstone/wheatstone.hpp>

namespace ws = wheatstone;
using namespace std::chrono_literals;

// Stands for a driver of somebody else's. Comes a fifth closer to its set-point at each reading.
struct Oven {
  double setpoint = 295.0;
  double temperature = 295.0;
  double read() { return temperature += (setpoint - temperature) / 5; }
};

int main() {
  Oven oven;
  ws::MeasurementSession session("Two levels", {.pace = "virtual"});
  auto& psu = session.instrument<ws::PowerSupply>("psu", "keysight/EDU36311A", {.simulate = true});
  auto& dmm = session.instrument<ws::Multimeter>("dmm", "keysight/34470A", {.simulate = true});

  // At rest is what stays within 0.5 K for 5 s; after ten minutes the run gives up.
  const ws::Stable at_rest = ws::stable(
      0.5, "K", {.over = 5s, .limit = 10min, .reading = [&](const ws::Point&) { return ws::Value(oven.read()); }});
  const auto temperature = session.parameter("temperature", {300.0, 350.0}, {.unit = "K", .settle = at_rest});
  const auto voltage = session.parameter("voltage", {1.0, 2.0, 3.0}, {.unit = "V", .settle = 10ms});

  session.before(temperature, [&](const ws::Point& point) { oven.setpoint = point[temperature]; });
  session.after([&] { oven.setpoint = 295.0; });
  session.baseline("offset", [&]() -> ws::Row {
    psu.channel(1).set(0.0, 0.5).on();
    return {{"v_offset", dmm.measure_voltage_dc()}};
  });
  session.acquire("measure", [&](const ws::Point& point) -> ws::Row {
    psu.channel(1).set_voltage(point[voltage]);
    return {{"v", dmm.measure_voltage_dc()}, {"t", oven.read()}};
  });
  session.derive("error", {"v", "voltage"}, [](double v, double set) { return v - set; }, "V");

  const ws::Experiment experiment = session.run();
  std::cout << experiment;
  for (const ws::Baseline& baseline : experiment.baselines()) {
    const double offset = *baseline.results.find("v_offset")->get_if<double>();
    std::cout << baseline.name << " at the " << baseline.when << ": " << offset << " V\n";
  }

  const std::vector<double> wanted = experiment.column<double>("temperature");
  const std::vector<double> reached = experiment.column<double>("t");
  const bool is_at_rest = std::ranges::equal(wanted, reached, [](double a, double b) { return std::abs(a - b) < 1; });
  return wanted.size() == 6 && is_at_rest && oven.setpoint == 295.0 ? 0 : 1;
}
