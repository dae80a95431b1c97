#include "catalogue/trash.hpp"

#include <wheatstone/error.hpp>

#include "base/blocking.hpp"
#include "storage/annotations.hpp"
#include "storage/run_folder.hpp"
#include "storage/run_lock.hpp"

namespace wheatstone::catalogue {
namespace {

/// A folder's place under another folder, beside one of the same name.
std::filesystem::path free_place(io::FileSystem& files, const std::filesystem::path& parent, const std::string& name) {
  std::filesystem::path place = parent / name;
  for (int n = 2; files.exists(place); ++n) place = parent / (name + "-" + std::to_string(n));
  return place;
}

/// Who threw a run away stands with it. On a full medium that line is left out: throwing away makes room.
void note(io::FileSystem& files, const std::filesystem::path& folder, std::string_view what) {
  try {
    storage::annotate(files, folder, what, io::Document::object());
  } catch (const StorageError&) {
    return;
  }
}

void remove_tree(io::FileSystem& files, const std::filesystem::path& path) {
  for (const io::FolderEntry& entry : files.list(path)) {
    const std::filesystem::path inner = path / entry.name;
    if (entry.is_folder && !std::filesystem::is_symlink(inner))
      remove_tree(files, inner);
    else
      files.remove(inner);
  }
  if (files.exists(path)) files.remove_folder(path);
}

}  // namespace

std::filesystem::path move_to_trash(io::FileSystem& files, const std::filesystem::path& folder) {
  const base::BlockingRegion region;
  const std::filesystem::path trash = folder.parent_path() / k_trash_folder;
  // A folder that is no whole run has no lock to take; making one would only be in the way of its copying.
  std::optional<storage::RunLock> lock;
  if (files.exists(folder / storage::k_lock_file)) lock.emplace(storage::take_run_lock(files, folder));
  note(files, folder, "trashed");
  files.make_folders(trash);
  const std::filesystem::path place = free_place(files, trash, folder.filename().string());
  files.rename(folder, place);
  files.sync_folder(trash);
  files.sync_folder(folder.parent_path());
  return place;
}

std::filesystem::path move_back(io::FileSystem& files, const std::filesystem::path& folder) {
  const base::BlockingRegion region;
  const std::filesystem::path trash = folder.parent_path();
  const std::filesystem::path place = free_place(files, trash.parent_path(), folder.filename().string());
  files.rename(folder, place);
  files.sync_folder(trash.parent_path());
  files.sync_folder(trash);
  note(files, place, "restored");
  return place;
}

std::size_t empty_trash(io::FileSystem& files, const std::filesystem::path& store) {
  const base::BlockingRegion region;
  const std::filesystem::path trash = store / k_trash_folder;
  std::size_t count = 0;
  for (const io::FolderEntry& entry : files.list(trash)) {
    const std::filesystem::path path = trash / entry.name;
    if (!entry.is_folder || std::filesystem::is_symlink(path)) {
      files.remove(path);
      continue;
    }
    remove_tree(files, path);
    ++count;
  }
  return count;
}

}  // namespace wheatstone::catalogue
