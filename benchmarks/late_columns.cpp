// A run whose every row brings a result of a new name: time, room on the medium and memory, beside a run whose columns
// are all known from the start.

#include <sys/resource.h>

#include <string>

#include "report.hpp"
#include "storage/run_writer.hpp"

namespace {

using namespace wheatstone;
using namespace wheatstone::benchmark_report;

double megabytes_on_medium(const std::filesystem::path& folder) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) bytes += entry.file_size();
  return static_cast<double>(bytes) / 1e6;
}

double peak_megabytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1e3;
}

/// Seconds for `keys` rows, the k-th of which sets the k-th key; without `late`, all keys are columns from the start.
double write_keys(const std::filesystem::path& store, std::size_t keys, bool late, double& megabytes) {
  std::filesystem::path folder;
  const double seconds = seconds_of([&] {
    auto run = storage::RunWriter::create(store, {"keys", {}}, base::system_clock(), io::system_files());
    folder = run->folder();
    const std::size_t at = run->add_column({.name = "at", .kind = Value::Kind::real});
    if (!late) {
      for (std::size_t k = 0; k < keys; ++k)
        run->add_column({.name = "key " + std::to_string(k), .kind = Value::Kind::real});
    }
    for (std::size_t row = 0; row < keys; ++row) {
      run->set(at, static_cast<double>(row));
      const std::size_t key = late ? run->add_column({.name = "key " + std::to_string(row)}) : row + 1;
      run->set(key, static_cast<double>(row));
      run->commit();
    }
    run->finish(storage::Outcome::finished, {});
  });
  megabytes = megabytes_on_medium(folder);
  const Experiment experiment = Experiment::open(folder);
  require(experiment.row_count() == keys, "rows");
  for (std::size_t row = 0; row < keys; row += 7) {
    const Value value = experiment.at(row, "key " + std::to_string(row));
    require(value.get_if<double>() != nullptr && *value.get_if<double>() == static_cast<double>(row), "a key");
    require(experiment.at(row, "key " + std::to_string((row + 1) % keys)).is_null(), "no key");
  }
  std::filesystem::remove_all(folder);
  return seconds;
}

}  // namespace

int main() {
  const ScratchStore store("late-columns");
  ::setenv("XDG_STATE_HOME", store.path().c_str(), 1);
  double before = peak_megabytes();
  for (const std::size_t keys : {400U, 4095U}) {
    double megabytes = 0;
    double megabytes_known = 0;
    const double seconds = write_keys(store.path(), keys, true, megabytes);
    const double grown = peak_megabytes() - before;
    const double known = write_keys(store.path(), keys, false, megabytes_known);
    const std::string name = std::to_string(keys) + " rows, each with a key of its own";
    report(name, seconds, "s", "all keys known from the start", known);
    report(name + ", on the medium", megabytes, "MB", "all keys known from the start", megabytes_known);
    fmt::print("  memory grew by {:.0f} MB while they were written and read\n", grown);
    before = peak_megabytes();
  }
}
