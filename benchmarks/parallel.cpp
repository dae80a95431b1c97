// Two readings of 100 ms on two simulated meters at real pace: in parallel, started together, one after the other.

#include <wheatstone/multimeter.hpp>
#include <wheatstone/session.hpp>

#include "report.hpp"

namespace ws = wheatstone;
using namespace ws::benchmark_report;
using namespace std::chrono_literals;

namespace {

constexpr int k_points = 10;

/// Two meters that take 100 ms for a reading: five cycles of 50 Hz, without the automatic zero's second reading.
struct TwoMeters {
  TwoMeters() {
    for (ws::Multimeter* meter : {&first, &second}) {
      meter->configure(ws::MultimeterFunction::voltage_dc, 10.0);
      meter->set_aperture(0.1);
      meter->set_autozero(false);
    }
    std::vector<int> points(k_points);
    session.parameter("point", points);
  }
  double milliseconds_a_point(bool parallel) {
    ws::Experiment experiment = session.run({.parallel = parallel});
    require(experiment.row_count() == k_points, "rows");
    std::vector<std::int64_t> started = experiment.timing().column<std::int64_t>("started");
    return static_cast<double>(started.back() - started.front()) / 1e6 / (k_points - 1);
  }

  ScratchStore store{"parallel"};
  ws::MeasurementSession session{"parallel", {.store = store.path(), .pace = "real"}};
  ws::Multimeter& first = session.instrument<ws::Multimeter>("first", "keysight/34470A", {.simulate = true});
  ws::Multimeter& second = session.instrument<ws::Multimeter>("second", "keysight/34470A", {.simulate = true});
};

}  // namespace

int main() {
  TwoMeters apart;
  apart.session.acquire("first", [&]() -> ws::Row { return {{"v1", apart.first.measure_voltage_dc()}}; },
                        {.uses = {"first"}});
  apart.session.acquire("second", [&]() -> ws::Row { return {{"v2", apart.second.measure_voltage_dc()}}; },
                        {.uses = {"second"}});
  const double serial = apart.milliseconds_a_point(false);
  report("two readings of 100 ms in parallel", apart.milliseconds_a_point(true), "ms", "one after the other", serial);

  TwoMeters together;
  together.session.acquire("both", [&]() -> ws::Row {
    together.first.initiate();
    together.second.initiate();
    return {{"v1", together.first.fetch()}, {"v2", together.second.fetch()}};
  });
  report("two readings of 100 ms, initiated, then fetched", together.milliseconds_a_point(false), "ms",
         "one after the other", serial);
}
