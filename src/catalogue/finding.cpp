#include "catalogue/finding.hpp"

#include <algorithm>
#include <iterator>
#include <wheatstone/error.hpp>

#include "base/text.hpp"
#include "catalogue/schema.hpp"
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
  // One that cannot be read is listed under the end of its folder's name.
  if (id.empty()) return which.size() == 6 && storage::is_folder_name(folder) && folder.ends_with(which);
  return id.starts_with(which) || (which.size() == 6 && id.ends_with(which));
}

/// Those that cannot be read stand first.
std::vector<RunSummary> in_order(std::vector<RunSummary> runs) {
  std::ranges::sort(runs, [](const RunSummary& a, const RunSummary& b) {
    if (a.trouble.empty() != b.trouble.empty()) return b.trouble.empty();
    return a.started != b.started ? a.started < b.started : a.id < b.id;
  });
  return runs;
}

/// The latest of these that can be read; null where there is none. REQUIRES: as in_order() has them.
const RunSummary* latest(const std::vector<RunSummary>& all) {
  return all.empty() || !all.back().trouble.empty() ? nullptr : &all.back();
}

std::filesystem::path find_last(io::FileSystem& files, const Heads& heads, const std::filesystem::path& store,
                                bool may_look_further) {
  const std::vector<RunSummary> here = in_order(heads(store));
  if (const RunSummary* last = latest(here)) return last->folder;
  if (may_look_further && !files.exists(store)) {
    for (const std::filesystem::path& place : storage::known_stores(files)) {
      const std::vector<RunSummary> there = in_order(heads(place));
      if (const RunSummary* last = latest(there)) return last->folder;
    }
    throw StorageError("there is no run in '" + store.string() + "' or in any known store; name a run by its folder");
  }
  std::string message = "there is no run in '" + store.string() + "' that can be read";
  for (const RunSummary& each : here) message += "\n  " + each.folder.filename().string() + ": " + each.trouble;
  throw StorageError(message + (here.empty() ? "; name another store, or a run by its folder" : ""));
}

/// Those that were given `which` as their codename.
std::vector<RunSummary> with_codename(const std::vector<RunSummary>& all, std::string_view which) {
  const std::string tag = std::string(k_codename_tag) + std::string(which);
  std::vector<RunSummary> fit;
  std::ranges::copy_if(all, std::back_inserter(fit),
                       [&](const RunSummary& each) { return std::ranges::find(each.tags, tag) != each.tags.end(); });
  if (fit.size() > 1) std::erase_if(fit, [](const RunSummary& each) { return each.is_copy; });
  return fit;
}

void add_names(std::vector<std::string>& names, const RunSummary& run) {
  names.push_back(run.name);
  for (const std::string& tag : run.tags) {
    if (tag.starts_with(k_codename_tag)) names.push_back(tag.substr(k_codename_tag.size()));
  }
}

std::vector<RunSummary> fitting(const std::vector<RunSummary>& all, std::string_view which) {
  std::vector<RunSummary> fit;
  for (const RunSummary& each : all) {
    const std::string folder = each.folder.filename().string();
    if (folder == which) return {each};
    if (means(which, each.id, folder)) fit.push_back(each);
  }
  if (std::vector<RunSummary> named = with_codename(all, which); !named.empty()) return named;
  if (fit.size() > 1) std::erase_if(fit, [](const RunSummary& each) { return each.is_copy; });
  if (fit.size() == 1) return fit;
  for (auto each = all.rbegin(); each != all.rend(); ++each) {
    if (each->name == which && !each->is_copy) return {*each};  // the latest of that name
  }
  return fit;
}

/// The one run among `all` that is meant; empty where none is. Throws where several are.
std::filesystem::path only_one(const std::vector<RunSummary>& all, std::string_view which) {
  const std::vector<RunSummary> fit = fitting(all, which);
  if (fit.empty()) return {};
  if (fit.size() == 1) return fit.front().folder;
  std::string message = "'" + std::string(which) + "' fits " + std::to_string(fit.size()) + " runs";
  for (const RunSummary& each : fit) message += "\n  " + each.folder.filename().string();
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
  if (which.empty())
    throw StorageError("a run is named by 'last', the beginning of its id, its codename, its name or its folder");
}

}  // namespace

std::filesystem::path find_run(io::FileSystem& files, const Heads& heads, const std::filesystem::path& store,
                               bool named, std::string_view which) {
  require_word(which);
  const std::filesystem::path given(which);
  if (files.exists(given / storage::k_run_file)) return given;
  // A folder that was to become a run is found too: whoever opens it says what it lacks, and it can be thrown away.
  if (given.has_parent_path() && storage::is_folder_name(given.filename().string()) && files.exists(given))
    return given;
  if (which == "last") return find_last(files, heads, store, !named);
  std::vector<std::filesystem::path> places = {store};
  for (std::filesystem::path& known : storage::known_stores(files)) places.push_back(std::move(known));
  std::vector<std::string> names;
  for (const std::filesystem::path& place : places) {
    const std::vector<RunSummary> all = in_order(heads(place));
    if (std::filesystem::path found = only_one(all, which); !found.empty()) return found;
    for (const RunSummary& each : all) add_names(names, each);
  }
  if (files.exists(which)) throw StorageError("'" + std::string(which) + "' is no run: it holds no run.json");
  refuse(which, "'" + store.string() + "' or in any known store", std::move(names));
}

std::filesystem::path find_run_in(const Heads& heads, const std::filesystem::path& store, std::string_view which) {
  require_word(which);
  const std::vector<RunSummary> all = in_order(heads(store));
  if (which == "last") {
    if (const RunSummary* last = latest(all)) return last->folder;
    throw StorageError("there is no run in '" + store.string() + "' that can be read");
  }
  if (std::filesystem::path found = only_one(all, which); !found.empty()) return found;
  std::vector<std::string> names;
  for (const RunSummary& each : all) add_names(names, each);
  refuse(which, "'" + store.string() + "'", std::move(names));
}

}  // namespace wheatstone::catalogue
