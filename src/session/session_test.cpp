#include <wheatstone/session.hpp>

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
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

}  // namespace
}  // namespace wheatstone::session
