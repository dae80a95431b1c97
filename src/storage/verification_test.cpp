#include "storage/verification.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <wheatstone/error.hpp>

#include "storage/experiment_state.hpp"
#include "storage/run_folder.hpp"
#include "storage/test_run.hpp"

namespace wheatstone::storage {
namespace {

/// A finished run of three parts of 65,536 rows and what is left.
std::filesystem::path write_long_run(const TestStore& store) {
  auto run = store.run();
  const std::size_t v = run->add_column(column("v"));
  constexpr int k_rows = 250'000;
  for (int row = 0; row < k_rows; ++row) {
    run->set(v, 1.0 * row);
    run->commit();
  }
  run->finish(Outcome::finished, {});
  return run->folder();
}

void flip(const std::filesystem::path& path, std::uintmax_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const char byte = static_cast<char>(file.get() ^ 1);
  file.seekp(static_cast<std::streamoff>(at));
  file.put(byte);
}

std::vector<RowsFile> parts_of(const std::filesystem::path& run) { return list_rows(io::system_files(), run); }

TEST(Verification, of_a_whole_run_reads_all_of_it_and_finds_nothing) {
  TestStore store;
  const std::filesystem::path run = write_long_run(store);
  const Verification found = verify_run(io::system_files(), run);
  EXPECT_TRUE(found.whole());
  EXPECT_EQ(found.row_count, 250'000U);
  EXPECT_EQ(found.readable, (std::vector<RowRange>{{0, 250'000}}));
  EXPECT_GT(found.byte_count, 250'000U * 8);
  EXPECT_NE(found.text().find("nothing is damaged"), std::string::npos) << found.text();
}

TEST(Verification, names_the_damaged_part_and_the_rows_that_are_readable) {
  TestStore store;
  const std::filesystem::path run = write_long_run(store);
  const std::vector<RowsFile> parts = parts_of(run);
  ASSERT_GE(parts.size(), 3U);
  const std::uint64_t first = parts[1].first_row;
  const std::uint64_t after = parts[2].first_row;
  for (const std::uintmax_t at : {std::uintmax_t{40}, std::filesystem::file_size(run / parts[1].name) / 2,
                                  std::filesystem::file_size(run / parts[1].name) - 3}) {
    flip(run / parts[1].name, at);
    const Verification found = verify_run(io::system_files(), run);
    ASSERT_EQ(found.troubles.size(), 1U) << at;
    EXPECT_EQ(found.troubles[0].file, parts[1].name);
    EXPECT_EQ(found.troubles[0].rows, (RowRange{first, after - first}));
    EXPECT_EQ(found.readable, (std::vector<RowRange>{{0, first}, {after, 250'000 - after}}));
    EXPECT_EQ(found.row_count, 250'000U);
    EXPECT_NE(found.text().find(parts[1].name), std::string::npos);
    flip(run / parts[1].name, at);
  }
  EXPECT_TRUE(verify_run(io::system_files(), run).whole());
}

TEST(Verification, leaves_the_other_rows_of_a_damaged_run_to_be_opened) {
  TestStore store;
  const std::filesystem::path run = write_long_run(store);
  const std::vector<RowsFile> parts = parts_of(run);
  flip(run / parts[1].name, 40);
  EXPECT_THROW((void)Experiment::open(run), StorageError);
  const Experiment readable = ExperimentAccess::open_readable(run, io::system_files());
  const std::uint64_t lost = parts[2].first_row - parts[1].first_row;
  ASSERT_EQ(readable.row_count(), 250'000 - lost);
  const std::vector<double> values = readable.column<double>("v");
  EXPECT_EQ(values[parts[1].first_row - 1], static_cast<double>(parts[1].first_row - 1));
  EXPECT_EQ(values[parts[1].first_row], static_cast<double>(parts[2].first_row));
  const Experiment timing = readable.timing();
  EXPECT_EQ(*timing.at(parts[1].first_row, "index").get_if<std::int64_t>(),
            static_cast<std::int64_t>(parts[2].first_row));
  EXPECT_EQ(timing.column<std::int64_t>("index").back(), 249'999);
}

TEST(Verification, names_rows_whose_file_is_missing_in_the_middle_or_at_the_end) {
  TestStore store;
  const std::filesystem::path run = write_long_run(store);
  const std::vector<RowsFile> parts = parts_of(run);
  std::filesystem::remove(run / parts[1].name);
  std::filesystem::remove(run / parts.back().name);
  const Verification found = verify_run(io::system_files(), run);
  ASSERT_EQ(found.troubles.size(), 2U);
  EXPECT_EQ(found.troubles[0].rows, (RowRange{parts[1].first_row, parts[2].first_row - parts[1].first_row}));
  EXPECT_EQ(found.troubles[1].rows, (RowRange{parts.back().first_row, 250'000 - parts.back().first_row}));
  EXPECT_EQ(found.readable_count(), 250'000 - found.troubles[0].rows.count - found.troubles[1].rows.count);
}

TEST(Verification, of_a_live_and_of_a_killed_run_counts_committed_rows) {
  TestStore store;
  auto run = store.run();
  const std::size_t v = run->add_column(column("v"));
  for (int row = 0; row < 5; ++row) {
    run->set(v, 1.0 * row);
    run->commit();
  }
  const Verification live = verify_run(io::system_files(), run->folder());
  EXPECT_TRUE(live.whole()) << live.text();
  EXPECT_EQ(live.row_count, 5U);
  const std::filesystem::path folder = run->folder();
  run.reset();
  const Verification killed = verify_run(io::system_files(), folder);
  EXPECT_TRUE(killed.whole()) << killed.text();
  EXPECT_EQ(killed.readable_count(), 5U);
}

TEST(Verification, names_lines_of_the_events_that_are_none) {
  TestStore store;
  auto run = store.run();
  run->event("note", io::Document::object({{"text", "x"}}));
  run->finish(Outcome::finished, {});
  std::ofstream(run->folder() / k_events_file, std::ios::app) << "{broken\n";
  const Verification found = verify_run(io::system_files(), run->folder());
  ASSERT_EQ(found.troubles.size(), 1U);
  EXPECT_EQ(found.troubles[0].file, "events.jsonl");
}

TEST(Verification, of_no_run_is_an_error) {
  TestStore store;
  std::filesystem::create_directories(store.runs());
  EXPECT_THROW((void)verify_run(io::system_files(), store.runs()), StorageError);
}

}  // namespace
}  // namespace wheatstone::storage
