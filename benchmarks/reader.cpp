// How long after its commit a row is seen by a reader in another process, beside a reader that polls a number in shared
// memory. The writer does nothing for its readers: it commits, and sleeps until the next row.

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <thread>
#include <wheatstone/experiment.hpp>

#include "report.hpp"
#include "storage/run_writer.hpp"

namespace {

using namespace wheatstone;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int k_rows = 1000;
constexpr auto k_interval = 2ms;

/// What both processes see.
struct Shared {
  std::atomic<bool> started{false};
  std::atomic<bool> begun{false};
  std::atomic<bool> ended{false};
  std::atomic<std::int64_t> instant{0};
  char folder[4096] = {};
};

std::int64_t now_ns() { return Clock::now().time_since_epoch() / 1ns; }

/// Calls `write` with the present instant, once an interval.
void at_each_interval(const std::function<void(std::int64_t)>& write) {
  auto due = Clock::now();
  for (int row = 0; row < k_rows; ++row) {
    std::this_thread::sleep_until(due += k_interval);
    write(now_ns());
  }
}

void write_rows(Shared& shared, const std::filesystem::path& store) {
  const auto run = storage::RunWriter::create(store, {"reader", {}}, base::system_clock(), io::system_files());
  run->add_column({"at"});
  run->set(0, now_ns());
  run->commit();
  run->folder().string().copy(shared.folder, sizeof shared.folder - 1);
  shared.started = true;
  while (!shared.begun) std::this_thread::yield();
  at_each_interval([&](std::int64_t instant) {
    run->set(0, instant);
    run->commit();
  });
  run->finish(storage::Outcome::finished, {});
}

void write_numbers(Shared& shared) {
  shared.started = true;
  while (!shared.begun) std::this_thread::yield();
  at_each_interval([&](std::int64_t instant) { shared.instant.store(instant, std::memory_order_release); });
}

/// Runs `write` in a process of its own and `read` in this one.
void beside(Shared& shared, const std::function<void()>& write, const std::function<void()>& read) {
  shared.started = shared.begun = shared.ended = false;
  const pid_t child = ::fork();
  if (child == 0) {
    write();
    shared.ended = true;
    ::_exit(0);
  }
  while (!shared.started) std::this_thread::yield();
  shared.begun = true;
  read();
  int status = 0;
  benchmark_report::require(::waitpid(child, &status, 0) == child && status == 0, "the writer's end");
}

struct Delays {
  std::vector<double> us;
  int polls = 0;

  double quantile(double part) {
    std::ranges::sort(us);
    return us[static_cast<std::size_t>(part * static_cast<double>(us.size() - 1))];
  }
};

Delays see_rows(Shared& shared) {
  Delays delays;
  for (std::size_t seen = 1; seen < k_rows + 1; ++delays.polls) {
    const Experiment experiment = Experiment::open(shared.folder);
    for (; seen < experiment.row_count(); ++seen) {
      const std::int64_t at = *experiment.at(seen, "at").get_if<std::int64_t>();
      delays.us.push_back(static_cast<double>(now_ns() - at) / 1e3);
    }
  }
  return delays;
}

Delays see_numbers(Shared& shared) {
  Delays delays;
  std::int64_t last = 0;
  for (; !shared.ended; ++delays.polls) {
    const std::int64_t at = shared.instant.load(std::memory_order_acquire);
    if (at != last) delays.us.push_back(static_cast<double>(now_ns() - at) / 1e3);
    last = at;
  }
  return delays;
}

}  // namespace

int main() {
  const benchmark_report::ScratchStore store("reader");
  ::setenv("XDG_STATE_HOME", (store.path() / "state").c_str(), 1);
  void* const memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  benchmark_report::require(memory != MAP_FAILED, "shared memory");
  Shared& shared = *new (memory) Shared;

  Delays rows;
  beside(shared, [&] { write_rows(shared, store.path() / "runs"); }, [&] { rows = see_rows(shared); });
  Delays numbers;
  beside(shared, [&] { write_numbers(shared); }, [&] { numbers = see_numbers(shared); });
  benchmark_report::require(rows.us.size() == k_rows, "each row seen once");
  benchmark_report::require(numbers.us.size() > k_rows / 10, "numbers seen");
  for (const auto& [part, name] : {std::pair{0.5, "p50"}, std::pair{0.99, "p99"}}) {
    benchmark_report::report(std::string("row seen by another process that opens the run again, ") + name,
                             rows.quantile(part), "us", "a number in shared memory, polled", numbers.quantile(part));
  }
  fmt::print("  opening a run of up to {} rows while it is written: {:.3g} us\n", k_rows,
             std::chrono::duration<double, std::micro>(k_interval * k_rows).count() / rows.polls);
}
