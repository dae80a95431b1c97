#pragma once
// Arrow IPC files: written as parts and exports, read as parts.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "base/uuid.hpp"
#include "io/file.hpp"
#include "storage/arrow_tree.hpp"
#include "storage/chunk_reader.hpp"

namespace wheatstone::storage {

/// The end of what stands between the batches and the footer of a part: docs/formats/run.md, "A part". Before it,
/// offset and length of each batch's body.
struct PartSeal {
  std::uint32_t body_count;
  std::uint32_t check;  ///< CRC32C of every byte of the file but the bodies and this
  char magic[8];
};
constexpr char k_seal_magic[8] = {'W', 'S', 'S', 'E', 'A', 'L', '1', '\0'};

enum class Sealed : std::uint8_t { no, yes };

/// Writes an Arrow IPC file as a whole: beside, synced, renamed. `next` gives batches until none. Throws StorageError;
/// then nothing is left behind.
void write_arrow_file(io::FileSystem& files, const std::filesystem::path& path, const SchemaTree& schema,
                      const std::function<std::optional<ArrayTree>()>& next, Sealed sealed = Sealed::no);

/// Seals rows as a part.
void write_part(io::FileSystem& files, const std::filesystem::path& path, const base::Uuid& run, const Segment& rows);

/// What parts of one run share is read once.
struct PartCache {
  std::string description = {};
  std::shared_ptr<const std::vector<ColumnInfo>> columns = {};
};

/// A part's batches; none where the file is gone. Throws StorageError naming the part where it is damaged, of another
/// run, or of a newer format. Columns are checked when first used.
[[nodiscard]] std::optional<std::vector<Segment>> open_part(io::FileSystem& files, const std::filesystem::path& path,
                                                            const base::Uuid& run, PartCache& cache);

}  // namespace wheatstone::storage
