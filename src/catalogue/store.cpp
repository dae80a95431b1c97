#include <wheatstone/store.hpp>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <mutex>
#include <utility>
#include <wheatstone/error.hpp>

#include "base/clock.hpp"
#include "catalogue/catalogue.hpp"
#include "catalogue/comparing.hpp"
#include "catalogue/finding.hpp"
#include "catalogue/run_reading.hpp"
#include "catalogue/trash.hpp"
#include "storage/annotations.hpp"
#include "storage/experiment_state.hpp"
#include "storage/known_stores.hpp"
#include "storage/run_folder.hpp"
#include "storage/run_upkeep.hpp"
#include "storage/verification.hpp"

namespace wheatstone {
inline namespace v1 {

struct Store::State {
  std::filesystem::path folder;
  bool chosen = false;  ///< by the caller
  bool named = false;   ///< by the caller or WHEATSTONE_STORE
  io::FileSystem& files = io::system_files();
  catalogue::Catalogue catalogue{folder, files, base::system_clock()};
  std::mutex mutex = {};
  std::vector<std::string> notices = {};  ///< of other stores; protected by mutex

  /// The runs of this store or another one.
  std::vector<RunSummary> heads(const std::filesystem::path& store) {
    if (store == folder) return catalogue.heads();
    catalogue::Catalogue other(store, files, base::system_clock());
    std::vector<RunSummary> heads = other.heads();
    const std::scoped_lock lock(mutex);
    std::ranges::move(other.take_notices(), std::back_inserter(notices));
    return heads;
  }
};

namespace {

RunSummary summary_of(io::FileSystem& files, const std::filesystem::path& folder) {
  std::optional<catalogue::ReadRun> run = catalogue::read_run(files, folder);
  if (!run) throw StorageError("the run '" + folder.string() + "' is gone; another process has moved or deleted it");
  return std::move(run->summary);
}

void require_tag(const std::string& tag) {
  constexpr std::size_t k_longest = 200;
  const bool is_control = std::ranges::any_of(tag, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (tag.empty() || tag.size() > k_longest || is_control) {
    throw ConfigurationError("a tag is text of 1 to 200 bytes in one line, not '" + tag.substr(0, 40) +
                             (tag.size() > 40 ? "...'" : "'") + "; longer text is a note");
  }
}

/// Of a run whose description cannot be read: what was said of it since.
storage::Annotations annotations_of(io::FileSystem& files, const std::filesystem::path& folder) {
  io::Document record;
  try {
    record = storage::read_record(files, folder).document;
  } catch (const Error&) {
    record = {};
  }
  return storage::read_annotations(files, folder, record);
}

/// True for a run of the store, and one in its trash.
bool is_within(const std::filesystem::path& run, const std::filesystem::path& store) {
  const std::filesystem::path place = std::filesystem::weakly_canonical(run).parent_path();
  std::filesystem::path whole = std::filesystem::weakly_canonical(store);
  if (!whole.has_filename()) whole = whole.parent_path();
  return place == whole || place == whole / catalogue::k_trash_folder;
}

}  // namespace

Store::Store(const std::filesystem::path& folder)
    : state_(new State{.folder = folder.empty() ? default_folder() : folder,
                       .chosen = !folder.empty(),
                       .named = !folder.empty() || folder_in_environment()}) {}
Store::~Store() = default;
Store::Store(const Store&) = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(const Store&) = default;
Store& Store::operator=(Store&&) noexcept = default;

std::optional<std::filesystem::path> Store::folder_in_environment() {
  const char* named = std::getenv("WHEATSTONE_STORE");
  if (named == nullptr || *named == '\0') return std::nullopt;
  return named;
}

std::filesystem::path Store::default_folder() { return folder_in_environment().value_or("wheatstone-runs"); }

std::vector<std::filesystem::path> Store::known() { return storage::known_stores(io::system_files()); }

const std::filesystem::path& Store::folder() const { return state_->folder; }

std::vector<RunSummary> Store::runs(const RunFilter& filter) const { return state_->catalogue.runs(filter); }

std::vector<SearchHit> Store::search(std::string_view words, const RunFilter& filter) const {
  return search_page(words, std::numeric_limits<std::size_t>::max(), filter).hits;
}

SearchPage Store::search_page(std::string_view words, std::size_t limit, const RunFilter& filter) const {
  return state_->catalogue.search(words, limit, filter);
}

std::size_t Store::rebuild() { return state_->catalogue.rebuild(); }

std::vector<std::string> Store::take_notices() {
  std::vector<std::string> notices = state_->catalogue.take_notices();
  const std::scoped_lock lock(state_->mutex);
  std::ranges::move(std::exchange(state_->notices, {}), std::back_inserter(notices));
  return notices;
}

std::filesystem::path Store::find(std::string_view which) const {
  return catalogue::find_run(
      state_->files, [&](const std::filesystem::path& store) { return state_->heads(store); }, state_->folder,
      state_->named, which);
}

std::filesystem::path Store::find_to_change(std::string_view which) const {
  namespace fs = std::filesystem;
  fs::path folder = find(which);
  if (state_->chosen && !is_within(folder, state_->folder)) {
    throw StorageError(
        "there is no run '" + std::string(which) + "' in '" + state_->folder.string() + "'; '" + folder.string() +
        "' is in another store, and a store that was named changes its own runs: " + "name that one, or none");
  }
  return folder;
}

Experiment Store::open(std::string_view which) const { return Experiment::open(find(which)); }
Experiment Store::open_readable(std::string_view which) const {
  return ExperimentAccess::open_readable(find(which), state_->files);
}
RunSummary Store::summary(std::string_view which) const { return summary_of(state_->files, find(which)); }

void Store::tag(std::string_view which, const std::vector<std::string>& tags) {
  for (const std::string& each : tags) require_tag(each);
  const std::filesystem::path folder = find_to_change(which);
  const storage::Annotations present = annotations_of(state_->files, folder);
  for (const std::string& each : tags) {
    if (std::ranges::find(present.tags, each) == present.tags.end())
      storage::annotate(state_->files, folder, "tag", io::Document::object({{"tag", each}}));
  }
}

void Store::untag(std::string_view which, const std::vector<std::string>& tags) {
  const std::filesystem::path folder = find_to_change(which);
  const storage::Annotations present = annotations_of(state_->files, folder);
  for (const std::string& each : tags) {
    if (std::ranges::find(present.tags, each) != present.tags.end())
      storage::annotate(state_->files, folder, "untag", io::Document::object({{"tag", each}}));
  }
}

void Store::annotate(std::string_view which, std::string_view text) {
  if (text.empty()) throw ConfigurationError("a note is text; an empty one says nothing");
  storage::annotate(state_->files, find_to_change(which), "note", io::Document::object({{"text", text}}));
}

RunComparison Store::compare(std::string_view first, std::string_view second) const {
  const Experiment a = open(first);
  const Experiment b = open(second);
  RunComparison comparison{.first = summary_of(state_->files, a.folder()),
                           .second = summary_of(state_->files, b.folder())};
  comparison.differences =
      catalogue::compare_records(io::Document::parse(a.metadata()), io::Document::parse(b.metadata()));
  if (a.state() != b.state())
    comparison.differences.push_back(
        {"outcome", "state", std::string(name_of(a.state())), std::string(name_of(b.state()))});
  if (a.row_count() != b.row_count())
    comparison.differences.push_back({"outcome", "rows", std::to_string(a.row_count()), std::to_string(b.row_count())});
  comparison.columns = catalogue::compare_rows(a, b);
  return comparison;
}

std::filesystem::path Store::trash(std::string_view which) {
  return catalogue::move_to_trash(state_->files, find_to_change(which));
}

std::vector<RunSummary> Store::trashed() const { return Store(state_->folder / catalogue::k_trash_folder).runs(); }

std::filesystem::path Store::restore(std::string_view which) {
  const std::filesystem::path trash = state_->folder / catalogue::k_trash_folder;
  const auto heads = [](const std::filesystem::path& place) { return Store(place).runs(); };
  return catalogue::move_back(state_->files, catalogue::find_run_in(heads, trash, which));
}

std::size_t Store::empty_trash() { return catalogue::empty_trash(state_->files, state_->folder); }

Verification Store::verify(std::string_view which) const { return storage::verify_run(state_->files, find(which)); }
Compaction Store::compact(std::string_view which) { return storage::compact_run(state_->files, find_to_change(which)); }
Recovery Store::recover(std::string_view which) { return storage::recover_run(state_->files, find_to_change(which)); }

}  // namespace v1
}  // namespace wheatstone
