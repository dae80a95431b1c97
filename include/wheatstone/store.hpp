#pragma once
// A folder of runs.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/experiment.hpp>
#include <wheatstone/export.hpp>

namespace wheatstone {
inline namespace v1 {

/// What a listing says of a run. A run that cannot be read is listed with the reason in `trouble`.
struct RunSummary {
  std::string id = {};
  std::string name = {};
  RunState state = RunState::killed;
  Time started = {};
  std::uint64_t row_count = 0;
  std::filesystem::path folder = {};
  std::string trouble = {};
};

/// A folder of runs, each a folder of its own. Holds nothing but its path: every call looks anew, so several processes
/// may write and list at once. Any thread.
class WHEATSTONE_API Store {
 public:
  /// The store at that folder, which need not exist yet; the default place where empty.
  explicit Store(const std::filesystem::path& folder = {});

  /// What the environment's WHEATSTONE_STORE names; none where it is unset or empty.
  [[nodiscard]] static std::optional<std::filesystem::path> folder_in_environment();

  /// Where runs go when nobody says: WHEATSTONE_STORE, else ./wheatstone-runs.
  [[nodiscard]] static std::filesystem::path default_folder();

  /// Stores that runs were written to from this account and that still exist, latest first; kept in
  /// $XDG_STATE_HOME/wheatstone/stores (~/.local/state/wheatstone/stores).
  [[nodiscard]] static std::vector<std::filesystem::path> known();

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  /// The runs in it, oldest first; a run's folder that cannot be read too.
  [[nodiscard]] std::vector<RunSummary> runs() const;

  /// The folder of the run that `which` means: "last" (the latest that can be read), a run's folder, its id or a prefix
  /// of it, the end of its folder's name ("01a9c4"), the beginning of its folder's name, or its name (the latest of
  /// that name). Looks here, then in the known stores; for "last" in those only where nobody named this store and it
  /// does not exist. Throws StorageError where nothing or several runs fit, naming them.
  [[nodiscard]] std::filesystem::path find(std::string_view which) const;

 private:
  std::filesystem::path folder_;
  bool named_;  ///< by the caller or WHEATSTONE_STORE
};

}  // namespace v1
}  // namespace wheatstone
