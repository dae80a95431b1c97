// What control, observers and conditions cost a C++ point, unused and used. The reference of each is the same sweep
// with nothing of it, run in turns with it; what costs nothing shows as a ratio of one within the noise, which the
// first line tells. Times are the loop's thread's own in the processor: what other threads do beside it is not in them.

#include <atomic>
#include <thread>
#include <wheatstone/session.hpp>

#include "report.hpp"

namespace ws = wheatstone;
using namespace ws::benchmark_report;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t k_points = 2'000'000;

using Setup = std::function<void(ws::MeasurementSession&)>;
using Beside = std::function<void(ws::MeasurementSession&, const std::atomic<bool>& over)>;

double point_ns(const Setup& set_up, const Beside& beside = {}) {
  const ScratchStore store("control");
  ws::MeasurementSession session("control", {.store = store.path()});
  auto v = session.parameter("v", ws::linspace(0, 1, k_points), "V");
  session.acquire("m", [&](const ws::Point& p) -> ws::Row { return {{"double", 2 * p[v]}, {"half", p[v] / 2}}; });
  if (set_up) set_up(session);
  std::atomic<bool> over{false};
  std::thread other;
  if (beside) other = std::thread([&] { beside(session, over); });
  std::size_t rows = 0;
  const double seconds = thread_seconds_of([&] { rows = session.run().row_count(); });
  over.store(true);
  if (other.joinable()) other.join();
  require(rows == k_points, "rows of the sweep");
  return seconds / k_points * 1e9;
}

void compare(const std::string& what, const Setup& set_up, const Beside& beside = {}) {
  report_in_turns(
      what, [&] { return point_ns(set_up, beside) / 1000; }, "us", "the same point with nothing of it",
      [] { return point_ns({}) / 1000; });
}

double pauses_us() {
  constexpr int k_pauses = 20'000;
  const ScratchStore store("pauses");
  ws::MeasurementSession session("pauses", {.store = store.path()});
  session.parameter("v", ws::linspace(0, 1, 1'000'000'000));
  session.acquire("m", [](const ws::Point&) -> ws::Row { return {{"x", 1.0}}; });
  double seconds = 0;
  std::thread other([&] {
    while (session.progress().done == 0) std::this_thread::yield();
    seconds = seconds_of([&] {
      for (int k = 0; k < k_pauses; ++k) {
        session.pause();
        session.resume();
      }
    });
    session.stop();
  });
  require(session.run().row_count() > 0, "rows between pauses");
  other.join();
  return seconds / k_pauses * 1e6;
}

double write_us() {
  constexpr int k_lines = 40'000;
  const ScratchStore store("lines");
  std::filesystem::create_directories(store.path());
  std::FILE* out = std::fopen((store.path() / "lines").c_str(), "a");
  std::setbuf(out, nullptr);
  const double seconds = seconds_of([&] {
    for (int k = 0; k < k_lines; ++k)
      std::fputs(R"({"event": "control", "action": "pause"})"
                 "\n",
                 out);
  });
  std::fclose(out);
  return seconds / k_lines * 2 * 1e6;
}

}  // namespace

int main() {
  compare("C++ point, nothing asked, noise of this figure", {});
  compare("with a condition, looked at every 100 ms",
          [](ws::MeasurementSession& session) { session.suspend_when([] { return false; }); });
  std::atomic<std::uint64_t> seen{0};
  compare("with an observer in C++, 1,000 rows of queue", [&](ws::MeasurementSession& session) {
    session.on_row([&](const ws::Row&) { seen.fetch_add(1, std::memory_order_relaxed); });
  });
  require(seen.load() > 0, "rows that the observer saw");
  compare("with progress read by another thread every 1 ms", {},
          [](ws::MeasurementSession& session, const std::atomic<bool>& over) {
            while (!over.load()) {
              (void)session.progress();
              std::this_thread::sleep_for(1ms);
            }
          });
  report("a pause and a resume while rows flow, both in events", pauses_us(), "us", "two lines appended by write(2)",
         write_us());
}
