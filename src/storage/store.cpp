#include <wheatstone/store.hpp>

#include <algorithm>
#include <cstdlib>
#include <wheatstone/error.hpp>

#include "base/text.hpp"
#include "storage/known_stores.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone {
inline namespace v1 {
namespace {

using storage::RunRecord;

/// True for what a run left, readable or not; a run that is just being made has its lock and no description yet.
bool is_run(io::FileSystem& files, const std::filesystem::path& store, const io::FolderEntry& entry) {
  if (!entry.is_folder) return false;
  const std::filesystem::path folder = store / entry.name;
  if (files.exists(folder / storage::k_run_file)) return true;
  try {
    return storage::is_folder_name(entry.name) && !storage::writer_lives(files, folder);
  } catch (const StorageError&) {
    return true;  // to be listed with this trouble
  }
}

RunSummary summary_of(io::FileSystem& files, const std::filesystem::path& folder) {
  RunSummary summary;
  summary.folder = folder;
  try {
    const bool lives = storage::writer_lives(files, folder);
    const RunRecord record = storage::read_record(files, folder);
    summary.id = record.id.text();
    summary.name = record.name;
    summary.started = record.started;
    summary.state = storage::state_of(record, lives);
    if (record.rows) {
      summary.row_count = *record.rows;
    } else {
      for (const storage::Segment& segment : storage::gather_rows(files, folder, record.id, lives, std::nullopt)) {
        summary.row_count += static_cast<std::uint64_t>(segment.row_count);
      }
    }
  } catch (const Error& error) {
    summary.trouble = error.what();
  }
  return summary;
}

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-'; });
}

/// What of a run `which` may name, apart from its own name.
bool means(std::string_view which, const std::string& id, const std::string& folder) {
  if (folder == which || folder.starts_with(which)) return true;
  if (!is_hex(which)) return false;
  return id.starts_with(which) || (which.size() == 6 && id.ends_with(which));
}

/// A run as looked for: without its rows.
struct Candidate {
  std::filesystem::path folder;
  std::string id;
  std::string name;
  Time started;
  std::string trouble;
};

std::vector<Candidate> candidates_in(io::FileSystem& files, const std::filesystem::path& store) {
  std::vector<Candidate> found;
  for (const io::FolderEntry& entry : files.list(store)) {
    if (!is_run(files, store, entry)) continue;
    try {
      const RunRecord record = storage::read_record(files, store / entry.name);
      found.push_back({store / entry.name, record.id.text(), record.name, record.started, {}});
    } catch (const Error& error) {
      // A run that cannot be read can still be named by its folder.
      found.push_back({store / entry.name, {}, {}, {}, error.what()});
    }
  }
  std::sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    if (a.trouble.empty() != b.trouble.empty()) return b.trouble.empty();  // those that cannot be read stand first
    return a.started != b.started ? a.started < b.started : a.id < b.id;
  });
  return found;
}

/// The latest of these that can be read; null where there is none. REQUIRES: as candidates_in() orders them.
const Candidate* latest(const std::vector<Candidate>& all) {
  return all.empty() || !all.back().trouble.empty() ? nullptr : &all.back();
}

std::filesystem::path find_last(io::FileSystem& files, const std::filesystem::path& store, bool may_look_further) {
  const std::vector<Candidate> here = candidates_in(files, store);
  if (const Candidate* last = latest(here)) return last->folder;
  if (may_look_further && !files.exists(store)) {
    for (const std::filesystem::path& place : storage::known_stores(files)) {
      const std::vector<Candidate> there = candidates_in(files, place);
      if (const Candidate* last = latest(there)) return last->folder;
    }
    throw StorageError("there is no run in '" + store.string() + "' or in any known store; name a run by its folder");
  }
  std::string message = "there is no run in '" + store.string() + "' that can be read";
  for (const Candidate& each : here) message += "\n  " + each.folder.filename().string() + ": " + each.trouble;
  throw StorageError(message + (here.empty() ? "; name another store, or a run by its folder" : ""));
}

std::vector<Candidate> fitting(const std::vector<Candidate>& all, std::string_view which) {
  std::vector<Candidate> fit;
  if (all.empty()) return fit;
  for (const Candidate& each : all) {
    if (means(which, each.id, each.folder.filename().string())) fit.push_back(each);
  }
  if (!fit.empty()) return fit;
  for (auto each = all.rbegin(); each != all.rend(); ++each) {
    if (each->name == which) return {*each};  // the latest of that name
  }
  return fit;
}

}  // namespace

Store::Store(const std::filesystem::path& folder)
    : folder_(folder.empty() ? default_folder() : folder), named_(!folder.empty() || folder_in_environment()) {}

std::optional<std::filesystem::path> Store::folder_in_environment() {
  const char* named = std::getenv("WHEATSTONE_STORE");
  if (named == nullptr || *named == '\0') return std::nullopt;
  return named;
}

std::filesystem::path Store::default_folder() { return folder_in_environment().value_or("wheatstone-runs"); }

std::vector<std::filesystem::path> Store::known() { return storage::known_stores(io::system_files()); }

std::vector<RunSummary> Store::runs() const {
  io::FileSystem& files = io::system_files();
  std::vector<RunSummary> runs;
  for (const io::FolderEntry& entry : files.list(folder_)) {
    if (!is_run(files, folder_, entry)) continue;
    runs.push_back(summary_of(files, folder_ / entry.name));
  }
  std::sort(runs.begin(), runs.end(), [](const RunSummary& a, const RunSummary& b) {
    return a.started != b.started ? a.started < b.started : a.id < b.id;
  });
  return runs;
}

std::filesystem::path Store::find(std::string_view which) const {
  io::FileSystem& files = io::system_files();
  if (which.empty()) throw StorageError("a run is named by 'last', the beginning of its id, its name or its folder");
  if (files.exists(std::filesystem::path(which) / storage::k_run_file)) return which;
  if (which == "last") return find_last(files, folder_, !named_);
  std::vector<std::filesystem::path> places = {folder_};
  for (std::filesystem::path& store : known()) places.push_back(std::move(store));
  std::vector<std::string> names;
  for (const std::filesystem::path& place : places) {
    const std::vector<Candidate> all = candidates_in(files, place);
    const std::vector<Candidate> fit = fitting(all, which);
    if (fit.size() == 1) return fit.front().folder;
    if (fit.size() > 1) {
      std::string message = "'" + std::string(which) + "' fits " + std::to_string(fit.size()) + " runs";
      for (const Candidate& each : fit) message += "\n  " + each.folder.filename().string();
      throw StorageError(message + "\ngive more of it");
    }
    for (const Candidate& each : all) names.push_back(each.name);
  }
  std::string message =
      "there is no run '" + std::string(which) + "' in '" + folder_.string() + "' or in any known store";
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const std::vector<std::string> near = base::nearest(which, names);
  if (!near.empty()) message += "; did you mean " + base::listed(near) + "?";
  throw StorageError(message);
}

}  // namespace v1
}  // namespace wheatstone
