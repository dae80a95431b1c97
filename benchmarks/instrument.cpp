// A reading and a set-point through a driver, beside the same text through the simulated transport alone: what the
// driver adds is the lock, the limits, formatting, parsing, uncertainty and two looks at the clock.
#include <cmath>
#include <string>
#include <wheatstone/multimeter.hpp>
#include <wheatstone/power_supply.hpp>

#include "bench/connect.hpp"
#include "report.hpp"

namespace {

using namespace wheatstone;
using benchmark_report::median_seconds;
using benchmark_report::report;
using benchmark_report::require;

constexpr int k_rounds = 50'000;
constexpr double k_nanoseconds = 1e9 / k_rounds;
constexpr std::int64_t k_later = INT64_MAX;

double ask_repeatedly(transport::Transport& link, std::string_view text, std::string& last) {
  return k_nanoseconds * median_seconds(5, [&] {
           for (int i = 0; i < k_rounds; ++i) {
             link.write(text, k_later);
             last = link.read_message(k_later);
           }
         });
}

}  // namespace

int main() {
  simulation::SimulatedBench world;
  const auto made_psu = bench::connect("psu", "keysight/EDU36311A", {.simulate = true}, world, base::system_clock());
  const auto made_dmm = bench::connect("dmm", "keysight/34470A", {.simulate = true}, world, base::system_clock());
  auto& psu = dynamic_cast<PowerSupply&>(*made_psu);
  auto& dmm = dynamic_cast<Multimeter&>(*made_dmm);
  psu.channel(1).set(2.0, 0.5).on();

  double sum = 0;
  const double reading = k_nanoseconds * median_seconds(5, [&] {
                           sum = 0;
                           for (int i = 0; i < k_rounds; ++i) sum += dmm.measure_voltage_dc().value;
                         });
  require(std::abs(sum / k_rounds - 2.0) < 0.01, "the mean of all readings is 2 V");
  std::string last;
  const auto meter_link = world.connect("dmm", profile::load_profile("keysight/34470A"));
  const double bare_reading = ask_repeatedly(*meter_link, "READ?", last);
  require(last.starts_with("+") || last.starts_with("-"), "READ? is answered with a number");
  report("dmm.measure_voltage_dc()", reading, "ns", "READ? through the transport alone", bare_reading);

  const double setting = k_nanoseconds * median_seconds(5, [&] {
                           for (int i = 0; i < k_rounds; ++i) psu.channel(1).set_voltage(1.5);
                         });
  require(psu.voltage_setpoint(1) == 1.5, "the supply is set to 1.5 V");
  const auto supply_link = world.connect("psu", profile::load_profile("keysight/EDU36311A"));
  const double bare_setting = ask_repeatedly(*supply_link, "VOLT 1.5,(@1);:SYST:ERR?", last);
  require(last == "+0,\"No error\"", "the error queue is empty");
  report("psu.channel(1).set_voltage(v)", setting, "ns", "VOLT ...;:SYST:ERR? through the transport alone",
         bare_setting);
}
