// The victim of session_kill_test: runs a sweep or a timed run and tells, through a shared page, how many rows it has
// committed before it is killed. Usage: killed_session sweep|timed STORE PAGE

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <wheatstone/session.hpp>

namespace ws = wheatstone;
using namespace std::chrono_literals;

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const int fd = ::open(argv[3], O_RDWR);
  void* page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) return 2;
  auto& committed = *static_cast<std::atomic<std::uint64_t>*>(page);

  ws::MeasurementSession session("victim", {.store = argv[2]});
  session.acquire("measure", [&](const ws::Point& point) -> ws::Row {
    committed.store(point.index());  // the rows before this one are committed
    const auto n = static_cast<double>(point.index());
    return {{"square", n * n}, {"name", "row " + std::to_string(point.index())}};
  });
  if (std::strcmp(argv[1], "sweep") == 0) {
    session.parameter("n", ws::linspace(0, 9'999'999, 10'000'000));
    session.run();
  } else {
    session.run({.duration = 60s, .interval = 1ms});
  }
}
