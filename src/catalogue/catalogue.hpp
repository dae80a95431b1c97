#pragma once
// What a store's runs were when they were last looked at, so that not all of them have to be read again.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>
#include <wheatstone/store.hpp>

#include "base/clock.hpp"
#include "base/process.hpp"
#include "catalogue/database.hpp"
#include "catalogue/folder_stamps.hpp"
#include "catalogue/schema.hpp"
#include "catalogue/store_look.hpp"
#include "io/file.hpp"

namespace wheatstone::catalogue {

/// The catalogue of one store: a database in memory that follows the runs' folders. Every question first looks at the
/// folders' stamps and reads those runs anew that are not as they were; runs that have not ended are looked at each
/// time. So an answer is never older than its question, and nothing that happens to the catalogue's file can make it
/// wrong.
///
/// The file, catalog.sqlite in the store, is an image of that database with a check, replaced as a whole once so many
/// runs are newer than it that writing it is cheaper than reading them again. A store that cannot be written has it in
/// $XDG_CACHE_HOME/wheatstone/catalogues (~/.cache/...). A run's writer never touches it.
///
/// Any thread; questions wait for one another. In a forked child it begins anew.
class Catalogue {
 public:
  Catalogue(std::filesystem::path store, io::FileSystem& files, base::Clock& clock);
  ~Catalogue();
  Catalogue(const Catalogue&) = delete;
  Catalogue& operator=(const Catalogue&) = delete;

  /// As Store::runs, Store::search_page and Store::rebuild.
  [[nodiscard]] std::vector<RunSummary> runs(const RunFilter& filter);
  [[nodiscard]] SearchPage search(std::string_view words, std::size_t limit, const RunFilter& filter);
  std::size_t rebuild();
  [[nodiscard]] std::vector<std::string> take_notices();

  /// All runs without their rows, parameters and instruments; in no order.
  [[nodiscard]] std::vector<RunSummary> heads();

 private:
  struct Known {
    std::int64_t key = 0;
    std::int64_t stamp = 0;
    bool is_killed = false;
    Looked looked = {};
  };
  using ByFolder = std::unordered_map<std::string, Known>;

  /// Brings the database up to date and asks it; a damaged one is made anew, once.
  template <class Question>
  auto answer(Question question);

  void begin_in_this_process();
  void begin_anew();
  void load();
  bool load_from(const std::filesystem::path& path);
  void refresh();
  [[nodiscard]] std::unordered_set<std::string> copies_among(const std::vector<SearchHit>& hits) const;
  std::size_t follow_folders(StoreLook& look, Time now);
  void forget_unfinished(const std::string& name, Time now);
  [[nodiscard]] ByFolder known() const;
  [[nodiscard]] bool is_fresh(FolderStamps& stamps, const SeenFolder& folder, const Known& known) const;
  bool read_again(FolderStamps& stamps, RunTable& table, const std::string& folder);
  void save(std::size_t run_count);
  void notice(std::string sentence);

  const std::filesystem::path store_;
  io::FileSystem& files_;
  base::Clock& clock_;

  std::mutex mutex_;
  // Protected by mutex_:
  base::ProcessBound process_;
  std::unique_ptr<Database> database_;
  std::filesystem::path kept_at_ = {};  ///< where the file is; empty where there is none
  std::size_t unsaved_ = 0;             ///< runs that the file does not have as they are
  bool is_to_be_replaced_ = false;      ///< what is there cannot be read
  bool is_kept_elsewhere_ = false;      ///< the store has a file of a newer version
  bool cannot_be_kept_ = false;
  std::vector<std::string> notices_ = {};
};

}  // namespace wheatstone::catalogue
