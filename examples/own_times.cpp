// Acquisitions with times of their own: two intervals, a trigger, and two meters that measure at the same time.

#include <iostream>
#include <wheatstone/wheatstone.hpp>

namespace ws = wheatstone;
using namespace std::chrono_literals;

int main() {
  ws::MeasurementSession session("Burn in", {.pace = "virtual"});
  auto& psu = session.instrument<ws::PowerSupply>("psu", "keysight/EDU36311A", {.simulate = true});
  auto& left = session.instrument<ws::Multimeter>("left", "keysight/34470A", {.simulate = true});
  auto& right = session.instrument<ws::Multimeter>("right", "keysight/34470A", {.simulate = true});
  psu.channel(1).set_voltage(5.0).set_current_limit(0.5).on();

  // Both are due every second and measure at the same time, for they use distinct instruments.
  session.acquire("left", [&]() -> ws::Row { return {{"v_left", left.measure_voltage_dc()}}; },
                  {.interval = 1s, .uses = {"left"}});
  session.acquire("right", [&]() -> ws::Row { return {{"v_right", right.measure_voltage_dc()}}; },
                  {.interval = 1s, .uses = {"right"}});
  session.acquire("supply", [&]() -> ws::Row { return {{"i", psu.channel(1).measure_current()}}; },
                  {.interval = 5s, .uses = {"psu"}});
  // Asked every 500 ms while the run waits; true once.
  int looks = 0;
  session.acquire("door", []() -> ws::Row { return {{"opened", true}}; },
                  {.trigger = [&] { return ++looks == 7; }, .poll = 500ms});

  const ws::Experiment experiment = session.run({.duration = 20s, .parallel = true});
  std::cout << experiment << experiment.timing();
  std::size_t without_current = 0;
  for (std::size_t row = 0; row < experiment.row_count(); ++row) {
    if (experiment.at(row, "i").is_null()) ++without_current;
  }
  return experiment.row_count() == 21 && without_current == 17 ? 0 : 1;
}
