#pragma once
// Test code: a page that a child process counts in and its parent reads.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <filesystem>

namespace wheatstone {

/// A page that a child process counts in.
class SharedCount {
 public:
  explicit SharedCount(const std::filesystem::path& file) : path_(file) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
    EXPECT_EQ(::ftruncate(fd, 4096), 0);
    page_ = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
  }
  ~SharedCount() { ::munmap(page_, 4096); }
  SharedCount(const SharedCount&) = delete;
  SharedCount& operator=(const SharedCount&) = delete;
  [[nodiscard]] std::uint64_t value() const { return static_cast<std::atomic<std::uint64_t>*>(page_)->load(); }
  /// The child goes no further than that, however long its parent gets no turn; without it, as far as there is.
  void hold_behind(std::uint64_t number) const { static_cast<std::atomic<std::uint64_t>*>(page_)[1].store(number); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  void* page_ = nullptr;
};

}  // namespace wheatstone
