#include "catalogue/image_file.hpp"

#include <unistd.h>

#include <atomic>
#include <cstring>
#include <wheatstone/error.hpp>

#include "storage/crc32c.hpp"

namespace wheatstone::catalogue {
namespace {

/// Stands behind the database, where SQLite does not look.
struct Trailer {
  char magic[8];
  std::uint32_t version;
  std::uint32_t zero;
  std::uint64_t size;  ///< of the image before it
  std::uint32_t zero_too;
  std::uint32_t check;  ///< CRC32C of the image and of the trailer up to here
};
constexpr char k_magic[8] = {'W', 'S', 'C', 'A', 'T', 'L', 'G', '\0'};

std::uint32_t check_of(std::span<const std::byte> image, const Trailer& trailer) {
  const std::uint32_t of_image = storage::crc32c(image, 0);
  return storage::crc32c(std::as_bytes(std::span(&trailer, 1)).first(offsetof(Trailer, check)), of_image);
}

ImageFile damaged(std::string why) { return {.trouble = std::move(why)}; }

}  // namespace

ImageFile read_image(io::FileSystem& files, const std::filesystem::path& path) {
  try {
    const std::unique_ptr<io::File> file = files.open(path, io::OpenMode::read);
    if (!file) return {};
    Trailer trailer{};
    const std::uint64_t length = file->size();
    if (length <= sizeof trailer) return damaged("it is cut off");
    ImageBytes image(static_cast<std::size_t>(length - sizeof trailer));
    const bool is_all = file->read_at(0, image.all()) == image.size &&
                        file->read_at(image.size, std::as_writable_bytes(std::span(&trailer, 1))) == sizeof trailer;
    if (!is_all) return damaged("it is cut off");
    if (std::memcmp(trailer.magic, k_magic, sizeof k_magic) != 0) return damaged("its end is cut off or overwritten");
    if (trailer.version > k_catalogue_version) return {.is_newer = true};
    if (trailer.size != image.size || trailer.check != check_of(image.all(), trailer))
      return damaged("its contents do not match its checksum");
    if (trailer.version < k_catalogue_version) return {};
    return {.image = std::move(image)};
  } catch (const StorageError& error) {
    return damaged(error.what());
  }
}

void write_image(io::FileSystem& files, const std::filesystem::path& path, std::span<const std::byte> image) {
  static std::atomic<unsigned> g_count{0};
  Trailer trailer{};
  std::memcpy(trailer.magic, k_magic, sizeof k_magic);
  trailer.version = k_catalogue_version;
  trailer.size = image.size();
  trailer.check = check_of(image, trailer);
  std::filesystem::path beside = path;
  beside += "-" + std::to_string(::getpid()) + "-" + std::to_string(g_count++) + ".tmp";
  const std::unique_ptr<io::File> file = files.open(beside, io::OpenMode::create);
  try {
    file->write_at(0, image);
    file->write_at(image.size(), std::as_bytes(std::span(&trailer, 1)));
    files.rename(beside, path);
  } catch (const StorageError&) {
    files.remove(beside);
    throw;
  }
}

}  // namespace wheatstone::catalogue
