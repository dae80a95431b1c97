#include "catalogue/finding.hpp"

#include <algorithm>
#include <wheatstone/error.hpp>

#include "base/text.hpp"
#include "catalogue/run_reading.hpp"
#include "storage/known_stores.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone::catalogue {
namespace {

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
  for (const Candidate& each : all) {
    const std::string folder = each.folder.filename().string();
    if (folder == which) return {each};
    if (means(which, each.id, folder)) fit.push_back(each);
  }
  if (fit.size() > 1) std::erase_if(fit, [](const Candidate& each) { return each.is_copy; });
  if (!fit.empty()) return fit;
  for (auto each = all.rbegin(); each != all.rend(); ++each) {
    if (each->name == which && !each->is_copy) return {*each};  // the latest of that name
  }
  return fit;
}

/// The one run among `all` that is meant; empty where none is. Throws where several are.
std::filesystem::path only_one(const std::vector<Candidate>& all, std::string_view which) {
  const std::vector<Candidate> fit = fitting(all, which);
  if (fit.empty()) return {};
  if (fit.size() == 1) return fit.front().folder;
  std::string message = "'" + std::string(which) + "' fits " + std::to_string(fit.size()) + " runs";
  for (const Candidate& each : fit) message += "\n  " + each.folder.filename().string();
  throw StorageError(message + "\ngive more of it");
}

[[noreturn]] void refuse(std::string_view which, const std::string& places, std::vector<std::string> names) {
  std::string message = "there is no run '" + std::string(which) + "' in " + places;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const std::vector<std::string> near = base::nearest(which, names);
  if (!near.empty()) message += "; did you mean " + base::listed(near) + "?";
  throw StorageError(message);
}

void require_word(std::string_view which) {
  if (which.empty()) throw StorageError("a run is named by 'last', the beginning of its id, its name or its folder");
}

}  // namespace

std::vector<Candidate> candidates_in(io::FileSystem& files, const std::filesystem::path& store) {
  std::vector<RunSummary> runs;
  for (const io::FolderEntry& entry : files.list(store)) {
    if (!is_run(files, store, entry)) continue;
    RunSummary run{.folder = store / entry.name};
    try {
      const storage::RunRecord record = storage::read_record(files, run.folder);
      run.id = record.id.text();
      run.name = record.name;
      run.started = record.started;
    } catch (const Error& error) {
      run.trouble = error.what();  // a run that cannot be read can still be named by its folder
      if (!files.exists(run.folder)) continue;
    }
    runs.push_back(std::move(run));
  }
  mark_copies(runs);
  std::vector<Candidate> found;
  found.reserve(runs.size());
  for (RunSummary& run : runs) found.push_back({run.folder, run.id, run.name, run.started, run.trouble, run.is_copy});
  std::sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    if (a.trouble.empty() != b.trouble.empty()) return b.trouble.empty();  // those that cannot be read stand first
    return a.started != b.started ? a.started < b.started : a.id < b.id;
  });
  return found;
}

std::filesystem::path find_run(io::FileSystem& files, const std::filesystem::path& store, bool named,
                               std::string_view which) {
  require_word(which);
  if (files.exists(std::filesystem::path(which) / storage::k_run_file)) return which;
  if (which == "last") return find_last(files, store, !named);
  std::vector<std::filesystem::path> places = {store};
  for (std::filesystem::path& known : storage::known_stores(files)) places.push_back(std::move(known));
  std::vector<std::string> names;
  for (const std::filesystem::path& place : places) {
    const std::vector<Candidate> all = candidates_in(files, place);
    if (std::filesystem::path found = only_one(all, which); !found.empty()) return found;
    for (const Candidate& each : all) names.push_back(each.name);
  }
  refuse(which, "'" + store.string() + "' or in any known store", std::move(names));
}

std::filesystem::path find_run_in(io::FileSystem& files, const std::filesystem::path& store, std::string_view which) {
  require_word(which);
  const std::vector<Candidate> all = candidates_in(files, store);
  if (which == "last") {
    if (const Candidate* last = latest(all)) return last->folder;
    throw StorageError("there is no run in '" + store.string() + "' that can be read");
  }
  if (std::filesystem::path found = only_one(all, which); !found.empty()) return found;
  std::vector<std::string> names;
  for (const Candidate& each : all) names.push_back(each.name);
  refuse(which, "'" + store.string() + "'", std::move(names));
}

}  // namespace wheatstone::catalogue
