// A session killed at any moment loses no committed row.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>
#include <wheatstone/control.hpp>
#include <wheatstone/error.hpp>
#include <wheatstone/experiment.hpp>
#include <wheatstone/store.hpp>

#include "shared_count.hpp"

namespace wheatstone {
namespace {
namespace fs = std::filesystem;

pid_t start(const std::string& kind, const fs::path& store, const fs::path& page) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl(KILLED_SESSION, KILLED_SESSION, kind.c_str(), store.c_str(), page.c_str(), nullptr);
    ::_exit(127);
  }
  return child;
}

fs::path only_run(const fs::path& store) {
  for (const auto& entry : fs::directory_iterator(store)) {
    if (entry.is_directory()) return entry.path();
  }
  return {};
}

void kill_once(const std::string& kind, std::chrono::microseconds after, int number) {
  SCOPED_TRACE(kind + " killed " + std::to_string(after.count()) + " us after its first rows");
  const fs::path folder =
      fs::temp_directory_path() / ("wheatstone-kill-" + std::to_string(::getpid()) + "-" + std::to_string(number));
  fs::create_directories(folder);
  std::uint64_t committed = 0;
  {
    const SharedCount count(folder / "count");
    const pid_t child = start(kind, folder / "store", count.path());
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (count.value() < 3 && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
    const auto moment = std::chrono::steady_clock::now() + after;
    while (std::chrono::steady_clock::now() < moment) std::this_thread::yield();
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    committed = count.value();
  }
  ASSERT_GE(committed, 3u);
  const Experiment experiment = Experiment::open(only_run(folder / "store"));
  EXPECT_EQ(experiment.state(), RunState::killed);
  EXPECT_GE(experiment.row_count(), committed);
  EXPECT_LE(experiment.row_count(), committed + 1);
  const std::vector<double> squares = experiment.column<double>("square");
  const std::vector<std::string> names = experiment.column<std::string>("name");
  for (std::size_t n = 0; n < squares.size(); ++n) {
    ASSERT_EQ(squares[n], static_cast<double>(n) * static_cast<double>(n));
    ASSERT_EQ(names[n], "row " + std::to_string(n));
  }
  fs::remove_all(folder);
}

/// A folder that is deleted at the end.
class Scratch {
 public:
  Scratch() : path_(fs::temp_directory_path() / ("wheatstone-kill-state-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  ~Scratch() { fs::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void kill_and_wait(pid_t child) {
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

/// Waits until the victim's only run says, through its control socket, what is wanted of it.
void await(const fs::path& store, const std::function<bool(const Progress&)>& wanted) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < give_up) {
    try {
      if (fs::exists(store) && wanted(RemoteRun(only_run(store)).progress())) return;
    } catch (const Error&) {  // not there yet
    }
    std::this_thread::yield();
  }
  ADD_FAILURE() << "the victim did not get there";
}

void expect_killed_with(const fs::path& store, std::size_t rows) {
  const std::vector<RunSummary> runs = Store(store).runs();
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].state, RunState::killed) << runs[0].trouble;
  EXPECT_EQ(runs[0].trouble, "");
  EXPECT_EQ(runs[0].row_count, rows);
  const Experiment experiment = Experiment::open(runs[0].folder);
  const std::vector<double> squares = experiment.column<double>("square");
  for (std::size_t n = 0; n < squares.size(); ++n) EXPECT_EQ(squares[n], static_cast<double>(n * n));
}

TEST(KilledSession, keeps_its_rows_while_it_is_paused_suspended_or_stopping) {
  const std::vector<std::pair<std::string, std::function<bool(const Progress&)>>> states = {
      {"paused", [](const Progress& p) { return p.state == RunState::paused && p.reason.empty(); }},
      {"suspended", [](const Progress& p) { return p.state == RunState::paused && p.reason == "for ever"; }},
      {"stopping", [](const Progress& p) { return p.state == RunState::stopping; }},
  };
  for (const auto& [state, reached] : states) {
    SCOPED_TRACE(state);
    const Scratch scratch;
    const SharedCount count(scratch.path() / "count");
    const fs::path store = scratch.path() / "store";
    const pid_t child = start(state, store, count.path());
    await(store, reached);
    kill_and_wait(child);
    expect_killed_with(store, 6);
    EXPECT_THROW(RemoteRun(only_run(store)), ConnectionError);
  }
}

TEST(KilledSession, that_was_preparing_is_no_run_or_a_killed_one_without_rows) {
  std::mt19937 random(7);
  for (int k = 0; k < 15; ++k) {
    const Scratch scratch;
    const SharedCount count(scratch.path() / "count");
    const fs::path store = scratch.path() / "store";
    const pid_t child = start("paused", store, count.path());
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while ((!fs::exists(store) || only_run(store).empty()) && std::chrono::steady_clock::now() < give_up) {
      std::this_thread::yield();
    }
    const auto moment = std::chrono::steady_clock::now() + std::chrono::microseconds(random() % 3000);
    while (std::chrono::steady_clock::now() < moment) std::this_thread::yield();
    kill_and_wait(child);
    const std::vector<RunSummary> runs = Store(store).runs();
    ASSERT_LE(runs.size(), 1u);
    if (runs.empty() || !runs[0].trouble.empty()) continue;  // before its run.json
    EXPECT_EQ(runs[0].state, RunState::killed);
    EXPECT_LE(runs[0].row_count, 6u);
  }
}

TEST(KilledSession, loses_no_committed_row_of_a_sweep) {
  std::mt19937 random(20261123);
  for (int k = 0; k < 15; ++k) kill_once("sweep", std::chrono::microseconds(random() % 150'000), k);
}

TEST(KilledSession, loses_no_committed_row_of_a_timed_run) {
  std::mt19937 random(42);
  for (int k = 0; k < 10; ++k) kill_once("timed", std::chrono::microseconds(random() % 100'000), 100 + k);
}

}  // namespace
}  // namespace wheatstone
