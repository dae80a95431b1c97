#include "storage/annotations.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>
#include <wheatstone/error.hpp>

#include "io/fault_file.hpp"
#include "storage/test_run.hpp"

namespace wheatstone::storage {
namespace {

io::Document tag(const std::string& text) { return io::Document::object({{"tag", text}}); }

TEST(Annotations, come_to_the_tags_that_were_not_taken_away_and_all_notes) {
  TestStore store;
  const std::filesystem::path run = store.run()->folder();
  io::FileSystem& files = io::system_files();
  EXPECT_TRUE(read_annotations(files, run).tags.empty());
  annotate(files, run, "tag", tag("a"));
  annotate(files, run, "tag", tag("b"));
  annotate(files, run, "tag", tag("a"));
  annotate(files, run, "untag", tag("b"));
  annotate(files, run, "note", io::Document::object({{"text", "größer\n\"two lines\""}}));
  annotate(files, run, "of a later version", tag("a"));
  const Annotations found = read_annotations(files, run);
  EXPECT_EQ(found.tags, std::vector<std::string>{"a"});
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_EQ(found.notes[0].text, "größer\n\"two lines\"");
  EXPECT_FALSE(found.notes[0].by.empty());
}

TEST(Annotations, begin_with_the_tags_and_the_notes_that_the_run_was_begun_with) {
  TestStore store;
  const std::filesystem::path run = store.run()->folder();
  io::FileSystem& files = io::system_files();
  const io::Document record = io::Document::parse(
      R"({"started": "2026-11-23T10:15:02.000000000Z", "tags": ["linear", "sample 7", 3], "notes": "the fan was off",
          "segments": [{"user": "ada"}]})");
  EXPECT_EQ(read_annotations(files, run, record).tags, (std::vector<std::string>{"linear", "sample 7"}));
  annotate(files, run, "untag", tag("linear"));
  annotate(files, run, "tag", tag("good"));
  const Annotations found = read_annotations(files, run, record);
  EXPECT_EQ(found.tags, (std::vector<std::string>{"sample 7", "good"}));
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_EQ(found.notes[0].text, "the fan was off");
  EXPECT_EQ(found.notes[0].by, "ada");
  EXPECT_EQ(found.notes[0].at.nanoseconds, 1'795'428'902'000'000'000);
}

TEST(Annotations, pass_over_a_line_that_was_cut_and_write_the_next_one_behind_it) {
  TestStore store;
  const std::filesystem::path run = store.run()->folder();
  annotate(io::system_files(), run, "tag", tag("a"));
  std::ofstream(run / k_annotations_file, std::ios::app) << "[1]\n{\"annotation\":\"tag\",\"ta";
  EXPECT_EQ(read_annotations(io::system_files(), run).tags, std::vector<std::string>{"a"});
  annotate(io::system_files(), run, "tag", tag("b"));
  EXPECT_EQ(read_annotations(io::system_files(), run).tags, (std::vector<std::string>{"a", "b"}));
}

TEST(Annotations, of_several_threads_at_once_are_all_kept) {
  TestStore store;
  const std::filesystem::path run = store.run()->folder();
  constexpr int k_each = 50;
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < k_each; ++i)
        annotate(io::system_files(), run, "tag", tag(std::to_string(thread) + "." + std::to_string(i)));
    });
  }
  threads.clear();
  EXPECT_EQ(read_annotations(io::system_files(), run).tags.size(), 4U * k_each);
}

TEST(Annotations, are_refused_by_a_full_medium_and_leave_those_before) {
  io::FaultDisk disk;
  annotate(disk, "/run", "tag", tag("a"));
  disk.capacity = 1;
  EXPECT_THROW(annotate(disk, "/run", "tag", tag("b")), StorageError);
  EXPECT_EQ(read_annotations(disk, "/run").tags, std::vector<std::string>{"a"});
}

}  // namespace
}  // namespace wheatstone::storage
