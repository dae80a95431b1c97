// A point in C++: a trivial acquisition of two results over two parameters, with timing and row check, committed.
// Beside it, the same five columns appended to vectors in memory, with nothing kept if the process dies.

#include <unistd.h>

#include <wheatstone/session.hpp>

#include "report.hpp"

namespace ws = wheatstone;
using namespace ws::benchmark_report;

namespace {

constexpr std::size_t k_outer = 1000;
constexpr std::size_t k_inner = 2000;
constexpr std::size_t k_points = k_outer * k_inner;

double session_ns() {
  const ScratchStore store("point");
  ws::MeasurementSession session("point", {.store = store.path()});
  auto v = session.parameter("v", ws::linspace(0, 1, k_outer), "V");
  auto i = session.parameter("i", ws::linspace(0, 2, k_inner), "A");
  session.acquire("m", [&](const ws::Point& p) -> ws::Row { return {{"power", p[v] * p[i]}, {"sum", p[v] + p[i]}}; });
  std::size_t rows = 0;
  const double seconds = seconds_of([&] { rows = session.run().row_count(); });
  require(rows == k_points, "rows of the sweep");
  const ws::Experiment data = *session.data();
  require(data.at(k_points - 1, "power").get_if<double>() != nullptr &&
              *data.at(k_points - 1, "power").get_if<double>() == 2.0,
          "the last row's power");
  return seconds / k_points * 1e9;
}

double vectors_ns() {
  std::vector<double> v, i, t, power, sum;
  for (auto* column : {&v, &i, &t, &power, &sum}) column->reserve(k_points);
  const double seconds = seconds_of([&] {
    for (std::size_t a = 0; a < k_outer; ++a) {
      for (std::size_t b = 0; b < k_inner; ++b) {
        const double x = static_cast<double>(a) / (k_outer - 1);
        const double y = 2.0 * static_cast<double>(b) / (k_inner - 1);
        v.push_back(x);
        i.push_back(y);
        t.push_back(static_cast<double>(std::chrono::steady_clock::now().time_since_epoch().count()));
        power.push_back(x * y);
        sum.push_back(x + y);
      }
    }
  });
  require(power.back() == 2.0, "the reference's last power");
  return seconds / k_points * 1e9;
}

double one_point_ms() {
  const ScratchStore store("one");
  return median_seconds(21,
                        [&] {
                          ws::MeasurementSession session("one", {.store = store.path()});
                          session.parameter("v", {1.0});
                          session.acquire("m", [](const ws::Point&) -> ws::Row { return {{"x", 1.0}}; });
                          require(session.run().row_count() == 1, "rows of one point");
                        }) *
         1e3;
}

double write_and_sync_ms() {
  const ScratchStore store("sync");
  std::filesystem::create_directories(store.path());
  return median_seconds(21,
                        [&] {
                          const auto file = store.path() / "one";
                          std::FILE* out = std::fopen(file.c_str(), "w");
                          std::fputs("1.0\n", out);
                          std::fflush(out);
                          require(::fdatasync(::fileno(out)) == 0, "fdatasync");
                          std::fclose(out);
                        }) *
         1e3;
}

}  // namespace

int main() {
  std::vector<double> points, references;
  for (int k = 0; k < 5; ++k) {
    points.push_back(session_ns());
    references.push_back(vectors_ns());
  }
  std::ranges::sort(points);
  std::ranges::sort(references);
  report("C++ point, 5 columns, timing, check, committed", points[2] / 1000, "us",
         "5 vectors and a clock read, in memory", references[2] / 1000);
  report("a run of one point, opened and closed, durable", one_point_ms(), "ms", "write and fdatasync one small file",
         write_and_sync_ms());
}
