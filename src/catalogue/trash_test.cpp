// Runs that are thrown away.

#include <gtest/gtest.h>

#include <fstream>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "base/test_refusal.hpp"
#include "catalogue/test_runs.hpp"
#include "storage/annotations.hpp"

namespace wheatstone::catalogue {
namespace {

using base::reason;

TEST(Trash, keeps_runs_until_it_is_emptied) {
  TestStore folder;
  const std::filesystem::path first = write_run(folder, "first", 5);
  write_run(folder, "second");
  Store store(folder.runs());
  const std::filesystem::path there = store.trash("first");
  EXPECT_EQ(there, folder.runs() / "trash" / first.filename());
  ASSERT_EQ(store.runs().size(), 1U);
  EXPECT_EQ(store.runs()[0].name, "second");
  ASSERT_EQ(store.trashed().size(), 1U);
  EXPECT_EQ(store.trashed()[0].row_count, 5U);
  EXPECT_TRUE(store.search("first").empty());
  EXPECT_EQ(store.restore("first"), first);
  EXPECT_EQ(store.runs().size(), 2U);
  EXPECT_TRUE(store.trashed().empty());
  store.trash("first");
  EXPECT_EQ(store.empty_trash(), 1U);
  EXPECT_TRUE(store.trashed().empty());
  EXPECT_EQ(store.empty_trash(), 0U);
  EXPECT_EQ(store.runs().size(), 1U);
}

TEST(Trash, takes_no_run_that_is_being_written) {
  TestStore folder;
  const auto run = folder.run("live");
  Store store(folder.runs());
  const std::string why = reason([&] { store.trash("live"); });
  EXPECT_NE(why.find("is being written by process"), std::string::npos) << why;
  EXPECT_EQ(store.runs().size(), 1U);
}

TEST(Trash, has_room_for_two_of_the_same_name_and_for_what_is_no_run_at_all) {
  TestStore folder;
  const std::filesystem::path run = write_run(folder, "x");
  std::filesystem::copy(run, folder.path() / "kept");
  Store store(folder.runs());
  store.trash("x");
  std::filesystem::copy(folder.path() / "kept", run);
  store.trash("x");
  EXPECT_EQ(store.trashed().size(), 2U);
  std::filesystem::copy(folder.path() / "kept", run);
  const std::filesystem::path back = store.restore(run.filename().string());
  EXPECT_EQ(back.filename().string(), run.filename().string() + "-2");
  std::ofstream(folder.runs() / "trash" / "a file") << "x";
  std::filesystem::create_directories(folder.runs() / "trash" / "a folder" / "within");
  std::filesystem::create_directory_symlink(run, folder.runs() / "trash" / "a link");
  EXPECT_EQ(store.empty_trash(), 2U);
  EXPECT_TRUE(std::filesystem::exists(run / "run.json")) << "what a link points to was deleted";
  EXPECT_TRUE(std::filesystem::is_empty(folder.runs() / "trash"));
}

TEST(Trash, says_in_the_run_who_threw_it_away) {
  TestStore folder;
  write_run(folder, "x");
  Store store(folder.runs());
  const std::filesystem::path there = store.trash("x");
  const std::string text = io::read_text(io::system_files(), there / storage::k_annotations_file);
  EXPECT_NE(text.find("\"annotation\":\"trashed\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"user\":"), std::string::npos) << text;
}

TEST(Trash, takes_a_folder_that_was_copied_by_half) {
  TestStore folder;
  const std::filesystem::path run = write_run(folder, "half");
  std::filesystem::remove(run / "run.json");
  std::filesystem::remove(run / "run.lock");
  Store store(folder.runs());
  EXPECT_EQ(store.trash(run.filename().string()).parent_path(), folder.runs() / "trash");
  EXPECT_TRUE(store.runs().empty());
}

}  // namespace
}  // namespace wheatstone::catalogue
