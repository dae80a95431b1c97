// A point of a procedure, one set-point, one reading and a derived column, beside the same program in C++ on the same
// simulated bench; and an expression beside the same arithmetic compiled.

#include <cmath>
#include <wheatstone/procedure.hpp>
#include <wheatstone/wheatstone.hpp>

#include "expression/expression.hpp"
#include "report.hpp"

namespace ws = wheatstone;
using namespace ws::benchmark_report;

namespace {

constexpr std::size_t k_points = 20'001;

constexpr const char* k_procedure = R"(
name: point
simulate: true
pace: virtual
instruments:
  psu: keysight/EDU36311A
  dmm: keysight/34470A
sweep:
  voltage: 0:5:0.00025
setup:
  - psu.channel(1).current_limit: 500 mA
  - psu.channel(1).output: on
set:
  psu.channel(1).voltage: voltage
read:
  v: dmm.voltage_dc
derive:
  square: v * v
)";

void check(const ws::Experiment& run) {
  require(run.row_count() == k_points, "rows of the sweep");
  const std::vector<double> set = run.column<double>("voltage");
  const std::vector<double> read = run.column<double>("v");
  const std::vector<double> square = run.column<double>("square");
  for (std::size_t i = 0; i < k_points; ++i) {
    require(std::abs(read[i] - set[i]) < 0.05, "the meter reads what the supply was set to");
    require(square[i] == read[i] * read[i], "the derived column");
  }
}

double procedure_us() {
  const ScratchStore store("procedure");
  ws::PreparedProcedure prepared = ws::Procedure::parse(k_procedure).prepare({.store = store.path()});
  const double seconds = seconds_of([&] { prepared.run(); });
  check(*prepared.session().data());
  return seconds / k_points * 1e6;
}

double program_us() {
  const ScratchStore store("program");
  ws::MeasurementSession session("point", {.store = store.path(), .pace = "virtual"});
  auto& psu = session.instrument<ws::PowerSupply>("psu", "keysight/EDU36311A", {.simulate = true});
  auto& dmm = session.instrument<ws::Multimeter>("dmm", "keysight/34470A", {.simulate = true});
  auto voltage = session.parameter("voltage", ws::linspace(0, 5, k_points), "V");
  auto output = psu.channel(1);
  output.set_current_limit(0.5).on();
  session.acquire("measure", [&](const ws::Point& point) -> ws::Row {
    output.set_voltage(point[voltage]);
    return {{"v", dmm.measure_voltage_dc()}};
  });
  session.derive("square", {"v"}, [](double v) { return v * v; }, "V^2");
  const double seconds = seconds_of([&] { session.run(); });
  check(*session.data());
  return seconds / k_points * 1e6;
}

void report_points() {
  std::vector<double> procedures, programs;
  for (int k = 0; k < 5; ++k) {
    procedures.push_back(procedure_us());
    programs.push_back(program_us());
  }
  std::ranges::sort(procedures);
  std::ranges::sort(programs);
  report("procedure: a point of a set-point, reading, column", procedures[2], "us", "the same program in C++",
         programs[2]);
}

void report_expression() {
  using ws::expression::Expression;
  using ws::expression::Variable;
  constexpr int k_times = 2'000'000;
  const std::vector<Variable> variables = {{"v", "V"}, {"i", "mA"}};
  const Expression power = Expression::parse("v * i + 0.5 * abs(v) * i - v * i / 4", variables);
  double sum = 0, expected = 0;
  const double evaluated = median_seconds(5, [&] {
    sum = 0;
    for (int k = 0; k < k_times; ++k) {
      const double values[] = {static_cast<double>(k), 8.0};
      sum += power.evaluate(values);
    }
  });
  const double compiled = median_seconds(5, [&] {
    expected = 0;
    for (int k = 0; k < k_times; ++k) {
      const volatile double v = k, i = 8.0;
      const double amperes = i / 1000;
      expected += v * amperes + 0.5 * std::abs(v) * amperes - v * amperes / 4;
    }
  });
  require(std::abs(sum - expected) <= 1e-9 * expected, "the expression's sum");
  report("expression of eight operations, evaluated", evaluated / k_times * 1e9, "ns", "the same in C++",
         compiled / k_times * 1e9);
}

}  // namespace

int main() {
  report_points();
  report_expression();
}
