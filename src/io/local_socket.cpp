#include "io/local_socket.hpp"

#include <fmt/core.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <vector>
#include <wheatstone/error.hpp>

namespace wheatstone::io {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t k_longest_path = sizeof(sockaddr_un{}.sun_path) - 1;
constexpr int k_waiting = 16;              // connections that the kernel holds until they are taken
constexpr std::size_t k_most_looks = 256;  // at sockets of others, in search of stale ones

sockaddr_un address_of(const fs::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), k_longest_path);
  return address;
}

int make_socket(int more) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | more, 0);
  if (fd < 0) throw ConnectionError(fmt::format("no socket could be made: {}", std::strerror(errno)));
  return fd;
}

bool call(int (*function)(int, const sockaddr*, socklen_t), int fd, const fs::path& path) {
  const sockaddr_un address = address_of(path);
  return function(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

/// What is wrong with a folder for sockets, made where missing; none where it serves.
std::optional<std::string> trouble_with(const fs::path& folder, std::string_view name) {
  if ((folder / name).native().size() > k_longest_path) {
    return fmt::format("{} is too long for a socket's address", (folder / name).string());
  }
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return fmt::format("{} cannot be made: {}", folder.string(), std::strerror(errno));
  }
  struct stat status{};
  if (::lstat(folder.c_str(), &status) != 0) {
    return fmt::format("{} cannot be looked at: {}", folder.string(), std::strerror(errno));
  }
  if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 077) != 0) {
    return fmt::format("{} is no folder of this account alone", folder.string());
  }
  return std::nullopt;
}

std::vector<fs::path> candidates() {
  std::vector<fs::path> folders;
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  if (runtime != nullptr && fs::path(runtime).is_absolute()) folders.push_back(fs::path(runtime) / "wheatstone");
  const std::string own = fmt::format("wheatstone-{}", ::geteuid());
  std::error_code none;
  if (const fs::path temporary = fs::temp_directory_path(none); !none) folders.push_back(temporary / own);
  folders.push_back(fs::path("/tmp") / own);
  return folders;
}

bool nobody_listens_at(const fs::path& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return false;
  const bool refused = !call(::connect, fd, path) && errno == ECONNREFUSED;
  ::close(fd);
  return refused;
}

}  // namespace

std::string Peer::user() const { return base::user_name(uid); }

std::string Peer::program() const {
  std::ifstream file(fmt::format("/proc/{}/comm", pid));
  std::string name;
  std::getline(file, name);
  return name;
}

LocalSocket::~LocalSocket() {
  if (process_.in_own_process()) ::close(fd_);
}

std::optional<Peer> LocalSocket::peer() const {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(fd_, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return std::nullopt;
  return Peer{.uid = credentials.uid, .pid = credentials.pid};
}

fs::path socket_path(std::string_view name) {
  std::string troubles;
  for (const fs::path& folder : candidates()) {
    const auto trouble = trouble_with(folder, name);
    if (!trouble) return folder / name;
    troubles += (troubles.empty() ? "" : "; ") + *trouble;
  }
  throw ConfigurationError(fmt::format("no folder serves for a socket ({}); set XDG_RUNTIME_DIR", troubles));
}

int listen_at(const fs::path& path) {
  const fs::path before = path.string() + "~";  // a name that nobody looks for
  const int fd = make_socket(SOCK_NONBLOCK);
  ::unlink(before.c_str());
  const fs::path& name = before.native().size() <= k_longest_path ? before : path;
  if (call(::bind, fd, name) && ::chmod(name.c_str(), 0600) == 0 && ::listen(fd, k_waiting) == 0 &&
      (name == path || ::rename(name.c_str(), path.c_str()) == 0)) {
    return fd;
  }
  const int error = errno;
  ::close(fd);
  throw ConnectionError(fmt::format("nothing can listen at {}: {}", path.string(), std::strerror(error)));
}

int connect_to(const fs::path& path) {
  if (path.native().size() > k_longest_path) {
    throw ConnectionError(fmt::format("{} is too long for a socket's address", path.string()));
  }
  const int fd = make_socket(0);
  const timeval patience{.tv_sec = 5, .tv_usec = 0};  // where the other end takes no connections any more
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (!call(::connect, fd, path)) {
    const int error = errno;
    ::close(fd);
    throw ConnectionError(fmt::format("nobody answers at {}: {}", path.string(), std::strerror(error)));
  }
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 && credentials.uid == ::geteuid()) return fd;
  ::close(fd);
  throw ConnectionError(fmt::format("{} is another account's; a run is controlled by its owner", path.string()));
}

void remove_stale_sockets(const fs::path& folder) noexcept {
  std::error_code ended;
  std::size_t looks = 0;
  try {
    for (fs::directory_iterator entry(folder, ended); !ended && entry != fs::directory_iterator();
         entry.increment(ended)) {
      const fs::path& path = entry->path();
      if (path.extension() != ".sock" || ++looks > k_most_looks) continue;
      if (path.native().size() <= k_longest_path && nobody_listens_at(path)) ::unlink(path.c_str());
    }
  } catch (...) {  // another process tidies the same folder; what is left is left to the next run
  }
}

}  // namespace wheatstone::io
