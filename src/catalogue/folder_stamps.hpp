#pragma once
// Whether runs' folders are as they were, without reading them.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>
#include <wheatstone/duration.hpp>

#include "catalogue/store_look.hpp"
#include "io/file.hpp"

namespace wheatstone::catalogue {

/// What there is to look at in a run's folder.
struct Looked {
  bool has_ended = false;        ///< it says how; else its lock and its last file of rows tell
  bool has_annotations = false;  ///< that the file was made shows in the folder, what is appended does not
};

/// The folders of a store at one instant, by the clock of the machine. One thread.
class FolderStamps {
 public:
  FolderStamps(io::FileSystem& files, const std::filesystem::path& store, Time now);

  [[nodiscard]] bool has_annotations(const std::string& run);

  /// A number that changes with any change of what was looked at in the folder `run`. 0, which fits nothing, where
  /// there is no run.json, or where the last change is so recent that another one could have left the same traces.
  [[nodiscard]] std::int64_t stamp(const std::string& run, Looked looked);
  /// The same of a folder that was just seen.
  [[nodiscard]] std::int64_t stamp(const SeenFolder& seen, Looked looked);

 private:
  io::FileSystem& files_;
  const std::filesystem::path store_;
  const std::unique_ptr<io::OpenFolder> folder_;
  const Time now_;
};

}  // namespace wheatstone::catalogue
