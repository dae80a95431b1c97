// A sweep that is killed at any moment, again and again, and gone on with, leaves the table of an undisturbed run.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <wheatstone/experiment.hpp>

#include "shared_count.hpp"

namespace wheatstone {
namespace {
namespace fs = std::filesystem;

constexpr int k_kills = 5;  // of each kind of plan; eleven kinds. All before row 740, which every plan comes to

class ResumedSweep : public testing::TestWithParam<const char*> {
 protected:
  ResumedSweep()
      : folder_(fs::temp_directory_path() / ("wheatstone-resume-" + std::to_string(::getpid()) + "-" + GetParam())) {
    fs::create_directories(folder_);
  }
  ~ResumedSweep() override { fs::remove_all(folder_); }

  /// Starts the sweep in that store and kills it once it has come to `row`; lets it end where that is never.
  void run(const std::string& store, std::uint64_t kill_at) {
    const SharedCount count(folder_ / "count");
    const pid_t child = ::fork();
    if (child == 0) {
      ::execl(RESUMED_SESSION, RESUMED_SESSION, GetParam(), (folder_ / store).c_str(), count.path().c_str(), nullptr);
      ::_exit(127);
    }
    int status = 0;
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (::waitpid(child, &status, WNOHANG) == 0) {
      if (count.value() >= kill_at || std::chrono::steady_clock::now() > give_up) {
        ::kill(child, SIGKILL);
        ::waitpid(child, &status, 0);
        break;
      }
      std::this_thread::yield();
    }
    if (kill_at == k_never) {
      EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
  }

  [[nodiscard]] Experiment only_run(const std::string& store) const {
    std::vector<fs::path> runs;
    for (const auto& entry : fs::directory_iterator(folder_ / store)) {
      if (entry.is_directory()) runs.push_back(entry.path());
    }
    EXPECT_EQ(runs.size(), 1u) << "going on made a second run";
    return Experiment::open(runs.at(0));
  }

  static constexpr std::uint64_t k_never = UINT64_MAX;

 private:
  fs::path folder_;
};

void expect_same_tables(const Experiment& resumed, const Experiment& undisturbed) {
  ASSERT_EQ(resumed.row_count(), undisturbed.row_count());
  ASSERT_EQ(resumed.columns().size(), undisturbed.columns().size());
  for (std::size_t c = 0; c < resumed.columns().size(); ++c) {
    const std::string& name = undisturbed.columns()[c].name;
    ASSERT_EQ(resumed.columns()[c].name, name);
    ASSERT_EQ(resumed.columns()[c].type, undisturbed.columns()[c].type);
    ASSERT_EQ(resumed.columns()[c].unit, undisturbed.columns()[c].unit);
    for (std::size_t row = 0; row < undisturbed.row_count(); ++row) {
      ASSERT_TRUE(resumed.at(row, name).identical(undisturbed.at(row, name))) << name << " of row " << row;
    }
  }
}

void expect_each_point_once(const Experiment& experiment) {
  std::set<std::pair<double, double>> points;
  const std::vector<double> outer = experiment.column<double>("outer");
  const std::vector<double> voltage = experiment.column<double>("voltage");
  for (std::size_t row = 0; row < outer.size(); ++row) points.emplace(outer[row], voltage[row]);
  EXPECT_EQ(points.size(), 1000u);
  EXPECT_EQ(experiment.row_count(), 1000u);
}

TEST_P(ResumedSweep, is_bit_for_bit_the_undisturbed_one) {
  const std::string kind = GetParam();
  std::mt19937 random(std::random_device{}());
  run("killed", 1 + random() % 149);
  for (int k = 1; k < k_kills; ++k) run("killed", 150 * static_cast<std::uint64_t>(k) + random() % 140);
  run("killed", k_never);
  const Experiment resumed = only_run("killed");
  EXPECT_EQ(resumed.state(), RunState::finished);
  const Experiment timing = resumed.timing();
  for (std::size_t row = 0; row < timing.row_count(); ++row) {
    ASSERT_EQ(*timing.at(row, "index").get_if<std::int64_t>(), static_cast<std::int64_t>(row));
  }
  std::size_t segments = 0;
  for (const std::string& event : resumed.events()) segments += event.find(R"("event":"segment")") != std::string::npos;
  EXPECT_GE(segments, 2u);
  if (kind == "random") return expect_each_point_once(resumed);  // another run draws another order
  run("undisturbed", k_never);
  expect_same_tables(resumed, only_run("undisturbed"));
}

INSTANTIATE_TEST_SUITE_P(Plans, ResumedSweep,
                         testing::Values("grid", "snake", "random", "up_down", "zip", "repeat", "nested", "stream",
                                         "constrained", "points", "adaptive"),
                         [](const auto& plan) { return std::string(plan.param); });

}  // namespace
}  // namespace wheatstone
