#include "storage/reserved_room.hpp"

#include <utility>
#include <vector>
#include <wheatstone/error.hpp>

namespace wheatstone::storage {

ReservedRoom::ReservedRoom(io::FileSystem& files, std::filesystem::path path, std::uint64_t size)
    : files_(&files), path_(std::move(path)) {
  files.remove(path_);
  try {
    const std::unique_ptr<io::File> file = files.open(path_, io::OpenMode::create);
    if (file->reserve(size) == io::Reservation::refused) file->write_at(0, std::vector<std::byte>(size));
  } catch (const StorageError&) {
    files.remove(path_);
    throw;
  }
}

ReservedRoom::~ReservedRoom() {
  try {
    release();
  } catch (const StorageError&) {
    // It stays as an unfinished file, which readers pass over and the next writer removes.
  }
}

ReservedRoom::ReservedRoom(ReservedRoom&& other) noexcept
    : files_(std::exchange(other.files_, nullptr)), path_(std::move(other.path_)) {}

ReservedRoom& ReservedRoom::operator=(ReservedRoom&& other) noexcept {
  std::swap(files_, other.files_);
  std::swap(path_, other.path_);
  return *this;
}

bool ReservedRoom::release() {
  if (files_ == nullptr) return false;
  std::exchange(files_, nullptr)->remove(path_);
  return true;
}

}  // namespace wheatstone::storage
