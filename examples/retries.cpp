// An instrument that does not always answer: samples, further attempts, and points that are kept without a result.

#include <iostream>
#include <wheatstone/wheatstone.hpp>

namespace ws = wheatstone;
using namespace std::chrono_literals;

// Stands for a driver of somebody else's. Every fourth question is lost; beyond 3 V there is no answer at all.
struct Scanner {
  int questions = 0;
  double read(double voltage) {
    ++questions;
    if (questions % 4 == 0 || voltage > 3) {
      throw ws::TimeoutError("no answer to question " + std::to_string(questions));
    }
    return voltage / 50;
  }
};

int main() {
  Scanner scanner;
  ws::MeasurementSession session("Unsteady link", {.pace = "virtual"});
  const auto voltage = session.parameter("voltage", {1.0, 2.0, 3.0, 4.0}, "V");

  // Up to two further attempts after a time-out, 0.1 s and 0.2 s later; then the point is kept without a result.
  session.acquire("measure",
                  [&](const ws::Point& point) -> ws::Row { return {{"current", scanner.read(point[voltage])}}; },
                  {.samples = 3,
                   .retries = 2,
                   .backoff = 100ms,
                   .retry_on = ws::retry_on<ws::TimeoutError>(),
                   .on_error = ws::OnError::skip});
  session.derive("resistance", {"voltage", "current"}, [](double v, double i) { return v / i; }, "Ohm");

  const ws::Experiment experiment = session.run();
  std::cout << experiment;
  int retries = 0;
  for (const std::string& event : experiment.events()) {
    if (event.find("\"retry\"") == std::string::npos) continue;
    std::cout << event << '\n';
    ++retries;
  }
  return experiment.row_count() == 4 && retries == 4 && experiment.at(3, "resistance").is_null() ? 0 : 1;
}
