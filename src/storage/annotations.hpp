#pragma once
// What people said of a run after it had begun: docs/formats/run.md, "Annotations".

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/run_summary.hpp>

#include "io/document.hpp"
#include "io/file.hpp"

namespace wheatstone::storage {

constexpr std::string_view k_annotations_file = "annotations.jsonl";

struct Annotations {
  std::vector<std::string> tags = {};
  std::vector<RunNote> notes = {};
};

/// What a run's annotations come to, beginning with the `tags` and `notes` that its `record` (run.json) was begun with.
/// Lines that are no annotation, such as one that a crash cut, are passed over.
[[nodiscard]] Annotations read_annotations(io::FileSystem& files, const std::filesystem::path& folder,
                                           const io::Document& record = {});

/// Appends one line, with the time, the account and the machine, and syncs it. Throws StorageError where the run's
/// folder cannot be written. Any process, at any time.
void annotate(io::FileSystem& files, const std::filesystem::path& folder, std::string_view kind,
              const io::Document& details);

}  // namespace wheatstone::storage
