// Lateness of a timed run: 10 ms interval with 2 ms of work, then 1 ms and 10 ms with a busy core beside it. Beside
// each, a plain loop on absolute deadlines.

#include <time.h>

#include <atomic>
#include <thread>
#include <wheatstone/session.hpp>

#include "report.hpp"

namespace ws = wheatstone;
using namespace ws::benchmark_report;
using namespace std::chrono_literals;

namespace {

std::int64_t now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

void work_for(std::int64_t nanoseconds) {
  const std::int64_t until = now() + nanoseconds;
  while (now() < until) {
  }
}

/// What is timed: slots on a grid, with work at each.
struct Pace {
  ws::Duration interval;
  std::size_t slots;
  std::int64_t work;  ///< nanoseconds
};

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

Lateness session_lateness(const Pace& pace) {
  const ScratchStore store("timed");
  ws::MeasurementSession session("timed", {.store = store.path()});
  session.acquire("work", [&](const ws::Point& p) -> ws::Row {
    work_for(pace.work);
    return {{"k", p.slot()}};
  });
  const ws::Duration duration =
      std::chrono::nanoseconds(pace.interval.nanoseconds() * static_cast<std::int64_t>(pace.slots));
  const ws::Experiment experiment = session.run({.duration = duration, .interval = pace.interval});
  std::vector<std::int64_t> slots = experiment.column<std::int64_t>("k");
  require(!slots.empty() && slots.size() <= pace.slots, "rows of the timed run");
  std::size_t missed = 0;
  for (const std::int64_t before : experiment.timing().column<std::int64_t>("missed")) {
    missed += static_cast<std::size_t>(before);
  }
  require(static_cast<std::size_t>(slots.back()) + 1 == slots.size() + missed, "slots taken and missed");
  return of(experiment.timing().column<std::int64_t>("lateness"));
}

/// Takes every slot, however late.
Lateness plain_lateness(const Pace& pace) {
  std::vector<std::int64_t> late;
  const std::int64_t start = now();
  for (std::size_t k = 0; k < pace.slots; ++k) {
    const std::int64_t due = start + static_cast<std::int64_t>(k) * pace.interval.nanoseconds();
    const timespec until{due / 1'000'000'000, due % 1'000'000'000};
    ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
    late.push_back(now() - due);
    work_for(pace.work);
  }
  return of(late);
}

void compare(const std::string& what, const Pace& pace) {
  const Lateness ours = session_lateness(pace);
  const Lateness plain = plain_lateness(pace);
  report(fmt::format("{}: rows of {} slots", what, pace.slots), static_cast<double>(ours.rows), "",
         "plain absolute-deadline loop", static_cast<double>(plain.rows));
  report("  lateness p50", ours.p50, "us", "plain absolute-deadline loop", plain.p50);
  report("  lateness p99", ours.p99, "us", "plain absolute-deadline loop", plain.p99);
}

/// Keeps one core busy for a scope.
class BusyCore {
 public:
  BusyCore() = default;
  ~BusyCore() { over_ = true; }

 private:
  std::atomic<bool> over_{false};
  std::jthread thread_{[this] {
    while (!over_.load(std::memory_order_relaxed)) {
    }
  }};
};

}  // namespace

int main() {
  compare("timed run, 10 ms with 2 ms of work, 5 s", {.interval = 10ms, .slots = 500, .work = 2'000'000});
  const BusyCore busy;
  compare("timed run, 1 ms beside a busy core, 5 s", {.interval = 1ms, .slots = 5000, .work = 100'000});
  compare("timed run, 10 ms beside a busy core, 5 s", {.interval = 10ms, .slots = 500, .work = 100'000});
}
