#include <gtest/gtest.h>
#include <sys/fsuid.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <wheatstone/error.hpp>

#include "base/test_refusal.hpp"
#include "io/file.hpp"

namespace wheatstone::io {
namespace {

/// A folder of one test with a file of some bytes in it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "wheatstone-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    system_files().open(file(), OpenMode::create)->write_at(0, as_bytes("text"));
  }
  ~Folder() {
    ::chmod(path_.c_str(), 0700);
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path file() const { return path_ / "file"; }

 private:
  std::filesystem::path path_;
};

using base::expect_says;
using base::reason;

/// The same with the permissions of somebody else, also where the tests run as root, who may everything.
std::string reason_for_somebody_else(const std::function<void()>& action) {
  constexpr ::uid_t k_nobody = 65534;
  const bool is_root = ::geteuid() == 0;
  if (is_root) ::setfsuid(k_nobody);
  std::string said = reason<StorageError>(action);
  if (is_root) ::setfsuid(0);
  return said;
}

/// Kilobytes of a mapping that are in this process's memory.
long resident_kb(const void* address) {
  std::ifstream maps("/proc/self/smaps");
  char begin[32];
  std::snprintf(begin, sizeof begin, "%lx-", reinterpret_cast<unsigned long>(address));
  std::string line;
  while (std::getline(maps, line) && !line.starts_with(begin)) {
  }
  while (std::getline(maps, line) && !line.starts_with("Rss:")) {
  }
  return std::strtol(line.c_str() + 4, nullptr, 10);
}

TEST(WrittenMapping, that_is_let_go_of_takes_no_memory_and_keeps_its_bytes) {
  constexpr std::size_t k_size = std::size_t{1} << 20;
  const Folder folder;
  const auto file = system_files().open(folder.path() / "mapped", OpenMode::create);
  if (file->reserve(k_size) == Reservation::refused) GTEST_SKIP() << "the file system reserves nothing";
  const auto mapping = file->map(k_size, Access::write);
  std::memset(mapping->data(), 'x', k_size);
  EXPECT_GE(resident_kb(mapping->data()), 1024);
  mapping->let_go();
  EXPECT_EQ(resident_kb(mapping->data()), 0);
  EXPECT_EQ(mapping->data()[k_size - 1], std::byte{'x'});
  std::array<std::byte, 1> read{};
  EXPECT_EQ(file->read_at(k_size / 2, read), 1u);
  EXPECT_EQ(read[0], std::byte{'x'});
}

TEST(SystemFiles, say_whom_to_ask_where_reading_is_not_allowed) {
  const Folder folder;
  ::chmod(folder.file().c_str(), 0);
  expect_says(reason_for_somebody_else([&] { (void)read_text(system_files(), folder.file()); }),
              "Permission denied; ask its owner for permission to read");
  ::chmod(folder.path().c_str(), 0);
  expect_says(reason_for_somebody_else([&] { (void)system_files().list(folder.path()); }),
              "ask its owner for permission to read");
}

TEST(SystemFiles, ask_for_another_folder_where_writing_is_not_allowed) {
  const Folder folder;
  ::chmod(folder.path().c_str(), 0500);
  for (const auto& action : std::initializer_list<std::function<void()>>{
           [&] { (void)system_files().open(folder.path() / "new", OpenMode::create); },
           [&] { system_files().make_folders(folder.path() / "new"); },
           [&] { replace_text(system_files(), folder.path() / "new", "text"); }}) {
    expect_says(reason_for_somebody_else(action), "choose a folder that you may write");
  }
}

TEST(SystemFiles, name_a_file_that_stands_where_a_folder_is_needed) {
  expect_says(reason<StorageError>([] { system_files().make_folders("/dev/null"); }), "choose another folder");
  expect_says(reason<StorageError>([] { (void)system_files().open("/dev/null/new", OpenMode::create); }),
              "choose another folder");
}

TEST(SystemFiles, say_what_to_do_about_a_file_that_may_grow_no_further) {
  const Folder folder;
  const auto file = system_files().open(folder.path() / "large", OpenMode::create);
  ::rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto signal_before = std::signal(SIGXFSZ, SIG_IGN);
  const ::rlimit small{1000, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string said = reason<StorageError>([&] { file->write_at(5000, as_bytes("text")); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, signal_before);
  expect_says(said, "File too large; ");
  expect_says(said, "raise the limit or choose a folder on another file system");
}

}  // namespace
}  // namespace wheatstone::io
