// The victim of session_kill_test: runs a sweep or a timed run and tells, through a shared page, how many rows it has
// committed before it is killed; or gets into a state and stays there.
// Usage: killed_session sweep|timed|paused|suspended|stopping STORE PAGE

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <wheatstone/session.hpp>

namespace ws = wheatstone;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t k_rows_before = 5;  // of the state in which a run stays

void get_into(std::string_view state, ws::MeasurementSession& session, const std::atomic<std::uint64_t>& committed) {
  if (state == "suspended") {
    session.suspend_when([&] { return committed.load() >= k_rows_before; }, {.reason = "for ever", .every = 1ns});
  }
  if (state == "stopping") {
    session.task("deaf", [](std::stop_token) { std::this_thread::sleep_for(60s); });
  }
}

void reach(std::string_view state, ws::MeasurementSession& session, std::uint64_t index) {
  if (index != k_rows_before) return;
  if (state == "paused") session.pause();
  if (state == "stopping") session.stop();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const int fd = ::open(argv[3], O_RDWR);
  void* page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) return 2;
  auto& committed = *static_cast<std::atomic<std::uint64_t>*>(page);

  ws::MeasurementSession session("victim", {.store = argv[2]});
  session.acquire("measure", [&](const ws::Point& point) -> ws::Row {
    committed.store(point.index());  // the rows before this one are committed
    reach(argv[1], session, point.index());
    const auto n = static_cast<double>(point.index());
    return {{"square", n * n}, {"name", "row " + std::to_string(point.index())}};
  });
  get_into(argv[1], session, committed);
  if (std::strcmp(argv[1], "timed") == 0) {
    session.run({.duration = 60s, .interval = 1ms});
  } else {
    session.parameter("n", ws::linspace(0, 9'999'999, 10'000'000));
    session.run({.grace = 60s});
  }
}
