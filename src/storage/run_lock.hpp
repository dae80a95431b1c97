#pragma once
// Who may write a run: the one that holds its lock.

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "io/file.hpp"

namespace wheatstone::storage {

/// A run's lock, held until it is released or destroyed, by death too. Where the file system knows no locks the lock
/// file names the process instead, and whoever asks looks whether that one lives.
class RunLock {
 public:
  RunLock(std::unique_ptr<io::File> file, bool supported) : file_(std::move(file)), supported_(supported) {}
  ~RunLock() { release(); }
  RunLock(RunLock&&) noexcept = default;
  RunLock& operator=(RunLock&&) = delete;

  [[nodiscard]] bool supported() const { return supported_; }
  void release() noexcept;

 private:
  std::unique_ptr<io::File> file_;
  bool supported_;
};

/// Takes the lock of the run in `folder` and notes in it who this is and since when. Throws StorageError naming who
/// holds it.
[[nodiscard]] RunLock take_run_lock(io::FileSystem& files, const std::filesystem::path& folder);

/// True while a process holds the lock, or, where there are no locks, while the one that is named in its place lives.
/// Of a process on another machine that is not known: it counts as alive until nothing in the folder has changed for a
/// day.
[[nodiscard]] bool run_lock_is_held(io::FileSystem& files, const std::filesystem::path& folder);

/// Who holds a run's lock or held it last, "process 4711 of anna on bench-pc since 2026-11-23T10:15:02Z"; "another
/// process" where that is not known.
[[nodiscard]] std::string run_lock_holder(io::FileSystem& files, const std::filesystem::path& folder);

}  // namespace wheatstone::storage
