#include "storage/known_stores.hpp"

#include <algorithm>
#include <cstdlib>
#include <wheatstone/error.hpp>

namespace wheatstone::storage {
namespace {

std::vector<std::string> lines_of(io::FileSystem& files, const std::filesystem::path& path) {
  std::vector<std::string> lines;
  if (!files.exists(path)) return lines;
  const std::string text = io::read_text(files, path);
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (end > start) lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

}  // namespace

std::optional<std::filesystem::path> known_stores_file() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/') {
    return std::filesystem::path(state) / "wheatstone" / "stores";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/') {
    return std::filesystem::path(home) / ".local/state/wheatstone/stores";
  }
  return std::nullopt;
}

std::optional<std::string> remember_store(io::FileSystem& files, const std::filesystem::path& store) {
  try {
    if (store.filename().string().starts_with(k_passing_store)) return std::nullopt;
    const std::optional<std::filesystem::path> path = known_stores_file();
    if (!path) return "neither XDG_STATE_HOME nor HOME names a folder";
    const std::vector<std::string> lines = lines_of(files, *path);
    if (std::find(lines.begin(), lines.end(), store.string()) != lines.end()) return std::nullopt;
    files.make_folders(path->parent_path());
    files.open(*path, io::OpenMode::append)->append(io::as_bytes(store.string() + "\n"));
    return std::nullopt;
  } catch (const StorageError& error) {
    return error.what();
  }
}

std::vector<std::filesystem::path> known_stores(io::FileSystem& files) {
  std::vector<std::filesystem::path> stores;
  const std::optional<std::filesystem::path> path = known_stores_file();
  if (!path) return stores;
  const std::vector<std::string> lines = lines_of(files, *path);
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    if (files.exists(*line)) stores.emplace_back(*line);
  }
  return stores;
}

}  // namespace wheatstone::storage
