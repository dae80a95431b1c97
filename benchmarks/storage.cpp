// Storage: appending a row, a whole short run, and reading back, each beside a reference measured in the same run.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "storage/crc32c.hpp"
#include "storage/run_writer.hpp"

namespace {

using namespace wheatstone;
using Clock = std::chrono::steady_clock;

constexpr std::size_t k_columns = 13;
constexpr std::int64_t k_rows = 4'000'000;
constexpr std::int64_t k_read_rows = 10'000'000;

double seconds_of(Clock::duration d) { return std::chrono::duration<double>(d).count(); }

[[noreturn]] void wrong(const char* what) {
  fmt::print(stderr, "wrong answer: {}\n", what);
  std::exit(1);
}

/// A folder that goes with the program.
struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "wheatstone-bench-XXXXXX").string();
    path = ::mkdtemp(name.data());
    ::setenv("XDG_STATE_HOME", (path / "state").c_str(), 1);
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

std::unique_ptr<storage::RunWriter> start(const Folder& folder) {
  return storage::RunWriter::create(folder.path / "runs", {"bench", {}}, base::system_clock(), io::system_files());
}

/// 13 columns as a run of five results has them: ten floats, three ints.
double append_rows(storage::RunWriter& run) {
  for (std::size_t c = 0; c < k_columns; ++c) run.add_column({fmt::format("c{}", c)});
  const auto begin = Clock::now();
  for (std::int64_t row = 0; row < k_rows; ++row) {
    for (std::size_t c = 0; c < 10; ++c) run.set(c, static_cast<double>(row + static_cast<std::int64_t>(c)));
    for (std::size_t c = 10; c < k_columns; ++c) run.set(c, row);
    run.commit();
  }
  return seconds_of(Clock::now() - begin) / static_cast<double>(k_rows) * 1e6;
}

/// The same bytes as plain structs into a mapped file that was reserved and touched before: what memory and page cache
/// allow.
double append_structs(const Folder& folder) {
  struct Row {
    double reals[10];
    std::int64_t integers[3];
  };
  const std::size_t size = sizeof(Row) * 1'000'000;
  const int fd = ::open((folder.path / "plain").c_str(), O_RDWR | O_CREAT, 0600);
  if (::ftruncate(fd, static_cast<off_t>(size)) != 0) wrong("ftruncate");
  auto* rows = static_cast<Row*>(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0));
  std::memset(static_cast<void*>(rows), 1, size);
  const auto begin = Clock::now();
  for (std::int64_t row = 0; row < 1'000'000; ++row) {
    Row value;
    for (std::size_t c = 0; c < 10; ++c) value.reals[c] = static_cast<double>(row + static_cast<std::int64_t>(c));
    for (std::int64_t& integer : value.integers) integer = row;
    std::memcpy(&rows[row], &value, sizeof value);
  }
  const double us = seconds_of(Clock::now() - begin);
  if (rows[999'999].integers[2] != 999'999) wrong("plain structs");
  ::munmap(rows, size);
  ::close(fd);
  return us;
}

void bench_append(const Folder& folder) {
  auto run = start(folder);
  const double us = append_rows(*run);
  const auto begin = Clock::now();
  run->finish(storage::Outcome::finished, {});
  const double finish = seconds_of(Clock::now() - begin);
  const Experiment experiment = Experiment::open(run->folder());
  if (experiment.row_count() != k_rows || *experiment.at(k_rows - 1, "c12").get_if<std::int64_t>() != k_rows - 1)
    wrong("rows");
  fmt::print("append and commit a row of 13 columns        {:8.3f} us  (CRC32C {})\n", us,
             storage::crc32c_in_hardware() ? "in hardware" : "in software");
  fmt::print("  reference: plain structs into a warm map   {:8.3f} us\n", append_structs(folder));
  fmt::print("  finish: seal what is left of {} rows   {:8.3f} s\n", k_rows, finish);
  std::filesystem::remove_all(run->folder());
}

void bench_burst(const Folder& folder) {
  // One chunk of the largest size, made and touched before: the hot path alone.
  auto run = start(folder);
  for (std::size_t c = 0; c < k_columns; ++c) run->add_column({fmt::format("c{}", c)});
  std::vector<double> us;
  std::int64_t total = 0;
  for (int burst = 0; burst < 300; ++burst) {
    const auto begin = Clock::now();
    for (std::int64_t row = 0; row < 1000; ++row, ++total) {
      for (std::size_t c = 0; c < 10; ++c) run->set(c, static_cast<double>(total));
      for (std::size_t c = 10; c < k_columns; ++c) run->set(c, total);
      run->commit();
    }
    us.push_back(seconds_of(Clock::now() - begin) * 1e3);
  }
  std::sort(us.begin(), us.end());
  fmt::print("  the same in bursts of 1000: best {:.3f}, median {:.3f}, worst {:.3f} us\n", us.front(),
             us[us.size() / 2], us.back());
  if (run->row_count() != 300'000) wrong("bursts");
  run->finish(storage::Outcome::finished, {});
  std::filesystem::remove_all(run->folder());
}

void bench_short_run(const Folder& folder) {
  std::vector<double> ms;
  for (int i = 0; i < 50; ++i) {
    const auto begin = Clock::now();
    auto run = start(folder);
    run->add_column({"v"});
    run->set(0, 1.0);
    run->commit();
    run->finish(storage::Outcome::finished, {});
    ms.push_back(seconds_of(Clock::now() - begin) * 1e3);
    if (Experiment::open(run->folder()).row_count() != 1) wrong("short run");
    std::filesystem::remove_all(run->folder());
  }
  std::vector<double> reference;
  for (int i = 0; i < 50; ++i) {
    const auto begin = Clock::now();
    const int fd = ::open((folder.path / "synced").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (::write(fd, "x", 1) != 1 || ::fdatasync(fd) != 0) wrong("fdatasync");
    ::close(fd);
    reference.push_back(seconds_of(Clock::now() - begin) * 1e3);
    ::unlink((folder.path / "synced").c_str());
  }
  std::sort(ms.begin(), ms.end());
  std::sort(reference.begin(), reference.end());
  fmt::print("a run of one row, made and finished, durable  {:7.3f} ms  (median of 50)\n", ms[25]);
  fmt::print("  reference: one small file synced           {:8.3f} ms\n", reference[25]);
}

double sum_of(const std::vector<double>& values) {
  double lanes[4] = {0, 0, 0, 0};
  for (std::size_t i = 0; i < values.size(); ++i) lanes[i % 4] += values[i];
  return lanes[0] + lanes[1] + lanes[2] + lanes[3];
}

/// Column c3 where it lies, after its check.
double sum_in_place(const std::filesystem::path& folder) {
  const Experiment experiment = Experiment::open(folder);
  double lanes[4] = {0, 0, 0, 0};
  for (std::size_t b = 0; b < experiment.batch_count(); ++b) {
    const ColumnBatch<double> batch = experiment.batch<double>(b, "c3");
    for (std::size_t i = 0; i < batch.values.size(); ++i) lanes[i % 4] += batch.values[i];
  }
  return lanes[0] + lanes[1] + lanes[2] + lanes[3];
}

double sum_mapped(const std::filesystem::path& file, std::size_t count) {
  const int fd = ::open(file.c_str(), O_RDONLY);
  const auto* values = static_cast<const double*>(::mmap(nullptr, count * 8, PROT_READ, MAP_SHARED, fd, 0));
  double lanes[4] = {0, 0, 0, 0};
  for (std::size_t i = 0; i < count; ++i) lanes[i % 4] += values[i];
  ::munmap(const_cast<double*>(values), count * 8);
  ::close(fd);
  return lanes[0] + lanes[1] + lanes[2] + lanes[3];
}

void bench_read(const Folder& folder) {
  auto run = start(folder);
  for (std::size_t c = 0; c < 5; ++c) run->add_column({fmt::format("c{}", c)});
  for (std::int64_t row = 0; row < k_read_rows; ++row) {
    for (std::size_t c = 0; c < 5; ++c) run->set(c, static_cast<double>(row % 1000));
    run->commit();
  }
  run->finish(storage::Outcome::finished, {});
  const double expected = 999.0 * 500 * static_cast<double>(k_read_rows / 1000);
  {
    std::vector<double> plain(k_read_rows);
    for (std::int64_t row = 0; row < k_read_rows; ++row)
      plain[static_cast<std::size_t>(row)] = static_cast<double>(row % 1000);
    const int fd = ::open((folder.path / "column").c_str(), O_WRONLY | O_CREAT, 0600);
    std::size_t at = 0;
    while (at < plain.size() * 8)
      at += static_cast<std::size_t>(
          ::write(fd, reinterpret_cast<const char*>(plain.data()) + at, plain.size() * 8 - at));
    ::close(fd);
  }
  std::vector<double> open_ms;
  std::vector<double> all_ms;
  std::vector<double> in_place_ms;
  std::vector<double> mapped_ms;
  for (int i = 0; i < 7; ++i) {
    const auto begin = Clock::now();
    const Experiment experiment = Experiment::open(run->folder());
    open_ms.push_back(seconds_of(Clock::now() - begin) * 1e3);
    if (std::abs(sum_of(experiment.column<double>("c3")) - expected) > 1) wrong("sum");
    all_ms.push_back(seconds_of(Clock::now() - begin) * 1e3);
    const auto in_place = Clock::now();
    if (std::abs(sum_in_place(run->folder()) - expected) > 1) wrong("sum in place");
    in_place_ms.push_back(seconds_of(Clock::now() - in_place) * 1e3);
    const auto mapped = Clock::now();
    if (std::abs(sum_mapped(folder.path / "column", k_read_rows) - expected) > 1) wrong("mapped sum");
    mapped_ms.push_back(seconds_of(Clock::now() - mapped) * 1e3);
  }
  for (auto* each : {&open_ms, &all_ms, &in_place_ms, &mapped_ms}) std::sort(each->begin(), each->end());
  fmt::print("open 10^7 rows x 5                            {:7.2f} ms\n", open_ms[3]);
  fmt::print("  and check, copy and sum one column         {:8.2f} ms\n", all_ms[3]);
  fmt::print("  open, check and sum one column in place    {:8.2f} ms\n", in_place_ms[3]);
  fmt::print("  reference: sum a plain mapped file         {:8.2f} ms\n", mapped_ms[3]);
}

/// Peak memory of this process so far.
double peak_megabytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1e3;
}

/// A run whose file pages may be dropped at any time: what is counted is what stays mapped.
void bench_long_run(const Folder& folder) {
  constexpr std::int64_t k_long = 100'000'000;
  auto run = start(folder);
  run->add_column({"v"});
  double early = 0;
  const auto begin = Clock::now();
  for (std::int64_t row = 0; row < k_long; ++row) {
    run->set(0, static_cast<double>(row));
    run->commit();
    if (row == k_long / 20) early = peak_megabytes();
  }
  const double us = seconds_of(Clock::now() - begin) / static_cast<double>(k_long) * 1e6;
  const double late = peak_megabytes();
  run->finish(storage::Outcome::finished, {});
  if (run->row_count() != k_long) wrong("long run");
  fmt::print("10^8 rows of one column: {:.3f} us a row; peak memory {:.0f} MB after 5 %, {:.0f} MB at the end\n", us,
             early, late);
  std::filesystem::remove_all(run->folder());
}

}  // namespace

int main() {
  const Folder folder;
  bench_long_run(folder);
  bench_append(folder);
  bench_burst(folder);
  bench_short_run(folder);
  bench_read(folder);
}
