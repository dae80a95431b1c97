// Orders of a sweep: a diode's curve up and down, at few points where it is flat, and the voltage of 10 mA.

#include <cmath>
#include <iostream>
#include <wheatstone/wheatstone.hpp>

namespace ws = wheatstone;

int main() {
  ws::MeasurementSession session("diode");
  const auto voltage = session.parameter("voltage", ws::linspace(0, 0.8, 9, "V"));
  session.acquire("measure", [=](const ws::Point& point) -> ws::Row {
    return {{"current", ws::Value::measured(1e-9 * std::expm1(point[voltage] / 0.0446), "A")}};
  });

  std::cout << session.preview({.order = ws::Order::up_down}).text() << "\n";
  const ws::Experiment hysteresis = session.run({.order = ws::Order::up_down});
  const ws::Experiment curve =
      session.run({.order = ws::refine("voltage", {.of = "current", .between = {0, 0.8}, .points = 30})});
  const auto knee = ws::bisect("voltage", {.of = "current", .threshold = 0.01, .between = {0, 0.8}, .tolerance = 1e-6});
  session.run({.order = knee});

  std::cout << curve << "10 mA at " << *knee->crossing() << " V\n";
  const double expected = 0.0446 * std::log(0.01 / 1e-9 + 1);
  return hysteresis.row_count() == 17 && std::abs(*knee->crossing() - expected) < 1e-6 ? 0 : 1;
}
