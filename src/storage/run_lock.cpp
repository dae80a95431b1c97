#include "storage/run_lock.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <wheatstone/error.hpp>

#include "base/clock.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone::storage {
namespace {

/// Filled up with spaces, so that a shorter text covers a longer one.
constexpr std::size_t k_holder_size = 256;

std::string this_holder() {
  std::string text = fmt::format("process {} of {} on {} since {}Z", ::getpid(), base::user_name(), base::host_name(),
                                 rfc3339(base::system_clock().wall()).substr(0, 19));
  text.resize(k_holder_size - 1, ' ');
  return text + "\n";
}

}  // namespace

RunLock take_run_lock(io::FileSystem& files, const std::filesystem::path& folder) {
  RunLock lock{files.open(folder / k_lock_file, io::OpenMode::update)};
  const io::Locked locked = lock.file->lock();
  if (locked == io::Locked::held) {
    throw StorageError("the run '" + folder.string() + "' is being written by " + run_lock_holder(files, folder) +
                       "; a run has one writer, end it there first");
  }
  lock.supported = locked == io::Locked::taken;
  lock.file->write_at(0, io::as_bytes(this_holder()));
  return lock;
}

std::string run_lock_holder(io::FileSystem& files, const std::filesystem::path& folder) {
  if (!files.exists(folder / k_lock_file)) return "another process";
  const std::string text = io::read_text(files, folder / k_lock_file);
  const std::string_view holder = base::trimmed(std::string_view(text).substr(0, text.find('\n')));
  return holder.empty() ? "another process" : std::string(holder);
}

}  // namespace wheatstone::storage
