#include "storage/run_lock.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <wheatstone/error.hpp>

#include "base/process_identity.hpp"
#include "base/test_refusal.hpp"
#include "io/fault_file.hpp"
#include "storage/run_folder.hpp"
#include "storage/run_upkeep.hpp"
#include "storage/run_writer.hpp"
#include "storage/test_run.hpp"

namespace wheatstone::storage {
namespace {

using base::expect_says;
using base::reason;

class WithoutLocks : public testing::Test {
 protected:
  WithoutLocks() {
    disk_.refuse_lock = true;
    run_ = RunWriter::create("/store", RunStart{"x", io::Document::object(), {}}, base::system_clock(), disk_);
    run_->add_column(column("v"));
    run_->set(0, 1.0);
    run_->commit();
  }
  /// The lock file as a process would have left it.
  void name_holder(std::int64_t number, std::uint64_t started, const std::string& machine) {
    const auto lock = disk_.open(run_->folder() / k_lock_file, io::OpenMode::update);
    std::string line = "without a lock: " + std::to_string(number) + " " + std::to_string(started) + " " + machine;
    line.resize(255, ' ');
    lock->write_at(256, io::as_bytes(line + "\n"));
  }

  io::FaultDisk disk_;
  std::unique_ptr<RunWriter> run_;
};

TEST_F(WithoutLocks, a_live_run_is_alive_and_nobody_else_may_take_it) {
  const std::filesystem::path folder = run_->folder();
  EXPECT_TRUE(writer_lives(disk_, folder));
  for (const std::function<void()>& change :
       std::vector<std::function<void()>>{[&] { compact_run(disk_, folder); }, [&] { recover_run(disk_, folder); },
                                          [&] { static_cast<void>(take_run_lock(disk_, folder)); }})
    expect_says(reason<StorageError>(change), "is being written by process " + std::to_string(::getpid()));
  run_->finish(Outcome::finished, {});
  EXPECT_FALSE(writer_lives(disk_, folder));
  EXPECT_EQ(compact_run(disk_, folder).files_after, 1U);
}

TEST_F(WithoutLocks, a_run_whose_process_has_ended_may_be_recovered) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  const std::string machine = base::this_process().machine;
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  name_holder(child, 1, machine);
  EXPECT_FALSE(writer_lives(disk_, run_->folder()));
  // A number that another process has been given since.
  name_holder(::getpid(), base::this_process().started + 1, machine);
  EXPECT_FALSE(writer_lives(disk_, run_->folder()));
  EXPECT_EQ(recover_run(disk_, run_->folder()).row_count, 1U);
}

TEST(WithoutLocksElsewhere, a_run_of_another_machine_counts_as_alive_for_a_day_after_its_last_change) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("run-lock-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::string text(256, ' ');
  std::ofstream(folder / k_lock_file) << text << "without a lock: 1 1 another/pid:[1]";
  EXPECT_TRUE(run_lock_is_held(io::system_files(), folder));
  std::filesystem::last_write_time(folder / k_lock_file,
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(25));
  EXPECT_FALSE(run_lock_is_held(io::system_files(), folder));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace wheatstone::storage
