// How long it takes until a run of 10^7 rows that was stopped measures its next point, beside reading all its bytes
// once.

#include <fcntl.h>
#include <unistd.h>

#include <wheatstone/session.hpp>

#include "report.hpp"

namespace ws = wheatstone;
using namespace ws::benchmark_report;

namespace {

constexpr std::size_t k_rows = 10'000'000;
constexpr std::size_t k_outer = 1000;
using Clock = std::chrono::steady_clock;

/// Runs the sweep until it has stop_at rows. Returns when its first point was measured.
Clock::time_point run(const std::filesystem::path& store, std::size_t stop_at, ws::RunOptions options) {
  ws::MeasurementSession session("resume", {.store = store});
  auto outer = session.parameter("outer", ws::linspace(0, 1, k_outer), "V");
  auto inner = session.parameter("inner", ws::linspace(0, 1, 2 * k_rows / k_outer), "V");
  Clock::time_point first{};
  session.acquire("m", [&](const ws::Point& p) -> ws::Row {
    if (first == Clock::time_point{}) first = Clock::now();
    if (p.index() + 1 == stop_at) session.stop();
    return {{"sum", p[outer] + p[inner]}, {"difference", p[outer] - p[inner]}};
  });
  require(session.run(std::move(options)).row_count() == stop_at, "rows of the run");
  return first;
}

double read_all_ms(const std::filesystem::path& folder) {
  std::vector<char> block(std::size_t{1} << 20);
  return 1e3 * seconds_of([&] {
           for (const auto& entry : std::filesystem::directory_iterator(folder)) {
             const int fd = ::open(entry.path().c_str(), O_RDONLY);
             while (::read(fd, block.data(), block.size()) > 0) {
             }
             ::close(fd);
           }
         });
}

}  // namespace

int main() {
  const ScratchStore store("resume");
  run(store.path(), k_rows, {});
  std::vector<double> times;
  for (std::size_t more = 1; more <= 5; ++more) {
    const auto start = Clock::now();
    const auto first = run(store.path(), k_rows + more, {.resume = "last"});
    times.push_back(std::chrono::duration<double, std::milli>(first - start).count());
  }
  std::ranges::sort(times);
  std::filesystem::path folder;
  std::size_t runs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(store.path())) {
    if (entry.is_directory()) folder = entry.path(), ++runs;
  }
  require(runs == 1, "one run that went on");
  report("resume of a run of 10^7 rows, to its next point", times[2], "ms", "read(2) of all its files, warm",
         read_all_ms(folder));
}
