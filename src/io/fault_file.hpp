#pragma once
// A disk in memory that fails on demand: loses power, is full, refuses. For tests only.

#include <algorithm>
#include <atomic>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>
#include <wheatstone/error.hpp>

#include "io/file.hpp"

namespace wheatstone::io {

/// The disk. What a program sees is `live`; what survives a loss of power is what was synced, and any mixture of that
/// and what was not, page by page. Names behave alike: those not synced are lost from some point on. Any thread.
class FaultDisk final : public FileSystem {
 public:
  static constexpr std::size_t k_page = 4096;

  struct Inode {
    std::vector<std::uint64_t> live;  // words, so that mappings are aligned
    std::uint64_t size = 0;
    std::vector<std::byte> durable;
    bool locked = false;
    std::shared_ptr<std::atomic<int>> let_go_count;  ///< of the disk
    [[nodiscard]] std::byte* data() { return reinterpret_cast<std::byte*>(live.data()); }
  };

  // What it does wrong; set at will, by any thread.
  std::atomic<std::uint64_t> capacity{UINT64_MAX};  ///< bytes that all files together may have
  std::atomic<bool> refuse_reservation{false};
  std::atomic<bool> refuse_map{false};
  std::atomic<bool> refuse_lock{false};
  std::atomic<bool> fail_sync{false};
  std::shared_ptr<std::atomic<int>> let_go_count =
      std::make_shared<std::atomic<int>>(0);  ///< mappings that gave up memory

  /// Has `call` called before each call that changes a file or a name, in its thread; none: nothing. It may be changed
  /// while other threads change files: one of them may still be in the former call.
  void before_change(std::function<void()> call) {
    const std::scoped_lock lock(before_change_mutex_);
    before_change_ = std::move(call);
  }

  std::unique_ptr<File> open(const std::filesystem::path& path, OpenMode mode) override;

  bool make_folder(const std::filesystem::path& path) override {
    announce();
    const std::scoped_lock lock(mutex_);
    return folders_.emplace(path.string(), true).second;
  }
  void make_folders(const std::filesystem::path& path) override {
    const std::scoped_lock lock(mutex_);
    folders_.emplace(path.string(), true);
  }
  std::vector<FolderEntry> list(const std::filesystem::path& path) override {
    const std::scoped_lock lock(mutex_);
    std::vector<FolderEntry> entries;
    for (const auto& [name, inode] : names_) {
      if (std::filesystem::path(name).parent_path() == path)
        entries.push_back({std::filesystem::path(name).filename().string(), false});
    }
    return entries;
  }
  bool exists(const std::filesystem::path& path) override {
    const std::scoped_lock lock(mutex_);
    return names_.count(path.string()) != 0 || folders_.count(path.string()) != 0;
  }
  std::optional<Stamp> stamp(const std::filesystem::path& path) override {
    const std::scoped_lock lock(mutex_);
    if (folders_.count(path.string()) != 0) return Stamp{.is_folder = true};
    const auto found = names_.find(path.string());
    if (found == names_.end()) return std::nullopt;
    return Stamp{.size = found->second->size, .number = reinterpret_cast<std::uintptr_t>(found->second.get())};
  }
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    announce();
    const std::scoped_lock lock(mutex_);
    const auto inode = names_.at(from.string());
    names_.erase(from.string());
    names_[to.string()] = inode;
    steps_.push_back({from.string(), nullptr});
    steps_.push_back({to.string(), inode});
  }
  void remove(const std::filesystem::path& path) override {
    announce();
    const std::scoped_lock lock(mutex_);
    if (names_.erase(path.string()) != 0) steps_.push_back({path.string(), nullptr});
  }
  void remove_folder(const std::filesystem::path& path) override {
    announce();
    const std::scoped_lock lock(mutex_);
    folders_.erase(path.string());
  }
  void sync_folder(const std::filesystem::path&) override {
    announce();
    const std::scoped_lock lock(mutex_);
    apply_steps(steps_.size());
  }
  bool is_shared_medium(const std::filesystem::path&) override { return false; }

  /// Some pages reach the medium by themselves, as kernels do at any time.
  void write_back(std::mt19937_64& random) {
    const std::scoped_lock lock(mutex_);
    for (const auto& [name, inode] : names_) keep_some_pages(*inode, random);
  }

  /// What a reader may find under `folder` after the power is lost now, written to a real folder.
  void lose_power(std::mt19937_64& random, const std::filesystem::path& folder, const std::filesystem::path& to) {
    const std::scoped_lock lock(mutex_);
    apply_steps(random() % (steps_.size() + 1));
    std::filesystem::create_directories(to);
    for (const auto& [name, inode] : durable_names_) {
      if (std::filesystem::path(name).parent_path() != folder) continue;
      keep_some_pages(*inode, random);
      std::ofstream out(to / std::filesystem::path(name).filename(), std::ios::binary);
      out.write(reinterpret_cast<const char*>(inode->durable.data()),
                static_cast<std::streamsize>(inode->durable.size()));
    }
  }

  /// What the others find under `folder` when the process is killed now, written to a real folder.
  void kill(const std::filesystem::path& folder, const std::filesystem::path& to) {
    const std::scoped_lock lock(mutex_);
    std::filesystem::create_directories(to);
    for (const auto& [name, inode] : names_) {
      if (std::filesystem::path(name).parent_path() != folder) continue;
      std::ofstream out(to / std::filesystem::path(name).filename(), std::ios::binary);
      const std::vector<char> bytes = found_bytes(inode->data(), inode->size);
      out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
  }

  /// Puts a real folder's files on the disk, synced.
  void load(const std::filesystem::path& from, const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(from)) {
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
      const auto file = open(folder / entry.path().filename(), OpenMode::create);
      file->write_at(0, as_bytes(bytes));
      file->sync();
    }
    sync_folder(folder);
  }

 private:
  /// A copy of mapped memory that another thread may be writing, as a kill finds it: in the middle of things.
#if defined(__SANITIZE_THREAD__)
  __attribute__((no_sanitize("thread"), noinline))
#endif
  static std::vector<char>
  found_bytes(const std::byte* bytes, std::size_t size) {
    std::vector<char> found(size);
    const volatile std::byte* const live = bytes;
    char* const to = found.data();
    for (std::size_t i = 0; i < size; ++i) to[i] = static_cast<char>(live[i]);
    return found;
  }

  friend class FaultFile;
  void announce() const {
    std::function<void()> call;
    {
      const std::scoped_lock lock(before_change_mutex_);
      call = before_change_;
    }
    if (call) call();
  }
  struct Step {
    std::string name;
    std::shared_ptr<Inode> inode;  // none where the name goes
  };

  void apply_steps(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      if (steps_[i].inode)
        durable_names_[steps_[i].name] = steps_[i].inode;
      else
        durable_names_.erase(steps_[i].name);
    }
    steps_.erase(steps_.begin(), steps_.begin() + static_cast<std::ptrdiff_t>(count));
  }

  // Reads what another thread may be writing, as a kernel's write-back does: each word is old or new.
  __attribute__((no_sanitize("thread"))) static void keep_page(Inode& inode, std::size_t page) {
    const std::size_t start = page * k_page;
    const std::size_t end = std::min<std::size_t>({start + k_page, inode.size, inode.durable.size()});
    const volatile std::byte* from = inode.data();
    for (std::size_t i = start; i < end; ++i) inode.durable[i] = from[i];
  }

  static void keep_some_pages(Inode& inode, std::mt19937_64& random) {
    if (random() % 4 != 0) inode.durable.resize(std::max<std::size_t>(inode.durable.size(), inode.size));
    const auto bias = static_cast<unsigned>(random() % 5);
    for (std::size_t page = 0; page * k_page < inode.durable.size(); ++page) {
      if (random() % 5 < bias) keep_page(inode, page);
    }
  }

  void grow(Inode& inode, std::uint64_t size, const std::string& what) {
    if (size <= inode.size) return;
    std::uint64_t used = size - inode.size;
    for (const auto& [name, each] : names_) used += each->size;
    if (used > capacity)
      throw StorageError("cannot " + what + ": No space left on device; the medium is full, free some space");
    if (size > inode.live.size() * 8) inode.live.resize(size / 8 + 1);
    inode.size = size;
  }

  std::mutex mutex_;
  mutable std::mutex before_change_mutex_;
  std::function<void()> before_change_;
  std::map<std::string, bool> folders_;
  std::map<std::string, std::shared_ptr<Inode>> names_;
  std::map<std::string, std::shared_ptr<Inode>> durable_names_;
  std::vector<Step> steps_;  // changes of names since the last sync
};

/// A file of it.
class FaultFile final : public File {
 public:
  FaultFile(FaultDisk& disk, std::shared_ptr<FaultDisk::Inode> inode, std::string path)
      : disk_(disk), inode_(std::move(inode)), path_(std::move(path)) {}
  ~FaultFile() override {
    const std::scoped_lock lock(disk_.mutex_);
    if (mine_) inode_->locked = false;
  }

  std::uint64_t size() override {
    const std::scoped_lock lock(disk_.mutex_);
    return inode_->size;
  }
  Reservation reserve(std::uint64_t size) override {
    disk_.announce();
    const std::scoped_lock lock(disk_.mutex_);
    if (disk_.refuse_reservation) return Reservation::refused;
    disk_.grow(*inode_, size, "reserve room for '" + path_ + "'");
    return Reservation::reserved;
  }
  std::shared_ptr<Mapping> map(std::uint64_t size, Access access) override {
    const std::scoped_lock lock(disk_.mutex_);
    if (disk_.refuse_map) return nullptr;
    if (access == Access::write) return std::make_shared<View>(inode_, inode_->data(), size);
    // A reader in another process; its view is a copy, as good as any that it could have read.
    auto copy = std::make_shared<FaultDisk::Inode>(*inode_);
    return std::make_shared<View>(copy, copy->data(), size);
  }
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes) override {
    disk_.announce();
    const std::scoped_lock lock(disk_.mutex_);
    disk_.grow(*inode_, offset + bytes.size(), "write '" + path_ + "'");
    if (!bytes.empty()) std::memcpy(inode_->data() + offset, bytes.data(), bytes.size());
  }
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> bytes) override {
    const std::scoped_lock lock(disk_.mutex_);
    const std::uint64_t there =
        offset >= inode_->size ? 0 : std::min<std::uint64_t>(inode_->size - offset, bytes.size());
    if (there != 0) std::memcpy(bytes.data(), inode_->data() + offset, there);
    return there;
  }
  void append(std::span<const std::byte> bytes) override { write_at(size(), bytes); }
  void sync() override {
    disk_.announce();
    const std::scoped_lock lock(disk_.mutex_);
    if (disk_.fail_sync) throw StorageError("cannot sync '" + path_ + "': Input/output error");
    inode_->durable.resize(inode_->size);
    for (std::size_t page = 0; page * FaultDisk::k_page < inode_->size; ++page) FaultDisk::keep_page(*inode_, page);
  }
  Locked lock() override {
    const std::scoped_lock lock(disk_.mutex_);
    if (disk_.refuse_lock) return Locked::unsupported;
    if (inode_->locked) return Locked::held;
    return inode_->locked = mine_ = true, Locked::taken;
  }
  bool locked_elsewhere() override {
    const std::scoped_lock lock(disk_.mutex_);
    return inode_->locked && !mine_;
  }

 private:
  class View final : public Mapping {
   public:
    View(std::shared_ptr<FaultDisk::Inode> inode, std::byte* data, std::size_t size)
        : Mapping(data, size), inode_(std::move(inode)) {}
    void let_go() override { inode_->let_go_count->fetch_add(1); }

   private:
    std::shared_ptr<FaultDisk::Inode> inode_;
  };

  FaultDisk& disk_;
  std::shared_ptr<FaultDisk::Inode> inode_;
  std::string path_;
  bool mine_ = false;
};

inline std::unique_ptr<File> FaultDisk::open(const std::filesystem::path& path, OpenMode mode) {
  if (mode != OpenMode::read) announce();
  const std::scoped_lock lock(mutex_);
  const auto found = names_.find(path.string());
  if (mode == OpenMode::create && found != names_.end())
    throw StorageError("cannot create '" + path.string() + "': File exists");
  if (found != names_.end()) return std::make_unique<FaultFile>(*this, found->second, path.string());
  if (mode == OpenMode::read) return nullptr;
  auto inode = std::make_shared<Inode>();
  inode->let_go_count = let_go_count;
  names_[path.string()] = inode;
  steps_.push_back({path.string(), inode});
  return std::make_unique<FaultFile>(*this, inode, path.string());
}

}  // namespace wheatstone::io
