// A sweep that is killed at any moment, again and again, and gone on with, leaves the table of an undisturbed run.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>
#include <wheatstone/experiment.hpp>

#include "shared_count.hpp"

namespace wheatstone {
namespace {
namespace fs = std::filesystem;

constexpr std::uint64_t k_every_plan_has = 740;  // rows: all kills are before that

/// How often each kind of plan is killed.
std::uint64_t kills() {
  const char* const given = std::getenv("WHEATSTONE_KILLS");
  return given == nullptr ? 5 : std::max(1, std::atoi(given));
}

class ResumedSweep : public testing::TestWithParam<const char*> {
 protected:
  ResumedSweep()
      : folder_(fs::temp_directory_path() / ("wheatstone-resume-" + std::to_string(::getpid()) + "-" + GetParam())) {
    fs::create_directories(folder_);
  }
  ~ResumedSweep() override { fs::remove_all(folder_); }

  [[nodiscard]] const fs::path& folder() const { return folder_; }

  /// Starts the sweep in that store.
  pid_t start(const std::string& store, const SharedCount& count) const {
    const pid_t child = ::fork();
    if (child == 0) {
      ::execl(RESUMED_SESSION, RESUMED_SESSION, GetParam(), (folder_ / store).c_str(), count.path().c_str(), nullptr);
      ::_exit(127);
    }
    return child;
  }

  /// Starts the sweep in that store and kills it once it has come to `row`; lets it end where that is never.
  void run(const std::string& store, std::uint64_t kill_at) {
    const SharedCount count(folder_ / "count");
    if (kill_at != k_never) count.hold_behind(kill_at + 5);
    const pid_t child = start(store, count);
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

void expect_each_slot_once(const Experiment& experiment, const std::string& kind) {
  const bool has_two_grids = kind == "timed_intervals";
  ASSERT_EQ(experiment.row_count(), has_two_grids ? 960u : 1000u);  // 8 s: 800 of 10 ms, 320 of 25 ms, 160 in common
  std::int64_t slot = 0;
  std::size_t slow = 0;
  for (std::size_t row = 0; row < experiment.row_count(); ++row) {
    const bool is_slow_alone = has_two_grids && experiment.at(row, "slot_of_it").is_null();
    if (is_slow_alone) {
      ASSERT_EQ(slot % 5, 3) << "row " << row;  // 25 ms after every fifth slot
    } else {
      ASSERT_EQ(*experiment.at(row, "slot_of_it").get_if<std::int64_t>(), slot) << "row " << row;
      ASSERT_EQ(*experiment.at(row, "index").get_if<std::int64_t>(), static_cast<std::int64_t>(row));
      ++slot;
    }
    if (has_two_grids && !experiment.at(row, "twice").is_null()) {
      ASSERT_TRUE(is_slow_alone || (slot - 1) % 5 == 0) << "row " << row;
      ++slow;
    }
    if (kind == "timed_parameters") {
      ASSERT_DOUBLE_EQ(*experiment.at(row, "voltage").get_if<double>(), 1 + 4.0 * static_cast<double>(row) / 999);
    }
  }
  EXPECT_EQ(slow, has_two_grids ? 320u : 0u);
}

TEST_P(ResumedSweep, is_bit_for_bit_the_undisturbed_one) {
  const std::string kind = GetParam();
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
  std::vector<std::uint64_t> rows;
  for (std::uint64_t k = 0; k < kills(); ++k) rows.push_back(1 + random() % (k_every_plan_has - 1));
  rows.push_back(rows.back());  // before its second segment has a row
  std::ranges::sort(rows);
  for (const std::uint64_t row : rows) run("killed", row);
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
  if (kind.starts_with("timed")) return expect_each_slot_once(resumed, kind);
  if (kind == "random") return expect_each_point_once(resumed);  // another run draws another order
  run("undisturbed", k_never);
  expect_same_tables(resumed, only_run("undisturbed"));
}

INSTANTIATE_TEST_SUITE_P(Plans, ResumedSweep,
                         testing::Values("grid", "snake", "random", "up_down", "zip", "repeat", "nested", "stream",
                                         "constrained", "points", "adaptive", "search", "timed", "timed_intervals",
                                         "timed_parameters"),
                         [](const auto& plan) { return std::string(plan.param); });

using TwoProcesses = ResumedSweep;

TEST_P(TwoProcesses, cannot_go_on_with_one_run_at_once_and_the_second_is_told_who_does) {
  run("shared", 100);
  const SharedCount count(folder() / "count");
  const pid_t first = start("shared", count);
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (count.value() < 110 && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
  ::kill(first, SIGSTOP);  // so that it goes on with the run for as long as the second tries
  const fs::path said = folder() / "said";
  const pid_t second = ::fork();
  if (second == 0) {
    const int fd = ::open(said.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(fd, 2);
    const SharedCount its_own(folder() / "count of the second");
    ::execl(RESUMED_SESSION, RESUMED_SESSION, GetParam(), (folder() / "shared").c_str(), its_own.path().c_str(),
            nullptr);
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(second, &status, 0);
  ::kill(first, SIGCONT);
  EXPECT_EQ(WEXITSTATUS(status), 1);
  std::ifstream in(said);
  const std::string sentence((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  EXPECT_NE(sentence.find("is being written by process " + std::to_string(first) + " of "), std::string::npos)
      << sentence;
  EXPECT_NE(sentence.find(" since 20"), std::string::npos) << sentence;
  ::waitpid(first, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(only_run("shared").state(), RunState::finished);
  EXPECT_EQ(only_run("shared").row_count(), 1000u);
}

INSTANTIATE_TEST_SUITE_P(Plans, TwoProcesses, testing::Values("grid", "timed"),
                         [](const auto& plan) { return std::string(plan.param); });

}  // namespace
}  // namespace wheatstone
