#pragma once
// The machine's files behind a medium that refuses on demand, and counts. For tests only.

#include <atomic>
#include <string>
#include <wheatstone/error.hpp>

#include "io/file.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone::catalogue {

class TestFiles : public io::FileSystem {
 public:
  // What it does wrong; set at will.
  std::string refuse_writes_below = {};  ///< a path; nothing there may be made or changed
  std::string refusal = "Read-only file system";
  std::atomic<int> descriptions_read{0};  ///< opened run.json files

  std::unique_ptr<io::File> open(const std::filesystem::path& path, io::OpenMode mode) override {
    if (mode != io::OpenMode::read) require_writable(path);
    if (path.filename() == storage::k_run_file) ++descriptions_read;
    return io::system_files().open(path, mode);
  }
  bool make_folder(const std::filesystem::path& path) override {
    require_writable(path);
    return io::system_files().make_folder(path);
  }
  void make_folders(const std::filesystem::path& path) override {
    require_writable(path);
    io::system_files().make_folders(path);
  }
  std::vector<io::FolderEntry> list(const std::filesystem::path& path) override {
    return io::system_files().list(path);
  }
  bool exists(const std::filesystem::path& path) override { return io::system_files().exists(path); }
  std::optional<io::Stamp> stamp(const std::filesystem::path& path) override { return io::system_files().stamp(path); }
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    require_writable(to);
    io::system_files().rename(from, to);
  }
  void remove(const std::filesystem::path& path) override {
    require_writable(path);
    io::system_files().remove(path);
  }
  void remove_folder(const std::filesystem::path& path) override {
    require_writable(path);
    io::system_files().remove_folder(path);
  }
  void sync_folder(const std::filesystem::path& path) override { io::system_files().sync_folder(path); }
  bool is_shared_medium(const std::filesystem::path&) override { return false; }

 private:
  void require_writable(const std::filesystem::path& path) const {
    if (!refuse_writes_below.empty() && path.string().starts_with(refuse_writes_below))
      throw StorageError("cannot write '" + path.string() + "': " + refusal);
  }
};

}  // namespace wheatstone::catalogue
