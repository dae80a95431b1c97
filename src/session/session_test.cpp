#include <wheatstone/session.hpp>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <vector>
#include <wheatstone/bench.hpp>
#include <wheatstone/multimeter.hpp>

namespace wheatstone::session {
namespace {

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "bench.yaml") << "bench_name: IV bench\nsimulate: true\ninstruments:\n"
                                            "  psu: {profile: keysight/EDU36311A}\n";
  }
  ~SessionTest() override { std::filesystem::remove_all(folder); }

  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("wheatstone-session-test-" + std::to_string(::getpid()));
};

TEST_F(SessionTest, takes_the_instruments_of_an_open_bench_and_refuses_a_closed_one) {
  Bench bench = Bench::open(folder / "bench.yaml");
  EXPECT_NO_THROW(MeasurementSession("ramp", {.store = folder, .bench = &bench}));
  bench.close_all();
  try {
    const MeasurementSession session("ramp", {.store = folder, .bench = &bench});
    FAIL();
  } catch (const ConfigurationError& error) {
    EXPECT_STREQ(error.what(), "the bench 'IV bench' that the session 'ramp' was given is closed; open it again");
  }
}

TEST_F(SessionTest, is_neither_closed_nor_given_instruments_while_it_runs) {
  MeasurementSession session("busy", {.store = folder});
  session.parameter("x", {1});
  std::vector<std::string> refusals;
  const std::vector<std::function<void()>> calls = {
      [&] { session.close(); },
      [&] { static_cast<void>(session.instrument<Multimeter>("dmm", "keysight/34470A", {.simulate = true})); }};
  session.acquire("measure", [&](const Point&) -> Row {
    for (const auto& call : calls) {
      try {
        call();
      } catch (const ConfigurationError& error) {
        refusals.emplace_back(error.what());
      }
    }
    return {{"y", 1}};
  });
  EXPECT_EQ(session.run().row_count(), 1U);
  EXPECT_EQ(refusals,
            (std::vector<std::string>{"the session is running; stop it, and close the session when run() has returned",
                                      "the session is running; connect instruments before run()"}));
  EXPECT_NO_THROW(session.instrument<Multimeter>("dmm", "keysight/34470A", {.simulate = true}));
  session.close();
}

TEST_F(SessionTest, refuses_every_call_in_a_forked_child) {
  MeasurementSession session("forks", {.store = folder});
  const std::vector<std::function<void()>> calls = {[&] { session.stop(); },
                                                    [&] { session.abort(); },
                                                    [&] { session.pause(); },
                                                    [&] { session.resume(); },
                                                    [&] { session.close(); },
                                                    [&] { static_cast<void>(session.progress()); },
                                                    [&] { static_cast<void>(session.data()); },
                                                    [&] { static_cast<void>(session.sleep(std::chrono::seconds(1))); },
                                                    [&] { static_cast<void>(session.instrument("psu")); }};
  const pid_t child = ::fork();
  if (child == 0) {
    int refused = 0;
    for (const auto& call : calls) {
      try {
        call();
      } catch (const ConfigurationError&) {
        ++refused;
      }
    }
    ::_exit(refused);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), static_cast<int>(calls.size()));
  EXPECT_NO_THROW(session.stop());
}

TEST_F(SessionTest, refuses_what_a_task_registers_while_the_run_goes_on) {
  MeasurementSession session("restless", {.store = folder});
  session.parameter("v", {1, 2, 3});
  session.acquire("m", []() -> Row { return {{"x", 1}}; });
  session.task("starter", [&](std::stop_token) { session.task("more", [] {}); });
  try {
    static_cast<void>(session.run());
    FAIL();
  } catch (const MeasurementError& error) {
    EXPECT_NE(std::string(error.what())
                  .find("task 'starter' failed: the session is running; register parameters, "
                        "acquisitions and tasks before run()"),
              std::string::npos)
        << error.what();
  }
}

TEST_F(SessionTest, two_meters_take_one_aperture_in_parallel_and_when_initiated_before_they_are_fetched) {
  MeasurementSession session("meters", {.store = folder, .pace = "virtual"});
  std::vector<Multimeter*> meters;
  for (const char* alias : {"left", "right"}) {
    Multimeter& meter = session.instrument<Multimeter>(alias, "keysight/34470A", {.simulate = true});
    meter.configure(MultimeterFunction::voltage_dc, 10.0);
    meter.set_aperture(0.1);
    meter.set_autozero(false);
    meters.push_back(&meter);
  }
  session.acquire("left", [&]() -> Row { return {{"l", meters[0]->measure_voltage_dc()}}; }, {.uses = {"left"}});
  session.acquire("right", [&]() -> Row { return {{"r", meters[1]->measure_voltage_dc()}}; }, {.uses = {"right"}});
  session.acquire("together", [&]() -> Row {
    meters[0]->initiate();
    meters[1]->initiate();
    return {{"lt", meters[0]->fetch()}, {"rt", meters[1]->fetch()}};
  });
  const auto milliseconds_of = [](const Experiment& experiment) {
    const Experiment timing = experiment.timing();
    const std::int64_t apart =
        std::max(timing.column<std::int64_t>("left.finished")[0], timing.column<std::int64_t>("right.finished")[0]);
    return std::pair((apart - timing.column<std::int64_t>("started")[0]) / 1'000'000,
                     (timing.column<std::int64_t>("together.finished")[0] - apart) / 1'000'000);
  };
  const auto [in_turn, together] = milliseconds_of(session.run({.count = 1}));
  EXPECT_GE(together, 100);
  EXPECT_LT(together, 110);
  EXPECT_EQ(in_turn, 2 * together);
  EXPECT_EQ(milliseconds_of(session.run({.count = 1, .parallel = true})), std::pair(together, together));
}

}  // namespace
}  // namespace wheatstone::session
