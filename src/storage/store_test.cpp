#include <wheatstone/store.hpp>

#include <gtest/gtest.h>

#include <wheatstone/error.hpp>

#include "storage/test_run.hpp"

namespace wheatstone::storage {
namespace {

std::filesystem::path write_run(const TestStore& store, const std::string& name, int rows) {
  auto run = store.run(name);
  run->add_column(column("v"));
  for (int i = 0; i < rows; ++i) {
    run->set(0, 1.0 * i);
    run->commit();
  }
  run->finish(Outcome::finished, {});
  return run->folder();
}

TEST(Store, lists_runs_of_every_state_oldest_first) {
  TestStore store;
  write_run(store, "first", 3);
  auto second = store.run("second");
  second->set(second->add_column(column("v")), 1.0);
  second->commit();
  const std::vector<RunSummary> runs = Store(store.runs()).runs();
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].name, "first");
  EXPECT_EQ(runs[0].row_count, 3U);
  EXPECT_EQ(runs[0].state, RunState::finished);
  EXPECT_EQ(runs[1].state, RunState::running);
  EXPECT_EQ(runs[1].row_count, 1U);
  second.reset();
  EXPECT_EQ(Store(store.runs()).runs()[1].state, RunState::killed);
}

TEST(Store, that_does_not_exist_yet_is_empty) {
  TestStore store;
  EXPECT_TRUE(Store(store.path() / "nowhere").runs().empty());
}

TEST(Store, finds_a_run_by_last_name_id_end_of_folder_and_folder) {
  TestStore store;
  const std::filesystem::path one = write_run(store, "IV curve", 1);
  const std::filesystem::path two = write_run(store, "noise", 1);
  const Store place(store.runs());
  const std::string id = Experiment::open(one).id();
  EXPECT_EQ(place.find("last"), two);
  EXPECT_EQ(place.find("IV curve"), one);
  EXPECT_EQ(place.find(id), one);
  EXPECT_EQ(place.find(id.substr(0, 35)), one);
  EXPECT_EQ(place.find(id.substr(id.size() - 6)), one);
  EXPECT_EQ(place.find(one.filename().string()), one);
  EXPECT_EQ(place.find(one.string()), one);
}

TEST(Store, names_the_runs_that_an_ambiguous_word_fits_and_the_nearest_to_a_misspelt_one) {
  TestStore store;
  write_run(store, "noise", 1);
  write_run(store, "noise", 1);
  const Store place(store.runs());
  try {
    (void)place.find("20");
    FAIL() << "an ambiguous prefix was taken";
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find("fits 2 runs"), std::string::npos) << error.what();
  }
  try {
    (void)place.find("nose");
    FAIL() << "a misspelt name was taken";
  } catch (const StorageError& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean 'noise'?"), std::string::npos) << error.what();
  }
}

TEST(Store, is_remembered_so_that_its_runs_are_found_from_anywhere) {
  TestStore store;
  const std::filesystem::path run = write_run(store, "IV curve", 1);
  write_run(store, "IV curve", 1);
  ASSERT_EQ(Store::known(), (std::vector<std::filesystem::path>{store.runs()}));
  EXPECT_EQ(Store(store.path() / "elsewhere").find(run.filename().string()), run);
  std::filesystem::remove_all(store.runs());
  EXPECT_TRUE(Store::known().empty());
}

TEST(Store, lists_a_run_that_cannot_be_read_with_its_trouble) {
  TestStore store;
  const std::filesystem::path run = write_run(store, "x", 1);
  std::filesystem::remove(run / "run.json");
  io::replace_text(io::system_files(), run / "run.json", "{broken");
  const std::vector<RunSummary> runs = Store(store.runs()).runs();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_NE(runs.front().trouble.find("run.json"), std::string::npos);
  EXPECT_EQ(Store(store.runs()).find(run.filename().string()), run);
}

TEST(Store, takes_its_default_place_from_the_environment) {
  ::setenv("WHEATSTONE_STORE", "/somewhere/else", 1);
  EXPECT_EQ(Store().folder(), "/somewhere/else");
  ::unsetenv("WHEATSTONE_STORE");
  EXPECT_EQ(Store().folder(), "wheatstone-runs");
}

}  // namespace
}  // namespace wheatstone::storage
