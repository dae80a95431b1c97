#pragma once
// A run's folder: the names in it, its state, and its rows in order.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/experiment.hpp>

#include "base/uuid.hpp"
#include "io/document.hpp"
#include "io/file.hpp"
#include "storage/chunk_reader.hpp"

namespace wheatstone::storage {

constexpr std::string_view k_run_file = "run.json";
constexpr std::string_view k_events_file = "events.jsonl";
constexpr std::string_view k_lock_file = "run.lock";
constexpr std::string_view k_next_chunk_file = "next.tmp";

/// "rows-000000065536.chunk"
[[nodiscard]] std::string chunk_name(std::uint64_t first_row);
[[nodiscard]] std::string part_name(std::uint64_t first_row);

/// A chunk or part by its name.
struct RowsFile {
  std::uint64_t first_row = 0;
  bool is_part = false;
  std::string name = {};
};
/// None for the name of anything else.
[[nodiscard]] std::optional<RowsFile> rows_file(const std::string& name);
/// Chunks and parts in a folder by ascending first row, parts before chunks.
[[nodiscard]] std::vector<RowsFile> list_rows(io::FileSystem& files, const std::filesystem::path& folder);

/// "2026-11-23T10-15-02Z_iv-curve_01a9c4": when, what, and the end of the id.
[[nodiscard]] std::string folder_name(Time started, std::string_view name, const base::Uuid& id);

/// True for what folder_name() gives.
[[nodiscard]] bool is_folder_name(std::string_view name);

/// RFC 3339 in UTC with nanoseconds, "2026-11-23T10:15:02.000000000Z"; and back.
[[nodiscard]] std::string rfc3339(Time time);
[[nodiscard]] std::optional<Time> time_from(std::string_view rfc3339);

/// What run.json says.
struct RunRecord {
  base::Uuid id;
  std::string name;
  std::string text;  ///< the file as it is
  io::Document document;
  Time started;
  std::optional<std::uint64_t> rows;  ///< once the run has ended
};

/// Throws StorageError where the folder is no run, or a run of a newer format.
[[nodiscard]] RunRecord read_record(io::FileSystem& files, const std::filesystem::path& folder);

/// True while the process that writes the run holds its lock (run_lock_is_held()).
[[nodiscard]] bool writer_lives(io::FileSystem& files, const std::filesystem::path& folder);

/// When a run's rows and events were last written, as far as the file system tells.
[[nodiscard]] std::optional<Time> time_of_last_write(io::FileSystem& files, const std::filesystem::path& folder);

[[nodiscard]] RunState state_of(const RunRecord& record, bool writer_lives);

/// The run's rows in order: the longest sequence of whole rows from row 0. `live` where its writer is at work, which
/// counts rows and may replace files meanwhile. Throws StorageError where rows are lost other than at the end by a
/// crash, naming them.
[[nodiscard]] std::vector<Segment> gather_rows(io::FileSystem& files, const std::filesystem::path& folder,
                                               const base::Uuid& run, bool live,
                                               std::optional<std::uint64_t> ended_with);

}  // namespace wheatstone::storage
