#pragma once
// What an Experiment holds.

#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <wheatstone/experiment.hpp>

#include "storage/run_folder.hpp"
#include "storage/table.hpp"

namespace wheatstone {
inline namespace v1 {

struct Experiment::State {
  std::shared_ptr<const storage::RunRecord> record;
  std::string id;
  RunState state = RunState::killed;
  std::filesystem::path folder;
  std::shared_ptr<const std::vector<std::string>> events;
  std::shared_ptr<const std::vector<storage::Segment>> segments;
  std::shared_ptr<const storage::Table> table;
};

/// The inner ways to make one.
struct ExperimentAccess {
  /// As Experiment::open, through the given files; `unsaved` is a row that the medium refused, shown last.
  static Experiment open(const std::filesystem::path& folder, io::FileSystem& files,
                         std::optional<storage::Segment> unsaved = {});
  /// The rows that are readable of a run that may be damaged.
  static Experiment open_readable(const std::filesystem::path& folder, io::FileSystem& files);

 private:
  static Experiment of(const std::filesystem::path& folder, io::FileSystem& files,
                       std::shared_ptr<const storage::RunRecord> record, bool lives,
                       std::shared_ptr<const std::vector<storage::Segment>> segments);
};

}  // namespace v1

namespace storage {
/// The schema of a run's table, with the run's metadata: "wheatstone.run" is run.json as it stands.
[[nodiscard]] SchemaTree schema_of(const Table& table, const RunRecord& record);
}  // namespace storage
}  // namespace wheatstone
