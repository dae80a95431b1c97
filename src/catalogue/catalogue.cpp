#include "catalogue/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <wheatstone/error.hpp>

#include "base/blocking.hpp"
#include "base/sha256.hpp"
#include "catalogue/image_file.hpp"
#include "catalogue/matching.hpp"
#include "catalogue/run_reading.hpp"
#include "catalogue/search_words.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone::catalogue {
namespace {

constexpr std::string_view k_file = "catalog.sqlite";

/// Where the catalogue of a store is kept that cannot be written; none without a home.
std::optional<std::filesystem::path> file_in_cache(const std::filesystem::path& store) {
  std::filesystem::path caches;
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/')
    caches = cache;
  else if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
    caches = std::filesystem::path(home) / ".cache";
  else
    return std::nullopt;
  const std::string place = std::filesystem::absolute(store).lexically_normal().string();
  return caches / "wheatstone/catalogues" / (base::sha256(place).substr(0, 32) + ".sqlite");
}

/// How many runs may be newer than the file: reading one costs about a fifth of a millisecond, writing the file about a
/// microsecond a run.
std::size_t worth_reading_again(std::size_t run_count) { return run_count / 500 + 8; }

}  // namespace

Catalogue::Catalogue(std::filesystem::path store, io::FileSystem& files, base::Clock& clock)
    : store_(std::move(store)), files_(files), clock_(clock) {}

Catalogue::~Catalogue() {
  // A forked child leaves alone what the parent may have been in the middle of.
  if (!process_.in_own_process()) static_cast<void>(database_.release());
}

void Catalogue::begin_in_this_process() {
  if (process_.in_own_process()) return;
  static_cast<void>(database_.release());
  process_ = base::ProcessBound();
}

void Catalogue::notice(std::string sentence) {
  if (std::ranges::find(notices_, sentence) == notices_.end()) notices_.push_back(std::move(sentence));
}

bool Catalogue::load_from(const std::filesystem::path& path) {
  ImageFile file = read_image(files_, path);
  if (file.is_newer) {
    is_kept_elsewhere_ = true;
    notice(fmt::format("the catalogue '{}' is of a newer Wheatstone; it is left as it is, and another one is used",
                       path.string()));
  }
  if (!file.trouble.empty()) {
    is_to_be_replaced_ = true;
    notice(
        fmt::format("the catalogue '{}' is damaged ({}); it is made anew from the runs", path.string(), file.trouble));
  }
  if (!file.image.bytes) return false;
  database_ = std::make_unique<Database>(std::move(file.image));
  kept_at_ = path;
  return true;
}

void Catalogue::load() {
  kept_at_.clear();
  unsaved_ = 0;
  std::vector<std::filesystem::path> places = {store_ / k_file};
  if (std::optional<std::filesystem::path> cache = file_in_cache(store_)) {
    // A store that could be written once and cannot be now has both; the later one is the better one.
    const std::optional<io::Stamp> here = files_.stamp(places.front());
    const std::optional<io::Stamp> there = files_.stamp(*cache);
    if (there) places.insert(here && here->modified_ns > there->modified_ns ? places.end() : places.begin(), *cache);
  }
  for (const std::filesystem::path& place : places) {
    if (load_from(place)) return;
  }
  database_ = std::make_unique<Database>();
  make_tables(*database_);
}

Catalogue::ByFolder Catalogue::known() const {
  ByFolder known;
  Statement count = database_->prepare("SELECT COUNT(*) FROM run");
  if (count.step()) known.reserve(static_cast<std::size_t>(count.integer(0)));
  Statement rows = database_->prepare("SELECT folder, key, stamp, has_ended, state, has_annotations FROM run");
  while (rows.step()) {
    const bool is_killed = rows.integer(4) == static_cast<std::int64_t>(RunState::killed);
    known.emplace(rows.text(0), Known{rows.integer(1),
                                      rows.integer(2),
                                      is_killed,
                                      {.has_ended = rows.integer(3) != 0, .has_annotations = rows.integer(5) != 0}});
  }
  return known;
}

bool Catalogue::is_fresh(FolderStamps& stamps, const SeenFolder& folder, const Known& known) const {
  if (known.stamp == 0) return false;
  // Whoever goes on with a killed run takes its lock first.
  if (!known.looked.has_ended && (!known.is_killed || storage::writer_lives(files_, store_ / folder.name)))
    return false;
  return stamps.stamp(folder, known.looked) == known.stamp;
}

bool Catalogue::read_again(FolderStamps& stamps, RunTable& table, const std::string& folder) {
  // Stamped before it is read: what changes meanwhile shows the next time.
  Looked looked{.has_annotations = stamps.has_annotations(folder)};
  const std::int64_t not_ended = stamps.stamp(folder, looked);
  looked.has_ended = true;
  const std::int64_t ended = stamps.stamp(folder, looked);
  const std::optional<ReadRun> run = read_run(files_, store_ / folder);
  if (!run) return false;
  looked.has_ended = run->has_ended;
  const bool may_be_kept = run->summary.trouble.empty() && (run->has_ended || run->summary.state == RunState::killed);
  const std::int64_t stamp = !may_be_kept ? 0 : run->has_ended ? ended : not_ended;
  table.put(*run, stamp, looked);
  if (stamp != 0) ++unsaved_;
  return true;
}

/// An image that was cut short when its process was killed.
void Catalogue::forget_unfinished(const std::string& name, Time now) {
  constexpr std::int64_t k_hour_ns = 3'600'000'000'000;
  if (!name.starts_with(std::string(k_file) + "-") || !name.ends_with(".tmp")) return;
  const std::optional<io::Stamp> stamp = files_.stamp(store_ / name);
  if (!stamp || stamp->modified_ns > now.nanoseconds - k_hour_ns) return;
  try {
    files_.remove(store_ / name);
  } catch (const StorageError&) {
    return;  // it harms nobody
  }
}

std::size_t Catalogue::follow_folders(StoreLook& look, Time now) {
  FolderStamps stamps(files_, store_, now);
  RunTable table(*database_);
  ByFolder gone = known();
  std::size_t count = 0;
  for (const SeenFolder& seen : look.seen()) {
    if (!seen.is_folder) {
      forget_unfinished(seen.name, now);
      continue;
    }
    const auto found = gone.find(seen.name);
    const bool fresh = found != gone.end() && is_fresh(stamps, seen, found->second);
    if (!fresh && (!is_run(files_, store_, {seen.name, true}) || !read_again(stamps, table, seen.name))) continue;
    if (found != gone.end()) gone.erase(found);
    ++count;
  }
  for (const auto& [folder, known] : gone) table.forget(known.key);
  unsaved_ += gone.size();
  return count;
}

void Catalogue::refresh() {
  begin_in_this_process();
  const Time now = clock_.wall();
  StoreLook look(files_, store_);  // which goes on while the database is read
  if (!database_) load();
  database_->run("BEGIN");
  std::size_t count = 0;
  try {
    count = follow_folders(look, now);
    database_->run("COMMIT");
  } catch (...) {
    database_.reset();  // what was half written is read anew
    throw;
  }
  const bool was_deleted = !kept_at_.empty() && !files_.exists(kept_at_);
  if (was_deleted) notice(fmt::format("the catalogue '{}' was deleted; it is made anew", kept_at_.string()));
  if (was_deleted || is_to_be_replaced_ || unsaved_ > worth_reading_again(count)) save(count);
}

void Catalogue::save(std::size_t run_count) {
  if (cannot_be_kept_) return;
  constexpr std::size_t k_noticeable = 100;
  const bool is_new = kept_at_.empty() && run_count >= k_noticeable;
  const ImageBytes image = database_->image();
  std::vector<std::filesystem::path> places;
  if (!is_kept_elsewhere_) places.push_back(store_ / k_file);
  if (std::optional<std::filesystem::path> cache = file_in_cache(store_)) places.push_back(std::move(*cache));
  std::string why = "no folder for caches is known";
  for (const std::filesystem::path& place : places) {
    try {
      if (place.parent_path() != store_) files_.make_folders(place.parent_path());
      write_image(files_, place, image.all());
      kept_at_ = place;
      is_to_be_replaced_ = false;
      unsaved_ = 0;
      if (is_new) notice(fmt::format("read {} runs into a new catalogue, '{}'", run_count, place.string()));
      return;
    } catch (const StorageError& error) {
      why = error.what();
    }
  }
  cannot_be_kept_ = true;
  kept_at_.clear();
  if (run_count >= k_noticeable)
    notice(fmt::format("the catalogue of '{}' cannot be kept, so that its {} runs are read anew each time: {}",
                       store_.string(), run_count, why));
}

template <class Question>
auto Catalogue::answer(Question question) {
  const base::BlockingRegion region;
  const std::scoped_lock lock(mutex_);
  try {
    refresh();
    return question();
  } catch (const DatabaseError& error) {
    notice(fmt::format("the catalogue of '{}' is damaged ({}); it is made anew from the runs", store_.string(),
                       error.what()));
  }
  begin_anew();
  is_to_be_replaced_ = true;
  refresh();
  return question();
}

void Catalogue::begin_anew() {
  database_ = std::make_unique<Database>();
  make_tables(*database_);
  unsaved_ = 0;
}

std::size_t Catalogue::rebuild() {
  const base::BlockingRegion region;
  const std::scoped_lock lock(mutex_);
  begin_in_this_process();
  begin_anew();
  cannot_be_kept_ = false;
  database_->run("BEGIN");
  const Time now = clock_.wall();
  StoreLook look(files_, store_);
  const std::size_t count = follow_folders(look, now);
  database_->run("COMMIT");
  if (count != 0) save(count);
  return count;
}

std::vector<std::string> Catalogue::take_notices() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(notices_, {});
}

std::vector<RunSummary> Catalogue::runs(const RunFilter& filter) {
  std::vector<RunSummary> runs = answer([&] { return get_runs(*database_, store_); });
  const base::BlockingRegion region;
  mark_copies(runs);
  std::erase_if(runs, [&](const RunSummary& run) { return !fits(filter, run) || !fits_values(files_, filter, run); });
  sort_by_start(runs);
  return runs;
}

std::vector<RunSummary> Catalogue::heads() {
  std::vector<RunSummary> runs = answer([&] { return get_heads(*database_, store_); });
  mark_copies(runs);
  return runs;
}

/// Folders of the hits that are copies of other runs.
std::unordered_set<std::string> Catalogue::copies_among(const std::vector<SearchHit>& hits) const {
  std::unordered_set<std::string> copies;
  std::vector<RunSummary> doubles = get_doubles(*database_, store_, hits);
  mark_copies(doubles);
  for (const RunSummary& each : doubles) {
    if (each.is_copy) copies.insert(each.folder.native());
  }
  return copies;
}

SearchPage Catalogue::search(std::string_view words, std::size_t limit, const RunFilter& filter) {
  const std::string query = query_for(words);
  if (query.empty()) return {};
  const auto fits_filter = [&](const RunSummary& run) { return fits(filter, run) && fits_values(files_, filter, run); };
  return answer([&] {
    SearchPage page = search_runs(*database_, store_, query, limit, is_any(filter) ? Fits() : Fits(fits_filter));
    const std::unordered_set<std::string> copies = copies_among(page.hits);
    for (SearchHit& hit : page.hits) hit.run.is_copy = copies.contains(hit.run.folder.native());
    return page;
  });
}

}  // namespace wheatstone::catalogue
