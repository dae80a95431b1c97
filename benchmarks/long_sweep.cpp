// A sweep of 10^8 points in C++: what a point costs over all of them, and whether memory stays flat. The reference
// writes as many bytes to the same medium. WHEATSTONE_BENCH_POINTS shortens it.

#include <fcntl.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <wheatstone/session.hpp>

#include "report.hpp"

namespace ws = wheatstone;
using namespace ws::benchmark_report;

namespace {

/// Megabytes of this process in memory now.
double resident_mb() {
  std::ifstream statm("/proc/self/statm");
  double total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

struct Figures {
  double point_us = 0;
  double first_mb = 0;  ///< resident after a tenth of the points
  double most_mb = 0;   ///< and at most from there on
  double bytes = 0;     ///< of the finished run
};

double size_of(const std::filesystem::path& folder) {
  double bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    bytes += static_cast<double>(entry.file_size());
  }
  return bytes;
}

Figures sweep(std::size_t points) {
  const ScratchStore store("long");
  ws::MeasurementSession session("long", {.store = store.path()});
  auto v = session.parameter("v", ws::linspace(0, 1, points), "V");
  Figures figures;
  const std::size_t every = points / 1000;
  session.acquire("m", [&](const ws::Point& p) -> ws::Row {
    if (p.index() % every == 0 && p.index() >= points / 10) {
      const double now = resident_mb();
      if (figures.first_mb == 0) figures.first_mb = now;
      figures.most_mb = std::max(figures.most_mb, now);
    }
    return {{"double", 2 * p[v]}};
  });
  std::size_t rows = 0;
  const double seconds = seconds_of([&] { rows = session.run().row_count(); });
  require(rows == points, "rows of the sweep");
  const ws::Experiment data = *session.data();
  require(*data.at(points - 1, "double").get_if<double>() == 2.0, "the last row");
  figures.point_us = seconds / static_cast<double>(points) * 1e6;
  figures.bytes = size_of(data.folder());
  return figures;
}

double write_us(double bytes, std::size_t points) {
  const ScratchStore store("bytes");
  std::filesystem::create_directories(store.path());
  const std::vector<char> block(std::size_t{1} << 22, 'x');
  const double seconds = seconds_of([&] {
    const int fd = ::open((store.path() / "bytes").c_str(), O_WRONLY | O_CREAT, 0600);
    for (double written = 0; written < bytes; written += static_cast<double>(block.size())) {
      require(::write(fd, block.data(), block.size()) == static_cast<ssize_t>(block.size()), "a block was written");
    }
    require(::fdatasync(fd) == 0, "fdatasync");
    ::close(fd);
  });
  return seconds / static_cast<double>(points) * 1e6;
}

}  // namespace

int main() {
  const char* const given = std::getenv("WHEATSTONE_BENCH_POINTS");
  const std::size_t points = given == nullptr ? 100'000'000 : std::strtoull(given, nullptr, 10);
  require(points >= 1'000'000, "WHEATSTONE_BENCH_POINTS is a million at least");
  const Figures figures = sweep(points);
  report(fmt::format("a point of a sweep of {:.2g}, sealed at its end", static_cast<double>(points)), figures.point_us,
         "us", fmt::format("write(2) of the same {:.2g} GB, synced", figures.bytes / 1e9),
         write_us(figures.bytes, points));
  report("resident memory at most, from a tenth of it on", figures.most_mb, "MB", "after a tenth of the points",
         figures.first_mb);
}
