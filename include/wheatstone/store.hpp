#pragma once
// A folder of runs: found, searched, tagged, compared, thrown away and mended.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wheatstone/comparison.hpp>
#include <wheatstone/duration.hpp>
#include <wheatstone/experiment.hpp>
#include <wheatstone/export.hpp>
#include <wheatstone/run_summary.hpp>
#include <wheatstone/verification.hpp>

namespace wheatstone {
inline namespace v1 {

/// A run that a search found.
struct SearchHit {
  RunSummary run = {};
  std::string excerpt = {};  ///< where the words stand, the words between « and »
};

/// The best of what a search found.
struct SearchPage {
  std::vector<SearchHit> hits = {};
  std::size_t found = 0;  ///< how many runs there are in all
};

/// A folder of runs, each a folder of its own. What is asked of it is answered by looking at the runs' folders: several
/// processes may write, list, tag and delete at once, and runs that were copied, moved or deleted by hand are seen. Any
/// thread; copies share what was remembered.
///
/// `which` names a run in every call: "last" (the latest that can be read), its folder, its id or a prefix of it, the
/// end ("01a9c4") or the beginning of its folder's name, its codename, or its name (the latest of that name).
class WHEATSTONE_API Store {
 public:
  /// The store at that folder, which need not exist yet; the default place where empty.
  explicit Store(const std::filesystem::path& folder = {});
  ~Store();
  Store(const Store&);
  Store(Store&&) noexcept;
  Store& operator=(const Store&);
  Store& operator=(Store&&) noexcept;

  /// What the environment's WHEATSTONE_STORE names; none where it is unset or empty.
  [[nodiscard]] static std::optional<std::filesystem::path> folder_in_environment();

  /// Where runs go when nobody says: WHEATSTONE_STORE, else ./wheatstone-runs.
  [[nodiscard]] static std::filesystem::path default_folder();

  /// Stores that runs were written to from this account and that still exist, latest first; kept in
  /// $XDG_STATE_HOME/wheatstone/stores (~/.local/state/wheatstone/stores).
  [[nodiscard]] static std::vector<std::filesystem::path> known();

  [[nodiscard]] const std::filesystem::path& folder() const;

  /// The runs in it that fit, oldest first; without a filter a run's folder that cannot be read too. Throws
  /// StorageError where the folder cannot be listed.
  [[nodiscard]] std::vector<RunSummary> runs(const RunFilter& filter = {}) const;

  /// The runs that have all of these words, best first: in their name, description, tags, notes, parameters, columns,
  /// instruments, script's name, user, host or error. Any text is taken. A word fits words that begin with it, whatever
  /// the case and the accents; words that are written together ("IV-curve") or stand between quotes must follow one
  /// another. None for text without words.
  [[nodiscard]] std::vector<SearchHit> search(std::string_view words, const RunFilter& filter = {}) const;
  /// The best `limit` of them: a word that thousands of runs have is answered as fast as a rare one.
  [[nodiscard]] SearchPage search_page(std::string_view words, std::size_t limit, const RunFilter& filter = {}) const;

  /// The folder of the run that `which` means. Looks here, then in the known stores; for "last" in those only where
  /// nobody named this store and it does not exist. Throws StorageError where nothing or several runs fit, naming them.
  [[nodiscard]] std::filesystem::path find(std::string_view which) const;
  /// The same of a run that is to be changed: where the caller named this store, it lies in this one. Everything below
  /// that changes a run finds it so.
  [[nodiscard]] std::filesystem::path find_to_change(std::string_view which) const;
  [[nodiscard]] Experiment open(std::string_view which) const;
  /// The rows of a run that can be read, of whole files and in order, where parts are damaged or missing; its timing's
  /// `index` tells which they are, verify() which are not. Throws StorageError where the run's description is damaged.
  [[nodiscard]] Experiment open_readable(std::string_view which) const;
  [[nodiscard]] RunSummary summary(std::string_view which) const;

  /// Adds tags to a run or takes them away, notes something of it: lines in its folder's annotations.jsonl, whether it
  /// runs or has ended. A tag is text without control characters, of at most 200 bytes; one that is there already, or
  /// not, is no error. Throws ConfigurationError for other text, StorageError where the run's folder cannot be written.
  void tag(std::string_view which, const std::vector<std::string>& tags);
  void untag(std::string_view which, const std::vector<std::string>& tags);
  void annotate(std::string_view which, std::string_view text);

  /// Two runs side by side. Reads all rows of both. Throws StorageError where one cannot be read.
  [[nodiscard]] RunComparison compare(std::string_view first, std::string_view second) const;

  /// Moves a run's folder to the folder `trash` of the store that it lies in; returns where it is. Throws StorageError
  /// where the run is being written, naming by whom.
  std::filesystem::path trash(std::string_view which);
  /// The runs in the trash, oldest first.
  [[nodiscard]] std::vector<RunSummary> trashed() const;
  /// Moves a run in the trash back; returns where it is. `which` as above, "last" being the latest run in the trash.
  std::filesystem::path restore(std::string_view which);
  /// Deletes what is in the trash for good; returns how many runs that were.
  std::size_t empty_trash();

  /// Reads every byte of a run that has a check. A running run too: of its rows those committed when it was asked.
  [[nodiscard]] Verification verify(std::string_view which) const;
  /// Seals what a run left unsealed and unites its small parts. Throws StorageError where it is being written, or a
  /// part is damaged (naming it); every row is kept then.
  Compaction compact(std::string_view which);
  /// Makes a killed run one that has ended: its chunks are sealed, its small parts united, and run.json says "killed",
  /// how many rows there are, and when its files were last written. Throws ConfigurationError where it has ended,
  /// StorageError where it is being written or rows are lost other than at the end by a crash; every row is kept then.
  Recovery recover(std::string_view which);

  /// Forgets what was remembered of the runs and reads them all anew; returns how many there are.
  std::size_t rebuild();

  /// What has happened to the catalogue since this was last asked, a sentence each, for whoever speaks to the user:
  /// that it was damaged and is made anew, or stems from a newer version and was set aside.
  [[nodiscard]] std::vector<std::string> take_notices();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace v1
}  // namespace wheatstone
