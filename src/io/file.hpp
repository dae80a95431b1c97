#pragma once
// Files behind one interface, so that tests can lose power, fill the disk and cut where they please.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wheatstone::io {

/// A file's bytes in memory; unmapped with its last owner. A forked child finds scratch memory
/// of its own in the place of a writable mapping.
class Mapping {
 public:
  virtual ~Mapping() = default;
  [[nodiscard]] std::byte* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Lets this process's memory go of what was read; a later read brings it back. Nothing is lost. Any thread.
  virtual void let_go() = 0;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

 protected:
  Mapping(std::byte* data, std::size_t size) : data_(data), size_(size) {}

 private:
  std::byte* data_;
  std::size_t size_;
};

enum class Reservation : std::uint8_t {
  reserved,  // the file has that size and every byte of it has its place on the medium
  refused,   // the file system cannot promise that; the file is unchanged
};

enum class Locked : std::uint8_t {
  taken,        // held until the file is closed
  held,         // somebody else holds it
  unsupported,  // the file system knows no locks
};

enum class Access : std::uint8_t { read, write };

/// An open file. Not for several threads at once, but for sync(), append() and lock tests, which any thread may call.
/// Everything throws StorageError that names the path and the system's reason; a full medium is said as such.
class File {
 public:
  virtual ~File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[nodiscard]] virtual std::uint64_t size() = 0;
  /// Makes the file `size` bytes long, read as zeros, with room on the medium for all of it: fallocate(2), never its
  /// emulation. Throws StorageError where the medium is full.
  virtual Reservation reserve(std::uint64_t size) = 0;
  /// The first `size` bytes, shared with every other mapping of the file; null where the file system refuses. Pages of
  /// a writable mapping are made present at once, as far as the kernel can.
  virtual std::shared_ptr<Mapping> map(std::uint64_t size, Access access) = 0;
  virtual void write_at(std::uint64_t offset, std::span<const std::byte> bytes) = 0;
  /// Reads up to bytes.size(); fewer only at the end of the file.
  virtual std::size_t read_at(std::uint64_t offset, std::span<std::byte> bytes) = 0;
  /// Adds one record at the end in one write, so that records of several writers do not mix.
  virtual void append(std::span<const std::byte> bytes) = 0;
  /// Returns when the contents, mapped writes included, are on the medium.
  virtual void sync() = 0;

  /// Takes an open-file-description write lock on the whole file. A forked child gives up its share of it.
  virtual Locked lock() = 0;
  /// True where another open file, in this process or another, holds the lock.
  [[nodiscard]] virtual bool locked_elsewhere() = 0;

 protected:
  File() = default;
};

enum class OpenMode : std::uint8_t {
  read,    // an existing file
  create,  // a new one, for reading and writing; an existing one of that name is an error
  append,  // for append(); made where missing
  update,  // for reading and writing; made where missing
};

struct FolderEntry {
  std::string name;
  bool is_folder = false;
};

/// By what a change of a file or folder shows.
struct Stamp {
  std::int64_t modified_ns = 0;  ///< since 1970: of the contents; copies may keep it
  std::int64_t changed_ns = 0;   ///< of the contents or of what the file system keeps about them
  std::uint64_t size = 0;
  std::uint64_t number = 0;  ///< of the file in its file system
  bool is_folder = false;
};

/// A folder that much is asked of at once: cheaper than by path. One thread.
class OpenFolder {
 public:
  virtual ~OpenFolder() = default;
  OpenFolder(const OpenFolder&) = delete;
  OpenFolder& operator=(const OpenFolder&) = delete;

  /// As FileSystem::list().
  [[nodiscard]] virtual std::vector<FolderEntry> list() = 0;
  /// As FileSystem::stamp(), of a path that begins in this folder.
  [[nodiscard]] virtual std::optional<Stamp> stamp(const std::string& relative) = 0;

 protected:
  OpenFolder() = default;
};

/// Where files are. Any thread.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;

  /// Throws StorageError; for `read` of a missing file returns null.
  virtual std::unique_ptr<File> open(const std::filesystem::path& path, OpenMode mode) = 0;
  /// Makes one folder; false where something of that name exists.
  virtual bool make_folder(const std::filesystem::path& path) = 0;
  /// Makes a folder and those above it, as far as missing.
  virtual void make_folders(const std::filesystem::path& path) = 0;
  /// What a folder holds, in no order; empty where it is missing.
  [[nodiscard]] virtual std::vector<FolderEntry> list(const std::filesystem::path& path) = 0;
  [[nodiscard]] virtual bool exists(const std::filesystem::path& path) = 0;
  /// Empty where it is missing.
  [[nodiscard]] virtual std::unique_ptr<OpenFolder> open_folder(const std::filesystem::path& path);
  /// None where nothing of that name can be seen.
  [[nodiscard]] virtual std::optional<Stamp> stamp(const std::filesystem::path& path) = 0;
  /// Replaces `to` at once.
  virtual void rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  /// Removes a file; a missing one is no error.
  virtual void remove(const std::filesystem::path& path) = 0;
  /// Removes an empty folder.
  virtual void remove_folder(const std::filesystem::path& path) = 0;
  /// Returns when the names in the folder are on the medium.
  virtual void sync_folder(const std::filesystem::path& path) = 0;
  /// True where other machines write too, so that mappings may be stale: NFS, SMB, FUSE, 9p.
  [[nodiscard]] virtual bool is_shared_medium(const std::filesystem::path& path) = 0;

 protected:
  FileSystem() = default;
};

/// The machine's own files. One object for the process, never destroyed.
[[nodiscard]] FileSystem& system_files();

/// The text of a file; throws StorageError where it is missing.
[[nodiscard]] std::string read_text(FileSystem& files, const std::filesystem::path& path);
/// Writes a file as a whole: a reader sees the old contents or the new, after a loss of power too.
void replace_text(FileSystem& files, const std::filesystem::path& path, std::string_view text);

[[nodiscard]] inline std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span<const char>(text.data(), text.size()));
}

}  // namespace wheatstone::io
