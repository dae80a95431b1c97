#include "catalogue/store_look.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <wheatstone/error.hpp>

#include "catalogue/test_files.hpp"
#include "catalogue/test_runs.hpp"

namespace wheatstone::catalogue {
namespace {

class StoreLookTest : public testing::Test {
 protected:
  /// Folders, every third with a description, and a file.
  void make_folders(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::filesystem::path folder = store_.runs() / std::to_string(i);
      std::filesystem::create_directories(folder);
      if (i % 3 == 0) std::ofstream(folder / "run.json") << std::string(i, ' ');
    }
    std::ofstream(store_.runs() / "a file") << "x";
  }
  [[nodiscard]] std::vector<SeenFolder> seen_by(unsigned threads) {
    StoreLook look(io::system_files(), store_.runs(), threads);
    std::vector<SeenFolder> seen = look.seen();
    std::ranges::sort(seen, {}, &SeenFolder::name);
    return seen;
  }

  TestStore store_;
};

TEST_F(StoreLookTest, sees_the_same_alone_and_by_several_threads) {
  constexpr std::size_t k_count = StoreLook::k_worth_a_thread + 300;
  make_folders(k_count);
  const std::vector<SeenFolder> alone = seen_by(0);
  const std::vector<SeenFolder> together = seen_by(3);
  ASSERT_EQ(alone.size(), k_count + 1);
  ASSERT_EQ(together.size(), alone.size());
  for (std::size_t i = 0; i < alone.size(); ++i) {
    EXPECT_EQ(alone[i].name, together[i].name);
    EXPECT_EQ(alone[i].is_folder, alone[i].name != "a file");
    EXPECT_EQ(alone[i].folder.has_value(), alone[i].is_folder);
    ASSERT_EQ(alone[i].folder.has_value(), together[i].folder.has_value()) << alone[i].name;
    if (!alone[i].is_folder) continue;
    EXPECT_EQ(alone[i].folder->number, together[i].folder->number) << alone[i].name;
    const std::size_t number = std::stoul(alone[i].name);
    ASSERT_EQ(together[i].description.has_value(), number % 3 == 0) << number;
    if (number % 3 == 0) {
      EXPECT_EQ(together[i].description->size, number);
    }
  }
}

TEST_F(StoreLookTest, that_nobody_asks_for_ends_at_once) {
  make_folders(StoreLook::k_worth_a_thread);
  {
    const StoreLook look(io::system_files(), store_.runs(), 2);
  }
  EXPECT_EQ(seen_by(0).size(), StoreLook::k_worth_a_thread + 1);
}

/// Folders that cannot be asked.
class DeafFiles final : public TestFiles {
 public:
  std::optional<io::Stamp> stamp(const std::filesystem::path& path) override {
    throw StorageError("cannot look at '" + path.filename().string() + "'");
  }
};

TEST_F(StoreLookTest, says_what_one_of_its_threads_could_not_see) {
  make_folders(StoreLook::k_worth_a_thread);
  DeafFiles files;
  StoreLook look(files, store_.runs(), 2);
  EXPECT_THROW(static_cast<void>(look.seen()), StorageError);
}

}  // namespace
}  // namespace wheatstone::catalogue
