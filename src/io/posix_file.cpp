#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <wheatstone/error.hpp>

#include "base/blocking.hpp"
#include "io/file.hpp"

namespace wheatstone::io {
namespace {

std::string_view advice_for(int error, Access access) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "; the medium is full, free some space or choose another store";
    case EFBIG:
      return "; the file system, or this process's limit (ulimit -f), allows no larger file, raise the limit or choose "
             "a folder on another file system";
    case EACCES:
    case EPERM:
    case EROFS:
      return access == Access::read ? "; ask its owner for permission to read" : "; choose a folder that you may write";
    case ENOTDIR:
      return access == Access::read ? "" : "; a file stands where a folder is needed, choose another folder";
    default:
      return "";
  }
}

[[noreturn]] void fail(std::string_view what, const std::filesystem::path& path, int error, Access access) {
  throw StorageError("cannot " + std::string(what) + " '" + path.string() +
                     "': " + std::generic_category().message(error) + std::string(advice_for(error, access)));
}

/// Descriptors of held locks. A forked child closes its copies, else the run would look alive after its writer's death.
class HeldLocks {
 public:
  void add(int fd) {
    for (auto& slot : slots_) {
      int none = -1;
      if (slot.compare_exchange_strong(none, fd)) return;
    }
  }
  void remove(int fd) {
    for (auto& slot : slots_) {
      int mine = fd;
      if (slot.compare_exchange_strong(mine, -1)) return;
    }
  }
  void close_in_child() {
    for (auto& slot : slots_) {
      const int fd = slot.exchange(-1);
      if (fd >= 0) ::close(fd);
    }
  }

  static HeldLocks& instance() {
    static HeldLocks* const k_locks = [] {
      auto* locks = new HeldLocks;  // never destroyed: files may be closed by static destructors
      ::pthread_atfork(nullptr, nullptr, [] { HeldLocks::instance().close_in_child(); });
      return locks;
    }();
    return *k_locks;
  }

 private:
  HeldLocks() {
    for (auto& slot : slots_) slot.store(-1);
  }
  std::array<std::atomic<int>, 256> slots_;
};

/// Mappings that may be written. Their memory is not copied to a forked child, which gets scratch memory of its own in
/// the same place: what its copies of the objects write there reaches nobody, and no store into a column needs to ask
/// first whose process it is in.
class WrittenMappings {
 public:
  void add(const Mapping* mapping) {
    for (auto& slot : slots_) {
      const Mapping* none = nullptr;
      if (slot.compare_exchange_strong(none, mapping)) return;
    }
  }
  void remove(const Mapping* mapping) {
    for (auto& slot : slots_) {
      const Mapping* mine = mapping;
      if (slot.compare_exchange_strong(mine, nullptr)) return;
    }
  }
  void replace_in_child() {
    for (auto& slot : slots_) {
      if (const Mapping* const mapping = slot.exchange(nullptr)) {
        ::mmap(mapping->data(), mapping->size(), PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
      }
    }
  }

  static WrittenMappings& instance() {
    static WrittenMappings* const k_mappings = [] {
      auto* mappings = new WrittenMappings;  // never destroyed: mappings may be given up by static destructors
      ::pthread_atfork(nullptr, nullptr, [] { WrittenMappings::instance().replace_in_child(); });
      return mappings;
    }();
    return *k_mappings;
  }

 private:
  WrittenMappings() = default;
  std::array<std::atomic<const Mapping*>, 256> slots_{};
};

class PosixMapping final : public Mapping {
 public:
  PosixMapping(void* data, std::size_t size, Access access)
      : Mapping(static_cast<std::byte*>(data), size), access_(access) {
    if (access_ == Access::write) WrittenMappings::instance().add(this);
  }
  ~PosixMapping() override {
    if (access_ == Access::write) WrittenMappings::instance().remove(this);
    ::munmap(data(), size());
  }

  // Pages of a shared mapping stay with the file.
  void let_go() override { ::madvise(data(), size(), MADV_DONTNEED); }

 private:
  Access access_;
};

class PosixFile final : public File {
 public:
  PosixFile(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}
  ~PosixFile() override {
    if (locked_) HeldLocks::instance().remove(fd_);
    ::close(fd_);
  }

  std::uint64_t size() override {
    struct ::stat status{};
    if (::fstat(fd_, &status) != 0) fail("read the size of", path_, errno, Access::read);
    return static_cast<std::uint64_t>(status.st_size);
  }

  Reservation reserve(std::uint64_t size) override {
    const base::BlockingRegion region;
    while (::fallocate(fd_, 0, 0, static_cast<off_t>(size)) != 0) {
      if (errno == EINTR) continue;
      if (errno == EOPNOTSUPP || errno == ENOSYS) return Reservation::refused;
      fail("reserve " + std::to_string(size) + " bytes for", path_, errno, Access::write);
    }
    return Reservation::reserved;
  }

  std::shared_ptr<Mapping> map(std::uint64_t size, Access access) override {
    const int protection = access == Access::write ? PROT_READ | PROT_WRITE : PROT_READ;
    void* data = ::mmap(nullptr, size, protection, MAP_SHARED, fd_, 0);
    if (data == MAP_FAILED) return nullptr;
    if (access == Access::write) {
      ::madvise(data, size, MADV_DONTFORK);
#ifdef MADV_POPULATE_WRITE
      ::madvise(data, size, MADV_POPULATE_WRITE);  // older kernels fault the pages in one by one
#endif
    }
    return std::make_shared<PosixMapping>(data, size, access);
  }

  void write_at(std::uint64_t offset, std::span<const std::byte> bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail("write", path_, errno, Access::write);
      offset += static_cast<std::uint64_t>(n);
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
  }

  std::size_t read_at(std::uint64_t offset, std::span<std::byte> bytes) override {
    std::size_t got = 0;
    while (got < bytes.size()) {
      const ssize_t n = ::pread(fd_, bytes.data() + got, bytes.size() - got, static_cast<off_t>(offset + got));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail("read", path_, errno, Access::read);
      if (n == 0) break;
      got += static_cast<std::size_t>(n);
    }
    return got;
  }

  void append(std::span<const std::byte> bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail("write", path_, errno, Access::write);
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
  }

  void sync() override {
    const base::BlockingRegion region;
    // On Linux fdatasync(2) also writes pages that were dirtied through a shared mapping.
    while (::fdatasync(fd_) != 0) {
      if (errno == EINTR) continue;
      if (errno == EINVAL || errno == EROFS) return;  // a medium that has nothing to sync
      fail("sync", path_, errno, Access::write);
    }
  }

  Locked lock() override {
    struct ::flock request{};
    request.l_type = F_WRLCK;
    request.l_whence = SEEK_SET;
    if (::fcntl(fd_, F_OFD_SETLK, &request) == 0) {
      if (!locked_) HeldLocks::instance().add(fd_);
      locked_ = true;
      return Locked::taken;
    }
    return errno == EAGAIN || errno == EACCES ? Locked::held : Locked::unsupported;
  }

  bool locked_elsewhere() override {
    struct ::flock request{};
    request.l_type = F_RDLCK;
    request.l_whence = SEEK_SET;
    return ::fcntl(fd_, F_OFD_GETLK, &request) == 0 && request.l_type != F_UNLCK;
  }

 private:
  int fd_;
  std::filesystem::path path_;
  bool locked_ = false;
};

std::optional<Stamp> stamp_at(int folder, const char* path) {
  struct ::stat status{};
  if (::fstatat(folder, path, &status, 0) != 0) return std::nullopt;
  const auto nanoseconds = [](const timespec& time) { return time.tv_sec * 1'000'000'000 + time.tv_nsec; };
  return Stamp{nanoseconds(status.st_mtim), nanoseconds(status.st_ctim), static_cast<std::uint64_t>(status.st_size),
               status.st_ino, S_ISDIR(status.st_mode)};
}

class PosixFolder final : public OpenFolder {
 public:
  explicit PosixFolder(const std::filesystem::path& path) : path_(path), folder_(::opendir(path.c_str()), ::closedir) {
    if (!folder_ && errno != ENOENT && errno != ENOTDIR) fail("list", path, errno, Access::read);
  }

  std::vector<FolderEntry> list() override {
    std::vector<FolderEntry> entries;
    if (!folder_) return entries;
    ::rewinddir(folder_.get());
    for (errno = 0; const dirent* entry = ::readdir(folder_.get()); errno = 0) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") entries.push_back({std::string(name), is_folder(*entry)});
    }
    if (errno != 0) fail("list", path_, errno, Access::read);
    return entries;
  }

  std::optional<Stamp> stamp(const std::string& relative) override {
    if (!folder_) return std::nullopt;
    return stamp_at(::dirfd(folder_.get()), relative.c_str());
  }

 private:
  /// An entry that is gone meanwhile is no folder.
  bool is_folder(const dirent& entry) {
    if (entry.d_type == DT_DIR) return true;
    if (entry.d_type != DT_LNK && entry.d_type != DT_UNKNOWN) return false;
    const std::optional<Stamp> stamp = stamp_at(::dirfd(folder_.get()), entry.d_name);
    return stamp && stamp->is_folder;
  }

  const std::filesystem::path path_;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder_;
};

class PosixFileSystem final : public FileSystem {
 public:
  std::unique_ptr<File> open(const std::filesystem::path& path, OpenMode mode) override {
    int flags = O_RDONLY | O_CLOEXEC;
    if (mode == OpenMode::create) flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
    if (mode == OpenMode::append) flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC;
    if (mode == OpenMode::update) flags = O_RDWR | O_CREAT | O_CLOEXEC;
    const int fd = ::open(path.c_str(), flags, 0666);
    if (fd >= 0) return std::make_unique<PosixFile>(fd, path);
    if (mode == OpenMode::read && (errno == ENOENT || errno == ENOTDIR)) return nullptr;
    fail(mode == OpenMode::read || mode == OpenMode::update ? "open" : "create", path, errno,
         mode == OpenMode::read ? Access::read : Access::write);
  }

  bool make_folder(const std::filesystem::path& path) override {
    if (::mkdir(path.c_str(), 0777) == 0) return true;
    if (errno == EEXIST) return false;
    fail("make the folder", path, errno, Access::write);
  }

  void make_folders(const std::filesystem::path& path) override {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) fail("make the folder", path, error.value(), Access::write);
  }

  std::vector<FolderEntry> list(const std::filesystem::path& path) override { return PosixFolder(path).list(); }

  std::unique_ptr<OpenFolder> open_folder(const std::filesystem::path& path) override {
    return std::make_unique<PosixFolder>(path);
  }

  bool exists(const std::filesystem::path& path) override {
    struct ::stat status{};
    return ::stat(path.c_str(), &status) == 0;
  }

  std::optional<Stamp> stamp(const std::filesystem::path& path) override { return stamp_at(AT_FDCWD, path.c_str()); }

  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) fail("rename '" + from.string() + "' to", to, errno, Access::write);
  }

  void remove(const std::filesystem::path& path) override {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail("remove", path, errno, Access::write);
  }

  void remove_folder(const std::filesystem::path& path) override {
    if (::rmdir(path.c_str()) != 0) fail("remove the folder", path, errno, Access::write);
  }

  void sync_folder(const std::filesystem::path& path) override {
    const base::BlockingRegion region;
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) fail("open the folder", path, errno, Access::write);
    const int result = ::fsync(fd);
    const int error = errno;
    ::close(fd);
    if (result != 0 && error != EINVAL && error != EROFS) fail("sync the folder", path, error, Access::write);
  }

  bool is_shared_medium(const std::filesystem::path& path) override {
    struct ::statfs status{};
    if (::statfs(path.c_str(), &status) != 0) return false;
    constexpr std::uint32_t k_cifs = 0xFF534D42;  // fs/smb/client/cifsglob.h, not in linux/magic.h
    constexpr std::uint32_t k_smb2 = 0xFE534D42;
    constexpr std::uint32_t k_fuse = 0x65735546;
    const auto type = static_cast<std::uint32_t>(status.f_type);
    return type == NFS_SUPER_MAGIC || type == SMB_SUPER_MAGIC || type == k_cifs || type == k_smb2 || type == k_fuse ||
           type == V9FS_MAGIC;
  }
};

}  // namespace

std::unique_ptr<OpenFolder> FileSystem::open_folder(const std::filesystem::path& path) {
  class ByPath final : public OpenFolder {
   public:
    ByPath(FileSystem& files, std::filesystem::path path) : files_(files), path_(std::move(path)) {}
    std::vector<FolderEntry> list() override { return files_.list(path_); }
    std::optional<Stamp> stamp(const std::string& relative) override { return files_.stamp(path_ / relative); }

   private:
    FileSystem& files_;
    const std::filesystem::path path_;
  };
  return std::make_unique<ByPath>(*this, path);
}

FileSystem& system_files() {
  static PosixFileSystem* const k_files = new PosixFileSystem;  // outlives every static destructor
  return *k_files;
}

std::string read_text(FileSystem& files, const std::filesystem::path& path) {
  const std::unique_ptr<File> file = files.open(path, OpenMode::read);
  if (!file) throw StorageError("cannot read '" + path.string() + "': there is no such file");
  std::string text(file->size(), '\0');
  text.resize(file->read_at(0, std::as_writable_bytes(std::span<char>(text.data(), text.size()))));
  return text;
}

void replace_text(FileSystem& files, const std::filesystem::path& path, std::string_view text) {
  std::filesystem::path temporary = path;
  temporary += ".tmp";
  files.remove(temporary);
  {
    const std::unique_ptr<File> file = files.open(temporary, OpenMode::create);
    file->write_at(0, as_bytes(text));
    file->sync();
  }
  files.rename(temporary, path);
}

}  // namespace wheatstone::io
