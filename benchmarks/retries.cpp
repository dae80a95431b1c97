// What retries, samples and on_error cost a C++ point: asked for and not needed, and used. The reference is the same
// sweep with nothing of it, run in turns with it. Times are the loop's thread's own in the processor.

#include <wheatstone/error.hpp>
#include <wheatstone/session.hpp>

#include "report.hpp"

namespace ws = wheatstone;
using namespace ws::benchmark_report;

namespace {

constexpr std::size_t k_points = 1'000'000;
constexpr std::size_t k_every = 1000;  // point of which the first attempt fails, where one is to

double point_us(ws::AcquisitionOptions options, bool fails) {
  const ScratchStore store("retries");
  ws::MeasurementSession session("retries", {.store = store.path()});
  auto v = session.parameter("v", ws::linspace(0, 1, k_points), "V");
  std::size_t failures = 0, calls = 0;
  session.acquire(
      "m",
      [&](const ws::Point& p) -> ws::Row {
        ++calls;
        if (fails && p.index() % k_every == 0 && failures <= p.index() / k_every) {
          ++failures;
          throw ws::TimeoutError("asleep");
        }
        return {{"double", 2 * p[v]}, {"half", p[v] / 2}};
      },
      options);
  std::size_t rows = 0;
  const double seconds = thread_seconds_of([&] { rows = session.run().row_count(); });
  require(rows == k_points, "rows of the sweep");
  require(calls == k_points * options.samples + (options.retries > 0 ? failures : 0), "calls of the acquisition");
  return seconds / k_points * 1e6;
}

void compare(const std::string& what, const ws::AcquisitionOptions& options, bool fails = false) {
  report_in_turns(
      what, [&] { return point_us(options, fails); }, "us", "the same point with nothing of it",
      [] { return point_us({}, false); });
}

}  // namespace

int main() {
  compare("C++ point, nothing asked, noise of this figure", {});
  compare("with retries that are not needed", {.retries = 2});
  compare("with retries, one in 1,000 points needs one", {.retries = 2}, true);
  compare("with on_error = skip, not needed", {.on_error = ws::OnError::skip});
  compare("with on_error = skip, one in 1,000 points skipped", {.on_error = ws::OnError::skip}, true);
  compare("with 4 samples a point", {.samples = 4});
}
