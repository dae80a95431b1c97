#include "bench/address_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <wheatstone/error.hpp>

#include "base/clock.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone::bench {
namespace {

constexpr mode_t k_everybody_no_removal = 01777;  // as /tmp: all may add, only the owner may remove
constexpr mode_t k_everybody = 0666;

std::string file_name(const std::string& address) {
  std::string name;
  for (const char c : address)
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' ? c : '_';
  return name + ".lock";
}

struct flock whole_file(short type) {
  struct flock lock{};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

/// Opens it for reading and writing, whoever made it. Creating is a step of its own: in a folder like /tmp the kernel
/// may refuse O_CREAT for a file that is there and somebody else's (fs.protected_regular).
int open_file(const std::filesystem::path& file) {
  for (int attempt = 0; attempt < 3; ++attempt) {
    int fd = ::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0 || errno != ENOENT) return fd;
    fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, k_everybody);
    if (fd >= 0) {
      [[maybe_unused]] const int done = ::fchmod(fd, k_everybody);  // past the umask
      return fd;
    }
    if (errno != EEXIST) return fd;
  }
  return -1;
}

std::string holder_in(int fd) {
  std::array<char, 256> text{};
  const ssize_t n = ::pread(fd, text.data(), text.size(), 0);
  const std::string_view held = base::trimmed({text.data(), n > 0 ? static_cast<std::size_t>(n) : 0});
  return held.empty() ? "another process" : std::string(held.substr(0, held.find('\n')));
}

}  // namespace

struct AddressLock::State {
  int fd = -1;
  base::ProcessBound process;
};

std::filesystem::path lock_folder() {
  if (const char* const given = std::getenv("WHEATSTONE_LOCKS"); given != nullptr && *given != '\0') return given;
  return std::filesystem::temp_directory_path() / "wheatstone-locks";
}

AddressLock::AddressLock(const std::string& alias, const transport::ResourceName& name,
                         const std::filesystem::path& folder)
    : state_(std::make_unique<State>()) {
  const std::string address = name.canonical();
  const ErrorContext context{.alias = alias, .address = address};
  if (std::error_code error; std::filesystem::create_directories(folder, error)) {
    [[maybe_unused]] const int done = ::chmod(folder.c_str(), k_everybody_no_removal);
  }
  const std::filesystem::path file = folder / file_name(address);
  state_->fd = open_file(file);
  if (state_->fd < 0) {
    throw ConnectionError(
        fmt::format("{}: {} cannot be taken: its lock file {} cannot be opened ({}); name another folder in "
                    "WHEATSTONE_LOCKS, or connect it as shared",
                    alias, address, file.string(), std::strerror(errno)),
        context);
  }
  struct flock lock = whole_file(F_WRLCK);
  if (::fcntl(state_->fd, F_OFD_SETLK, &lock) != 0) {
    const std::string holder = holder_in(state_->fd);
    ::close(state_->fd);
    throw ConnectionError(
        fmt::format("{}: {} is in use by {}; close it there, or connect it as shared", alias, address, holder),
        context);
  }
  const std::string held = fmt::format("process {} of {} since {}\n", ::getpid(), base::user_name(),
                                       storage::rfc3339(base::system_clock().wall()).substr(0, 19) + "Z");
  if (::ftruncate(state_->fd, 0) != 0 || ::pwrite(state_->fd, held.data(), held.size(), 0) < 0) {
    // Who holds it cannot be told then; the lock holds all the same.
  }
}

AddressLock::~AddressLock() {
  if (!state_->process.in_own_process()) return;
  struct flock lock = whole_file(F_UNLCK);
  ::fcntl(state_->fd, F_OFD_SETLK, &lock);  // a forked child may still have the descriptor open
  ::close(state_->fd);
}

}  // namespace wheatstone::bench
