#pragma once
// Space on the medium that is kept for what a run must be able to write.

#include <cstdint>
#include <filesystem>

#include "io/file.hpp"

namespace wheatstone::storage {

/// A file of so many bytes that stands for what is written when it goes. One thread at a time.
class ReservedRoom {
 public:
  ReservedRoom() = default;
  /// Throws StorageError where the medium has no such room; then no file is left.
  ReservedRoom(io::FileSystem& files, std::filesystem::path path, std::uint64_t size);
  ~ReservedRoom();
  ReservedRoom(ReservedRoom&& other) noexcept;
  ReservedRoom& operator=(ReservedRoom&& other) noexcept;

  /// Frees the space. False where that was done before. Throws StorageError.
  bool release();

 private:
  io::FileSystem* files_ = nullptr;  ///< null where nothing is held
  std::filesystem::path path_;
};

}  // namespace wheatstone::storage
