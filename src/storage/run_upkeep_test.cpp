#include "storage/run_upkeep.hpp"
#include "base/test_refusal.hpp"

#include <gtest/gtest.h>

#include <wheatstone/error.hpp>

#include "io/fault_file.hpp"
#include "storage/experiment_state.hpp"
#include "storage/run_folder.hpp"
#include "storage/test_run.hpp"

namespace wheatstone::storage {
namespace {

using base::reason;

constexpr int k_upkeep_rows = 3000;

/// A run as kill -9 leaves it: its files copied while it is written.
std::filesystem::path killed_run(const TestStore& store) {
  auto run = store.run("killed");
  const std::size_t v = run->add_column(column("v"));
  for (int row = 0; row < k_upkeep_rows; ++row) {
    run->set(v, 1.0 * row);
    run->commit();
  }
  std::filesystem::path copy = store.path() / "killed";
  std::filesystem::copy(run->folder(), copy);
  return copy;
}

void expect_rows(const std::filesystem::path& folder) {
  const std::vector<double> values = Experiment::open(folder).column<double>("v");
  ASSERT_EQ(values.size(), static_cast<std::size_t>(k_upkeep_rows));
  for (int row = 0; row < k_upkeep_rows; ++row) ASSERT_EQ(values[static_cast<std::size_t>(row)], 1.0 * row);
}

TEST(Recovery, seals_a_killed_run_and_says_how_it_ended) {
  TestStore store;
  const std::filesystem::path folder = killed_run(store);
  EXPECT_FALSE(list_rows(io::system_files(), folder).back().is_part);
  const Recovery recovered = recover_run(io::system_files(), folder);
  EXPECT_EQ(recovered.row_count, static_cast<std::uint64_t>(k_upkeep_rows));
  const std::vector<RowsFile> files = list_rows(io::system_files(), folder);
  ASSERT_EQ(files.size(), 1U);
  EXPECT_TRUE(files[0].is_part);
  const Experiment run = Experiment::open(folder);
  EXPECT_EQ(run.state(), RunState::killed);
  EXPECT_NE(run.metadata().find("\"ended\""), std::string::npos);
  EXPECT_NE(run.metadata().find("\"rows\": 3000"), std::string::npos);
  EXPECT_NE(run.events().back().find("\"recovered\""), std::string::npos);
  expect_rows(folder);
  EXPECT_NE(reason([&] { recover_run(io::system_files(), folder); }).find("has ended ('killed')"), std::string::npos);
}

TEST(Recovery, leaves_a_run_that_can_be_gone_on_with) {
  TestStore store;
  const std::filesystem::path folder = killed_run(store);
  recover_run(io::system_files(), folder);
  auto run = RunWriter::reopen(folder, {}, base::system_clock(), io::system_files());
  EXPECT_EQ(run->row_count(), static_cast<std::uint64_t>(k_upkeep_rows));
  run->set(run->add_column(column("v")), -1.0);
  run->commit();
  run->finish(Outcome::finished, {});
  EXPECT_EQ(Experiment::open(folder).row_count(), static_cast<std::size_t>(k_upkeep_rows) + 1);
}

TEST(Recovery, is_refused_while_somebody_writes_the_run) {
  TestStore store;
  const auto run = store.run();
  for (const auto action : {+[](const std::filesystem::path& folder) { recover_run(io::system_files(), folder); },
                            +[](const std::filesystem::path& folder) { compact_run(io::system_files(), folder); }}) {
    const std::string why = reason([&] { action(run->folder()); });
    EXPECT_NE(why.find("is being written by process"), std::string::npos) << why;
  }
}

TEST(Recovery, on_a_full_medium_keeps_every_row_and_may_be_begun_anew) {
  TestStore store;
  const std::filesystem::path folder = killed_run(store);
  io::FaultDisk disk;
  disk.load(folder, "/run");
  std::uint64_t used = 0;
  for (const io::FolderEntry& entry : disk.list("/run")) {
    const std::filesystem::path path = std::filesystem::path("/run") / entry.name;
    if (path.extension() == ".tmp")
      disk.remove(path);  // room that the run had reserved, which would be enough
    else
      used += disk.stamp(path)->size;
  }
  for (const std::uint64_t room : {1000U, 20'000U}) {
    disk.capacity = used + room;
    EXPECT_THROW(recover_run(disk, "/run"), StorageError);
    EXPECT_EQ(ExperimentAccess::open("/run", disk).row_count(), static_cast<std::size_t>(k_upkeep_rows));
  }
  disk.capacity = UINT64_MAX;
  EXPECT_EQ(recover_run(disk, "/run").row_count, static_cast<std::uint64_t>(k_upkeep_rows));
}

TEST(Recovery, cut_short_at_any_change_keeps_every_row) {
  TestStore store;
  const std::filesystem::path folder = killed_run(store);
  struct Cut {};
  for (int changes = 0;; ++changes) {
    ASSERT_LT(changes, 200);
    io::FaultDisk disk;
    disk.load(folder, "/run");
    int left = changes;
    disk.before_change([&] {
      if (left-- == 0) throw Cut{};
    });
    bool was_cut = false;
    try {
      recover_run(disk, "/run");
    } catch (const Cut&) {
      was_cut = true;
    }
    disk.before_change({});
    ASSERT_EQ(ExperimentAccess::open("/run", disk).row_count(), static_cast<std::size_t>(k_upkeep_rows)) << changes;
    if (!was_cut) break;
  }
}

TEST(Compaction, unites_small_parts_of_a_run_that_has_ended) {
  TestStore store;
  std::filesystem::path folder;
  {
    auto run = store.run();
    folder = run->folder();
    const std::size_t v = run->add_column(column("v"));
    for (int row = 0; row < k_upkeep_rows / 2; ++row) {
      run->set(v, 1.0 * row);
      run->commit();
    }
  }
  // Each going on seals what was there as a part of its own.
  for (int segment = 0; segment < 3; ++segment) {
    auto run = RunWriter::reopen(folder, {}, base::system_clock(), io::system_files());
    const std::size_t v = run->add_column(column("v"));
    for (int row = 0; row < k_upkeep_rows / 6; ++row) {
      run->set(v, 1.0 * static_cast<double>(run->row_count()));
      run->commit();
    }
  }
  const std::size_t files = list_rows(io::system_files(), folder).size();
  ASSERT_GT(files, 2U);
  const Compaction done = compact_run(io::system_files(), folder);
  EXPECT_EQ(done.files_before, files);
  EXPECT_EQ(done.files_after, 1U);
  EXPECT_GT(done.bytes_before, done.bytes_after);
  EXPECT_EQ(Experiment::open(folder).state(), RunState::killed);
  expect_rows(folder);
}

TEST(Compaction, names_a_damaged_part_and_keeps_the_rows) {
  TestStore store;
  const std::filesystem::path folder = killed_run(store);
  recover_run(io::system_files(), folder);
  const std::string part = list_rows(io::system_files(), folder).front().name;
  std::filesystem::resize_file(folder / part, 100);
  const std::string why = reason([&] { compact_run(io::system_files(), folder); });
  EXPECT_NE(why.find(part), std::string::npos) << why;
  EXPECT_TRUE(std::filesystem::exists(folder / part));
}

}  // namespace
}  // namespace wheatstone::storage
