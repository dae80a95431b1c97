// Stores on media that refuse: read-only, full, without file locks.

#include <gtest/gtest.h>
#include <sys/mount.h>

#include <fstream>
#include <functional>
#include <wheatstone/error.hpp>
#include <wheatstone/store.hpp>

#include "base/test_refusal.hpp"
#include "catalogue/catalogue.hpp"
#include "catalogue/test_runs.hpp"
#include "catalogue/trash.hpp"
#include "io/fault_file.hpp"
#include "storage/annotations.hpp"
#include "storage/run_upkeep.hpp"

namespace wheatstone::catalogue {
namespace {

using base::expect_says;
using base::reason;

/// A medium of its own with the store on it. Only root may mount one.
class Medium : public testing::Test {
 protected:
  Medium() {
    ::setenv("XDG_CACHE_HOME", (store_.path() / "cache").c_str(), 1);
    std::filesystem::create_directories(store_.runs());
    is_mounted_ = ::mount("tmpfs", store_.runs().c_str(), "tmpfs", 0, "size=4m") == 0;
  }
  ~Medium() override {
    if (is_mounted_) ::umount2(store_.runs().c_str(), MNT_DETACH);
    ::unsetenv("XDG_CACHE_HOME");
  }
  void write_runs(int count) {
    for (int i = 0; i < count; ++i) write_run(store_, "run " + std::to_string(i), 3);
  }
  void make_read_only() {
    ASSERT_EQ(::mount("tmpfs", store_.runs().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr), 0);
  }
  void fill() {
    std::ofstream ballast(store_.runs() / "ballast", std::ios::binary);
    const std::string page(4096, 'x');
    while (ballast.write(page.data(), static_cast<std::streamsize>(page.size())) && ballast.flush()) {
    }
  }
  [[nodiscard]] std::size_t file_count() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(store_.runs())) count += entry.is_regular_file();
    return count;
  }

  TestStore store_;
  bool is_mounted_ = false;
};

TEST_F(Medium, that_is_read_only_can_be_listed_searched_and_read_and_says_that_it_cannot_be_written) {
  if (!is_mounted_) GTEST_SKIP() << "only root may mount a medium";
  write_runs(12);
  make_read_only();
  Store store(store_.runs());
  EXPECT_EQ(store.runs().size(), 12U);
  EXPECT_EQ(store.search("run 3").front().run.name, "run 3");
  EXPECT_EQ(store.open("last").row_count(), 3U);
  EXPECT_TRUE(store.verify("run 5").whole());
  EXPECT_TRUE(store.compare("run 1", "run 2").columns.empty());
  EXPECT_TRUE(store.take_notices().empty());
  LaterClock clock;
  EXPECT_EQ(Catalogue(store_.runs(), io::system_files(), clock).runs({}).size(), 12U);
  EXPECT_FALSE(std::filesystem::is_empty(store_.path() / "cache"));
  for (const std::function<void()>& action :
       std::vector<std::function<void()>>{[&] { store.tag("last", {"x"}); }, [&] { store.annotate("last", "x"); },
                                          [&] { store.trash("last"); }, [&] { store.compact("last"); }})
    expect_says(reason<StorageError>(action), "Read-only file system");
  EXPECT_EQ(store.runs().size(), 12U);
}

TEST_F(Medium, that_is_full_can_be_listed_and_searched_and_gets_room_by_throwing_runs_away) {
  if (!is_mounted_) GTEST_SKIP() << "only root may mount a medium";
  write_runs(12);
  fill();
  Store store(store_.runs());
  EXPECT_EQ(store.runs().size(), 12U);
  EXPECT_EQ(store.search("run 3").front().run.name, "run 3");
  EXPECT_EQ(file_count(), 1U) << "a catalogue that did not fit was left behind";
  expect_says(reason<StorageError>([&] { store.tag("last", {"x"}); }), "the medium is full");
  EXPECT_TRUE(store.summary("last").tags.empty());
  store.trash("run 0");
  EXPECT_EQ(store.empty_trash(), 1U);
  store.tag("last", {"x"});
  EXPECT_EQ(store.summary("last").tags, std::vector<std::string>{"x"});
  EXPECT_EQ(store.runs().size(), 11U);
}

TEST(NoLocks, are_no_reason_not_to_annotate_recover_and_throw_away) {
  TestStore store;
  const std::filesystem::path run = write_run(store, "x", 3);
  io::FaultDisk disk;
  disk.refuse_lock = true;
  disk.load(run, "/run");
  storage::annotate(disk, "/run", "tag", io::Document::object({{"tag", "x"}}));
  EXPECT_EQ(storage::read_annotations(disk, "/run").tags, std::vector<std::string>{"x"});
  EXPECT_EQ(storage::compact_run(disk, "/run").files_after, 1U);
}

}  // namespace
}  // namespace wheatstone::catalogue
