// Ten columns at 10^6 rows a second, while another process follows and checks every row. Beside it what the same medium
// takes of plain bytes, written and synced.

#include <fcntl.h>
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
using namespace wheatstone::benchmark_report;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t k_columns = 10;
constexpr std::uint64_t k_rows = 4'000'000;
constexpr std::uint64_t k_burst = 1000;  // rows, once a millisecond
constexpr double k_bytes = static_cast<double>(k_rows * k_columns * sizeof(double));

/// What both processes see.
struct Shared {
  std::atomic<bool> started{false};
  std::atomic<bool> begun{false};
  std::atomic<double> rows_seconds{0};
  std::atomic<double> all_seconds{0};
  char folder[4096] = {};
};

// Nanoseconds of a steady clock, which a double holds exactly for a hundred days after the machine's start.
double now_ns() { return static_cast<double>(Clock::now().time_since_epoch() / 1ns); }

double cell(std::uint64_t row, std::size_t column) { return static_cast<double>(row * k_columns + column); }

std::string column_name(std::size_t column) { return column == 0 ? "at" : fmt::format("c{}", column); }

void write_row(storage::RunWriter& run, std::uint64_t row) {
  run.set(0, now_ns());
  for (std::size_t c = 1; c < k_columns; ++c) run.set(c, cell(row, c));
  run.commit();
}

void write_rows(Shared& shared, const std::filesystem::path& store) {
  const auto run = storage::RunWriter::create(store, {"fast rows", {}}, base::system_clock(), io::system_files());
  for (std::size_t c = 0; c < k_columns; ++c) run->add_column({column_name(c)});
  run->folder().string().copy(shared.folder, sizeof shared.folder - 1);
  shared.started = true;
  while (!shared.begun) std::this_thread::sleep_for(1ms);
  const auto begin = Clock::now();
  auto due = begin;
  for (std::uint64_t row = 0; row < k_rows;) {
    for (std::uint64_t i = 0; i < k_burst; ++i) write_row(*run, row++);
    std::this_thread::sleep_until(due += 1ms);
  }
  shared.rows_seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  run->finish(storage::Outcome::finished, {});
  shared.all_seconds = std::chrono::duration<double>(Clock::now() - begin).count();
}

/// The rows as they came to be seen.
class Follower {
 public:
  /// Opens the run as it is now and checks the rows that are new.
  void look(const std::filesystem::path& folder) {
    const Experiment experiment = Experiment::open(folder);
    ++looks_;
    const std::size_t count = experiment.row_count();
    if (count == seen_) return;
    std::size_t batch = experiment.batch_count() - 1;
    while (experiment.batch<double>(batch, "at").first_row > seen_) --batch;
    for (; batch < experiment.batch_count(); ++batch) take(experiment, batch);
    require(seen_ == count, "batches hold all rows");
  }

  [[nodiscard]] std::uint64_t seen() const { return seen_; }
  [[nodiscard]] std::uint64_t looks() const { return looks_; }
  double lag_ms(double part) {
    const auto place = lags_ms_.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(lags_ms_.size() - 1));
    std::ranges::nth_element(lags_ms_, place);
    return *place;
  }

 private:
  void take(const Experiment& experiment, std::size_t number) {
    const ColumnBatch<double> at = experiment.batch<double>(number, "at");
    const std::size_t from = seen_ - at.first_row;
    for (std::size_t c = 1; c < k_columns; ++c) {
      const ColumnBatch<double> batch = experiment.batch<double>(number, column_name(c));
      bool is_right = batch.first_row == at.first_row && batch.values.size() == at.values.size();
      for (std::size_t i = from; is_right && i < batch.values.size(); ++i) {
        is_right = batch.values[i] == cell(batch.first_row + i, c);
      }
      require(is_right, "each row's values, column " + column_name(c));
    }
    const double now = now_ns();
    for (std::size_t i = from; i < at.values.size(); ++i) lags_ms_.push_back((now - at.values[i]) / 1e6);
    seen_ = at.first_row + at.values.size();
  }

  std::uint64_t seen_ = 0;
  std::uint64_t looks_ = 0;
  std::vector<double> lags_ms_;
};

Follower follow(Shared& shared, const std::filesystem::path& store) {
  const pid_t writer = ::fork();
  if (writer == 0) {
    write_rows(shared, store);
    ::_exit(0);
  }
  Follower follower;
  int status = 0;
  while (!shared.started) {
    require(::waitpid(writer, &status, WNOHANG) == 0, "the writer's start");
    std::this_thread::sleep_for(1ms);
  }
  shared.begun = true;
  bool has_ended = false;
  while (follower.seen() < k_rows) {
    require(!has_ended, "every row seen");
    has_ended = ::waitpid(writer, &status, WNOHANG) == writer;
    follower.look(shared.folder);
    std::this_thread::sleep_for(1ms);
  }
  if (!has_ended) require(::waitpid(writer, &status, 0) == writer, "the writer's end");
  require(status == 0, "the writer's outcome");
  return follower;
}

/// Seconds for the same bytes into one file, in pieces of a megabyte, synced at the end.
double plain_seconds(const std::filesystem::path& file) {
  std::vector<char> piece(1'000'000);
  for (std::size_t i = 0; i < piece.size(); ++i) piece[i] = static_cast<char>(i * 31);
  const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  require(out >= 0, "a plain file");
  const double seconds = seconds_of([&] {
    for (double left = k_bytes; left > 0; left -= static_cast<double>(piece.size())) {
      require(::write(out, piece.data(), piece.size()) == static_cast<ssize_t>(piece.size()), "a plain write");
    }
    require(::fdatasync(out) == 0, "fdatasync");
  });
  ::close(out);
  return seconds;
}

}  // namespace

int main() {
  const ScratchStore store("fast-rows");
  ::setenv("XDG_STATE_HOME", (store.path() / "state").c_str(), 1);
  void* const memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  require(memory != MAP_FAILED, "shared memory");
  Shared& shared = *new (memory) Shared;
  Follower follower = follow(shared, store.path() / "runs");
  const Experiment whole = Experiment::open(shared.folder);
  require(whole.state() == RunState::finished && whole.row_count() == k_rows, "the finished run");
  std::filesystem::remove_all(store.path() / "runs");
  const double plain = plain_seconds(store.path() / "plain");
  report("ten columns with a reader behind, 10^6 rows/s", static_cast<double>(k_rows) / shared.rows_seconds / 1e6,
         "M/s", "the pace", 1.0);
  report("cells at that pace, until the run is sealed", k_bytes / shared.all_seconds / 1e6, "MB/s",
         "write and fdatasync of as many bytes", k_bytes / plain / 1e6);
  fmt::print("  a row is seen and checked {:.3g} ms (p50), {:.3g} ms (p99) after its commit; opened {} times\n",
             follower.lag_ms(0.5), follower.lag_ms(0.99), follower.looks());
}
