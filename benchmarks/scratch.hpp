#pragma once
// A folder for what a benchmark writes.

#include <unistd.h>
#include <filesystem>
#include <string>

namespace wheatstone::benchmarks {

/// An empty folder below the system's temporary one, removed with what is in it.
class ScratchFolder {
 public:
  ScratchFolder()
      : path_(std::filesystem::temp_directory_path() / ("wheatstone-benchmark-" + std::to_string(getpid()))) {
    clear();
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  void clear() const {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace wheatstone::benchmarks
