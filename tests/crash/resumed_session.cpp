// The victim of resume_test: a sweep of a thousand points on a simulated bench, or a timed run, gone on with where an
// earlier process was killed. Tells, through a shared page, how many rows there are. Usage: resumed_session KIND STORE
// PAGE

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <ranges>
#include <string>
#include <thread>
#include <wheatstone/wheatstone.hpp>

namespace ws = wheatstone;
using namespace std::chrono_literals;

namespace {

ws::RunOptions plan_of(const std::string& kind, ws::MeasurementSession& session) {
  const auto two = [&] {
    session.parameter("outer", ws::linspace(0, 1, 20), "V");
    session.parameter("voltage", ws::linspace(1, 5, 50), "V");
  };
  if (kind == "grid") return two(), ws::RunOptions{};
  if (kind == "snake") return two(), ws::RunOptions{.order = ws::Order::snake};
  if (kind == "random") return two(), ws::RunOptions{.order = ws::Order::random};
  if (kind == "up_down") {
    session.parameter("outer", ws::linspace(0, 1, 10), "V");
    session.parameter("voltage", ws::linspace(1, 5, 50), "V");
    return {.order = ws::Order::up_down};
  }
  if (kind == "zip") {
    session.parameter("outer", ws::linspace(0, 1, 1000), "V");
    session.parameter("voltage", ws::linspace(1, 5, 1000), "V");
    return {.order = ws::Order::zip};
  }
  if (kind == "repeat") {
    session.parameter("voltage", ws::linspace(1, 5, 100), "V");
    return {.order = ws::Order::random, .order_seed = 5, .repeat = 10};
  }
  if (kind == "nested") {
    auto outer = session.parameter("outer", ws::linspace(1, 2, 20), "V");
    session.parameter("voltage", [=](const ws::Point& p) { return ws::linspace(p[outer], 2 * p[outer], 50); }, "V");
    return {};
  }
  if (kind == "stream") {
    session.parameter("voltage",
                      [n = 0]() mutable { return n < 1000 ? std::optional(1 + 0.004 * n++) : std::nullopt; });
    return {};
  }
  if (kind == "constrained") {
    two();
    session.constrain("not too steep", [](const ws::Point& p) {
      return *p["outer"].get_if<double>() * *p["voltage"].get_if<double>() < 4;
    });
    return {};
  }
  if (kind == "points") {
    session.parameter<double>("voltage", "V");
    std::vector<ws::Row> points;
    for (int n = 0; n < 1000; ++n) points.push_back({{"voltage", 1 + 0.001 * (n * 7919 % 1000)}});
    return {.order = points};
  }
  if (kind == "search") {
    session.parameter("outer", ws::linspace(0, 1, 20), "V");
    session.parameter<double>("voltage", "V");
    return {.order = ws::refine("voltage", {.of = "v_measured", .between = {1, 5}, .points = 50})};
  }
  session.parameter<double>("voltage", "V");
  return {.order = ws::refine("voltage", {.of = "v_measured", .between = {1, 5}, .points = 1000})};
}

/// Tells the parent which row is next, and waits to be killed behind the last one that it wants.
void tell(std::atomic<std::uint64_t>* page, const ws::Point& point) {
  page[0].store(point.index());
  const std::uint64_t last = page[1].load();
  if (last != 0 && point.index() > last) ::pause();
  std::this_thread::sleep_for(50us);  // so that there are moments to be killed at
}

/// A timed run in virtual time: each acquisition tells what it can of the slot.
ws::RunOptions timed_plan_of(const std::string& kind, ws::MeasurementSession& session,
                             std::atomic<std::uint64_t>* page) {
  session.acquire("fast", [page](const ws::Point& point) -> ws::Row {
    tell(page, point);
    return {{"slot_of_it", point.slot()}, {"index", point.index()}};
  });
  if (kind == "timed") return {.interval = 10ms, .count = 1000, .resume = "last"};
  if (kind == "timed_parameters") {
    session.parameter("voltage", ws::linspace(1, 5, 1000), "V");
    return {.duration = 60s, .interval = 10ms, .resume = "last"};
  }
  session.acquire("slow",
                  [page](const ws::Point& point) -> ws::Row {
                    tell(page, point);
                    return {{"twice", 2 * point.index()}};
                  },
                  {.interval = 25ms});
  return {.duration = 8s, .interval = 10ms, .resume = "last"};
}

int run_session(char** argv, std::atomic<std::uint64_t>* page) {
  const std::string kind = argv[1];
  ws::MeasurementSession session("resumed", {.store = argv[2], .seed = 7, .pace = "virtual"});
  if (kind.starts_with("timed")) {
    session.run(timed_plan_of(kind, session, page));
    return 0;
  }
  auto& supply = session.instrument<ws::PowerSupply>("psu", "keysight/EDU36311A", {.simulate = true});
  auto& meter = session.instrument<ws::Multimeter>("dmm", "keysight/34470A", {.simulate = true});
  ws::RunOptions options = plan_of(kind, session);
  options.resume = "last";
  session.acquire("measure", [&](const ws::Point& point) -> ws::Row {
    tell(page, point);
    supply.channel(1).set_voltage(*point["voltage"].get_if<double>()).on();
    session.sleep(500ms);  // the rail comes from elsewhere after going on
    return {{"v_measured", meter.measure_voltage_dc(10.0)}};
  });
  session.acquire("late", [](const ws::Point& point) -> ws::Row {
    if (point.index() < 300) return {};
    return {{"label", "row " + std::to_string(point.index())}};
  });
  session.run(options);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const int fd = ::open(argv[3], O_RDWR);
  void* page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) return 2;

  try {
    return run_session(argv, static_cast<std::atomic<std::uint64_t>*>(page));
  } catch (const ws::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
