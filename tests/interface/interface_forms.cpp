// Forms of the public C++ interface that must compile and link, warnings as errors. Built, not run: its grid is large.
#include <array>
#include <cstdio>
#include <list>
#include <sstream>
#include <wheatstone/wheatstone.hpp>
namespace ws = wheatstone;
using namespace std::chrono_literals;
namespace lab {
enum class Mode { cc, cv };
std::string_view name_of(Mode m) { return m == Mode::cc ? "CC" : "CV"; }
}  // namespace lab
int main() {
  ws::MeasurementSession session("IV curve");
  auto& psu = session.instrument<ws::PowerSupply>("psu", "keysight/EDU36311A", {.simulate = true});
  auto& dmm = session.instrument<ws::Multimeter>("dmm", "keysight/34470A", {.simulate = true});
  auto voltage = session.parameter("voltage", {1.0, 2.0, 3.0}, "V");
  auto mixed = session.parameter("mixed", {1, 2.5, 3}, "V");
  auto one = session.parameter("one", {1.0});
  auto n = session.parameter("n", {1, 2});
  auto label = session.parameter("label", {"a", "bcd"});
  auto two = session.parameter("two", {"a", "b"}, "u");
  auto flag = session.parameter("flag", {true, false});
  auto mode = session.parameter("mode", {lab::Mode::cc, lab::Mode::cv});
  using namespace std::complex_literals;
  auto z = session.parameter("z", {1.0 + 2.0i, 3.0i}, "Ohm");
  auto lin = session.parameter("lin", ws::linspace(0, 1, 2), {.unit = "A", .settle = 10ms});
  auto arr = session.parameter("arr", std::array{1.f, 2.f}, "V");
  auto lst = session.parameter("lst", std::list<std::string>{"x"});
  auto io = session.parameter("io", std::views::iota(0, 2) | std::views::transform([](int i) { return i * 0.5; }), "V");
  auto vb = session.parameter("vb", std::vector<bool>{true});
  static_assert(std::same_as<decltype(voltage)::value_type, double>);
  static_assert(std::same_as<decltype(mixed)::value_type, double>);
  static_assert(std::same_as<decltype(n)::value_type, std::int64_t>);
  static_assert(std::same_as<decltype(label)::value_type, std::string>);
  static_assert(std::same_as<decltype(flag)::value_type, bool>);
  static_assert(std::same_as<decltype(mode)::value_type, lab::Mode>);
  static_assert(std::same_as<decltype(z)::value_type, std::complex<double>>);
  static_assert(std::same_as<decltype(arr)::value_type, double>);
  static_assert(std::same_as<decltype(vb)::value_type, bool>);
  auto rule = session.parameter("rule", ws::steps(0, 1, 0.5, "V"));
  auto many = session.parameter("many", std::views::iota(0, 1'000'000'000));
  auto endless = session.parameter("endless", std::views::iota(0), "n");
  auto pulled = session.parameter("pulled", [k = 0]() mutable { return std::optional<int>(k++); }, {.unit = "n"});
  std::istringstream stream("1 2");
  auto read = session.parameter("read", std::views::istream<double>(stream), "V");
  auto inner =
      session.parameter("inner", [=](const ws::Point& outer) { return std::vector{outer[voltage], 2.0}; }, "A");
  auto open = session.parameter<double>("open", "V");
  auto also = session.parameter<std::string>("also", {.unit = "V"});
  static_assert(std::same_as<decltype(many)::value_type, std::int64_t>);
  static_assert(std::same_as<decltype(pulled)::value_type, std::int64_t>);
  static_assert(std::same_as<decltype(inner)::value_type, double>);
  session.constrain("power", [=](const ws::Point& p) { return p[voltage] * p[inner] < 5; });
  session.acquire("measure", [&](const ws::Point& point) -> ws::Row {
    psu.channel(1).set_voltage(point[voltage]).set_current_limit(0.5).on();
    if (point[mode] == lab::Mode::cv && point[flag] && point[label] == "a" && point[z].real() > 0 && point[lin] >= 0 &&
        point[n] > 0 && point[one] > 0 && point[arr] > 0 && point[io] >= 0 && !point[lst].empty() && point[rule] > 0 &&
        point[many] > 0 && point[endless] > 0 && point[pulled] > 0 && point[read] > 0 && point[open] > 0 &&
        !point[also].empty() && !point[two].empty() && point[vb] && point[mixed] > 0) {
    }
    return {{"v_measured", dmm.measure_voltage_dc()}};
  });
  session.acquire("many", [&](const ws::Point& p) -> ws::Row {
    return {{"s", "text"},
            {"i", 3},
            {"b", true},
            {"u", 7u},
            {"z", p[z]},
            {"mode", p[mode]},
            {"w", ws::Waveform{0, 1e-6, {1, 2, 3}}},
            {"a", std::vector<double>{1, 2}},
            {"none", std::nullopt},
            {"maybe", std::optional<double>{}}};
  });
  session.acquire("strings", [] { return ws::Row{{"a", "b"}, {"c", "d"}}; });
  session.acquire("single", [](const ws::Point&) -> ws::Row { return {{"a", "b"}}; });
  session.task("ramp", [&](std::stop_token stop) {
    while (!stop.stop_requested()) psu.channel(1).set_voltage(1);
  });
  session.task("tick", [&] { psu.channel(1).set_voltage(1); });
  session.task("either", [](auto...) {});
  try {
    ws::Experiment e = session.run();
    ws::Experiment timed = session.run({.duration = 5s, .interval = 250ms});
    ws::Experiment timed2 = session.run({.duration = 0.5s, .interval = 0.1s});
    std::printf("%zu %zu %zu\n", e.row_count(), timed.row_count(), timed2.row_count());
  } catch (const ws::MeasurementError& error) {
    std::printf("%s after %zu rows\n", error.what(), error.experiment().row_count());
  }
}
