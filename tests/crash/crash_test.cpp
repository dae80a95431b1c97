// kill -9 at random moments: every committed row is there, whole. WHEATSTONE_KILLS sets how many (40).

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <random>
#include <thread>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "model.hpp"
#include "storage/test_run.hpp"

extern char** environ;

namespace wheatstone::crash {
namespace {

/// The writer as another process, and the rows that it says it has committed.
class Writer {
 public:
  Writer(const std::filesystem::path& store, const std::filesystem::path& progress) {
    const int fd = ::open(progress.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
    EXPECT_EQ(::ftruncate(fd, 8), 0);
    progress_ = static_cast<std::uint64_t*>(::mmap(nullptr, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    ::close(fd);
    std::string program = CRASH_WRITER;
    std::string store_text = store.string();
    std::string progress_text = progress.string();
    char* arguments[] = {program.data(), store_text.data(), progress_text.data(), nullptr};
    EXPECT_EQ(::posix_spawn(&pid_, program.c_str(), nullptr, nullptr, arguments, environ), 0);
  }
  ~Writer() {
    kill();
    ::munmap(progress_, 8);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  [[nodiscard]] std::uint64_t committed() const { return std::atomic_ref(*progress_).load(std::memory_order_acquire); }

  /// Waits until so many rows are committed; false where the writer ends before.
  [[nodiscard]] bool wait_for(std::uint64_t rows) {
    while (committed() < rows) {
      if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
        pid_ = 0;
        return false;
      }
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
    return true;
  }
  void kill() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  pid_t pid_ = 0;
  std::uint64_t* progress_ = nullptr;
};

void expect_whole(const Experiment& experiment) {
  const std::vector<std::int64_t> k = experiment.column<std::int64_t>("k");
  const std::vector<double> v = experiment.column<double>("volts");
  const std::vector<double> c = experiment.column<double>("count");
  for (std::uint64_t row = 0; row < k.size(); ++row) {
    ASSERT_EQ(k[row], static_cast<std::int64_t>(row));
    ASSERT_EQ(v[row], volts(row));
    ASSERT_EQ(c[row], count(row));
  }
  const bool has_late = k.size() > k_late_from;
  for (std::uint64_t row = 0; row < k.size(); row += row < 5000 || row + 5000 > k.size() ? 1 : 101) {
    const Value text = experiment.at(row, "note");
    ASSERT_EQ(text.is_null(), !has_note(row)) << row;
    if (has_note(row)) {
      ASSERT_EQ(*text.get_if<std::string>(), note(row)) << row;
    }
    const Value samples = experiment.at(row, "trace");
    ASSERT_EQ(samples.is_null(), !has_trace(row)) << row;
    if (has_trace(row)) {
      ASSERT_TRUE(samples.identical(Value(trace(row)))) << row;
    }
    if (has_late) {
      const Value late = experiment.at(row, "late");
      ASSERT_EQ(late.is_null(), row < k_late_from) << row;
    }
  }
}

int kills() {
  const char* text = std::getenv("WHEATSTONE_KILLS");
  return text != nullptr ? std::atoi(text) : 40;
}

TEST(Kill, loses_no_committed_row) {
  storage::TestStore store;
  std::mt19937_64 random(20261123);
  std::uint64_t rows = 0;
  for (int kill = 0; kill < kills(); ++kill) {
    SCOPED_TRACE(kill);
    const std::filesystem::path folder = store.path() / std::to_string(kill);
    Writer writer(folder, store.path() / "progress");
    // From the first rows to the middle of the third part: log-uniform, so that every kind of file is being made.
    const auto target =
        static_cast<std::uint64_t>(std::exp(std::uniform_real_distribution<double>(0, std::log(60'000.0))(random)));
    ASSERT_TRUE(writer.wait_for(target)) << "the writer ended by itself";
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
    writer.kill();
    const std::uint64_t committed = writer.committed();
    const std::vector<RunSummary> runs = Store(folder).runs();
    ASSERT_EQ(runs.size(), 1U);
    ASSERT_EQ(runs.front().trouble, "");
    const Experiment experiment = Experiment::open(runs.front().folder);
    ASSERT_EQ(experiment.state(), RunState::killed);
    ASSERT_GE(experiment.row_count(), committed) << "committed rows were lost";
    ASSERT_LE(experiment.row_count(), committed + 1) << "rows that were never committed";
    expect_whole(experiment);
    ASSERT_FALSE(HasFatalFailure());
    rows += committed;
    std::filesystem::remove_all(folder);
  }
  RecordProperty("rows", std::to_string(rows));
}

TEST(Kill, leaves_a_run_that_is_gone_on_with_as_if_nothing_had_happened) {
  storage::TestStore store;
  std::mt19937_64 random(20261124);
  const std::filesystem::path folder = store.path() / "runs";
  std::uint64_t committed = 0;
  for (int kill = 0; kill < kills() / 2; ++kill) {
    SCOPED_TRACE(kill);
    Writer writer(folder, store.path() / "progress");
    // Every third is killed while it is starting: taking the lock, sealing what the last one left.
    if (kill % 3 != 2) {
      ASSERT_TRUE(writer.wait_for(committed + 1 + random() % 500)) << "the writer ended by itself";
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 5000));
    writer.kill();
    committed = std::max(committed, writer.committed());
    const std::vector<RunSummary> runs = Store(folder).runs();
    if (runs.empty() && committed == 0) continue;
    ASSERT_EQ(runs.size(), 1U);
    if (!runs.front().trouble.empty() && committed == 0) {  // killed before run.json was there
      std::filesystem::remove_all(folder);
      continue;
    }
    const Experiment experiment = Experiment::open(runs.front().folder);
    ASSERT_EQ(experiment.state(), RunState::killed);
    ASSERT_GE(experiment.row_count(), committed) << "committed rows were lost";
    committed = experiment.row_count();
    expect_whole(experiment);
    ASSERT_FALSE(HasFatalFailure());
  }
}

TEST(Reader, follows_a_run_of_another_process_and_keeps_its_files) {
  storage::TestStore store;
  const std::filesystem::path folder = store.path() / "runs";
  Writer writer(folder, store.path() / "progress");
  std::vector<Experiment> views;
  for (const std::uint64_t target : {1, 500, 2000, 4000, 30'000, 100'000}) {
    ASSERT_TRUE(writer.wait_for(target));
    const std::uint64_t before = writer.committed();
    views.push_back(Experiment::open(Store(folder).find("last")));
    EXPECT_EQ(views.back().state(), RunState::running);
    EXPECT_GE(views.back().row_count(), before);
  }
  writer.kill();
  std::filesystem::remove_all(folder);  // the views have their files still
  for (const Experiment& view : views) {
    expect_whole(view);
    ASSERT_FALSE(HasFatalFailure());
  }
}

}  // namespace
}  // namespace wheatstone::crash
