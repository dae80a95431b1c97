#include <wheatstone/session.hpp>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <vector>
#include <wheatstone/bench.hpp>

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

}  // namespace
}  // namespace wheatstone::session
