// Lateness of a timed run: 10 ms interval, 2 ms of work, 5 s. Beside it, a plain loop on absolute deadlines.

#include <time.h>

#include <wheatstone/session.hpp>

#include "report.hpp"

namespace ws = wheatstone;
using namespace ws::benchmark_report;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t k_rows = 500;

std::int64_t now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

void work_2_ms() {
  const std::int64_t until = now() + 2'000'000;
  while (now() < until) {
  }
}

struct Lateness {
  std::size_t rows = 0;
  double p50 = 0;
  double p99 = 0;
};

Lateness of(std::vector<std::int64_t> ns) {
  std::ranges::sort(ns);
  return {ns.size(), static_cast<double>(ns[ns.size() / 2]) / 1000,
          static_cast<double>(ns[ns.size() * 99 / 100]) / 1000};
}

Lateness session_lateness() {
  const ScratchStore store("timed");
  ws::MeasurementSession session("timed", {.store = store.path()});
  session.acquire("work", [](const ws::Point& p) -> ws::Row {
    work_2_ms();
    return {{"k", p.slot()}};
  });
  const ws::Experiment experiment = session.run({.duration = 5s, .interval = 10ms});
  return of(experiment.timing().column<std::int64_t>("lateness"));
}

Lateness plain_lateness() {
  std::vector<std::int64_t> late;
  const std::int64_t start = now();
  for (std::size_t k = 0; k < k_rows; ++k) {
    const std::int64_t due = start + static_cast<std::int64_t>(k) * 10'000'000;
    const timespec until{due / 1'000'000'000, due % 1'000'000'000};
    ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
    late.push_back(now() - due);
    work_2_ms();
  }
  return of(late);
}

}  // namespace

int main() {
  const Lateness ours = session_lateness();
  const Lateness plain = plain_lateness();
  require(ours.rows <= k_rows, "rows of the timed run");
  report("timed run, 10 ms with 2 ms of work, 5 s: rows", static_cast<double>(ours.rows), "",
         "plain absolute-deadline loop", static_cast<double>(plain.rows));
  report("  lateness p50", ours.p50, "us", "plain absolute-deadline loop", plain.p50);
  report("  lateness p99", ours.p99, "us", "plain absolute-deadline loop", plain.p99);
}
