#pragma once
// Who may write a run: the one that holds its lock.

#include <filesystem>
#include <memory>
#include <string>

#include "io/file.hpp"

namespace wheatstone::storage {

/// A run's lock, held until the file is closed, by death too.
struct RunLock {
  std::unique_ptr<io::File> file;
  bool supported = true;  ///< false where the file system knows no locks; then nobody is kept out
};

/// Takes the lock of the run in `folder` and notes in it who this is and since when. Throws StorageError naming who
/// holds it.
[[nodiscard]] RunLock take_run_lock(io::FileSystem& files, const std::filesystem::path& folder);

/// Who holds a run's lock or held it last, "process 4711 of anna on bench-pc since 2026-11-23T10:15:02Z"; "another
/// process" where that is not known.
[[nodiscard]] std::string run_lock_holder(io::FileSystem& files, const std::filesystem::path& folder);

}  // namespace wheatstone::storage
