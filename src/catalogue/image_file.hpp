#pragma once
// The catalogue's file: docs/formats/catalogue.md.

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "catalogue/database.hpp"
#include "io/file.hpp"

namespace wheatstone::catalogue {

constexpr std::uint32_t k_catalogue_version = 3;

/// What a catalogue's file turned out to be.
struct ImageFile {
  ImageBytes image = {};     ///< of the database; none where there is none to be used
  std::string trouble = {};  ///< why it is not: it is damaged; empty where it is missing or of an older version
  bool is_newer = false;     ///< of a later version: not to be touched
};

[[nodiscard]] ImageFile read_image(io::FileSystem& files, const std::filesystem::path& path);

/// Writes the file beside and renames it; not synced, since a check tells whether it is whole. Throws StorageError;
/// then nothing is left behind.
void write_image(io::FileSystem& files, const std::filesystem::path& path, std::span<const std::byte> image);

}  // namespace wheatstone::catalogue
