// Writes rows into a store as fast as it can until it is killed, going on with the run that is there.
// crash_writer STORE PROGRESS: PROGRESS is a file of eight bytes that tells how many rows have been committed.

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <wheatstone/store.hpp>

#include "model.hpp"
#include "storage/run_writer.hpp"

using namespace wheatstone;
using namespace wheatstone::crash;

namespace {

std::uint64_t* map_progress(const char* path) {
  const int fd = ::open(path, O_RDWR);
  void* memory = fd < 0 ? MAP_FAILED : ::mmap(nullptr, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<std::uint64_t*>(memory);
}

void write_rows(storage::RunWriter& run, std::uint64_t* progress) {
  run.add_column({"k", storage::ColumnRole::parameter});
  run.add_column({"volts"});
  run.add_column({"note"});
  run.add_column({"trace"});
  run.add_column({"count"});
  bool has_late = false;
  for (std::uint64_t row = run.row_count();; ++row) {
    if (row >= k_late_from && !has_late) run.add_column({"late"});
    has_late = row >= k_late_from;
    run.set(0, static_cast<std::int64_t>(row));
    run.set(1, volts(row));
    if (has_note(row)) run.set(2, Value(note(row)));
    if (has_trace(row)) run.set(3, Value(trace(row)));
    if (row >= k_widens_at)
      run.set(4, count(row));
    else
      run.set(4, whole(row));
    if (row >= k_late_from) run.set(5, volts(row));
    run.commit();
    std::atomic_ref(*progress).store(row + 1, std::memory_order_release);
  }
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 3) return 2;
  std::uint64_t* progress = map_progress(arguments[2]);
  if (progress == nullptr) return 3;
  io::FileSystem& files = io::system_files();
  base::Clock& clock = base::system_clock();
  const std::vector<RunSummary> runs = Store(arguments[1]).runs();
  const auto run = runs.empty() ? storage::RunWriter::create(arguments[1], {"crash", {}}, clock, files)
                                : storage::RunWriter::reopen(runs.back().folder, {}, clock, files);
  write_rows(*run, progress);
}
