#include "storage/run_lock.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <span>
#include <sstream>
#include <wheatstone/error.hpp>

#include "base/clock.hpp"
#include "base/process.hpp"
#include "base/process_identity.hpp"
#include "base/text.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone::storage {
namespace {

/// Lines are filled up with spaces, so that a shorter text covers a longer one.
constexpr std::size_t k_holder_size = 256;

std::string this_holder() {
  std::string text = fmt::format("process {} of {} on {} since {}Z", ::getpid(), base::user_name(), base::host_name(),
                                 rfc3339(base::system_clock().wall()).substr(0, 19));
  text.resize(k_holder_size - 1, ' ');
  return text + "\n";
}

/// The second line: who writes without a lock.
constexpr std::string_view k_without = "without a lock:";

std::string padded(std::string text) {
  text.resize(k_holder_size - 1, ' ');
  return text + "\n";
}

std::string second_line(const base::ProcessIdentity& process) {
  return padded(fmt::format("{} {} {} {}", k_without, process.number, process.started, process.machine));
}

/// None where nobody writes without a lock.
std::optional<base::ProcessIdentity> unlocked_holder(io::File& file) {
  std::string text(k_holder_size, '\0');
  text.resize(file.read_at(k_holder_size, std::as_writable_bytes(std::span(text))));
  if (!text.starts_with(k_without)) return std::nullopt;
  std::istringstream words(text.substr(k_without.size()));
  base::ProcessIdentity process;
  words >> process.number >> process.started >> process.machine;
  return process;
}

/// Of a process that cannot be asked after.
bool changed_lately(io::FileSystem& files, const std::filesystem::path& folder) {
  constexpr std::int64_t k_day_ns = 86'400'000'000'000;
  std::int64_t latest = 0;
  for (const io::FolderEntry& entry : files.list(folder)) {
    if (const std::optional<io::Stamp> stamp = files.stamp(folder / entry.name))
      latest = std::max(latest, stamp->modified_ns);
  }
  return latest > base::system_clock().wall().nanoseconds - k_day_ns;
}

bool holder_lives(io::FileSystem& files, const std::filesystem::path& folder, io::File& lock) {
  const std::optional<base::ProcessIdentity> holder = unlocked_holder(lock);
  if (!holder) return false;
  const std::optional<bool> runs = base::is_running(*holder);
  return runs ? *runs : changed_lately(files, folder);
}

[[noreturn]] void refuse(io::FileSystem& files, const std::filesystem::path& folder, std::string_view more) {
  throw StorageError("the run '" + folder.string() + "' is being written by " + run_lock_holder(files, folder) +
                     "; a run has one writer, end it there first" + std::string(more));
}

}  // namespace

RunLock take_run_lock(io::FileSystem& files, const std::filesystem::path& folder) {
  std::unique_ptr<io::File> file = files.open(folder / k_lock_file, io::OpenMode::update);
  const io::Locked locked = file->lock();
  if (locked == io::Locked::held) refuse(files, folder, "");
  if (holder_lives(files, folder, *file))
    refuse(files, folder, " (this medium has no locks: where that process does not run any more, delete run.lock)");
  const bool supported = locked == io::Locked::taken;
  file->write_at(0, io::as_bytes(this_holder()));
  if (!supported || file->size() > k_holder_size)
    file->write_at(k_holder_size, io::as_bytes(supported ? padded({}) : second_line(base::this_process())));
  return {std::move(file), supported};
}

void RunLock::release() noexcept {
  if (!file_) return;
  try {
    if (!supported_) file_->write_at(k_holder_size, io::as_bytes(padded({})));
  } catch (const std::exception&) {
    // The end of the process says the same.
  }
  file_.reset();
}

bool run_lock_is_held(io::FileSystem& files, const std::filesystem::path& folder) {
  const std::unique_ptr<io::File> lock = files.open(folder / k_lock_file, io::OpenMode::read);
  return lock && (lock->locked_elsewhere() || holder_lives(files, folder, *lock));
}

std::string run_lock_holder(io::FileSystem& files, const std::filesystem::path& folder) {
  if (!files.exists(folder / k_lock_file)) return "another process";
  const std::string text = io::read_text(files, folder / k_lock_file);
  const std::string_view holder = base::trimmed(std::string_view(text).substr(0, text.find('\n')));
  return holder.empty() ? "another process" : std::string(holder);
}

}  // namespace wheatstone::storage
