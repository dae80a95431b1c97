#pragma once
// Stream sockets between the processes of one account on one machine.

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/process.hpp"

namespace wheatstone::io {

/// Who is at the other end, as the kernel says (SO_PEERCRED, unix(7)).
struct Peer {
  uid_t uid = 0;
  pid_t pid = 0;

  [[nodiscard]] std::string user() const;     ///< the account's name, or its number
  [[nodiscard]] std::string program() const;  ///< what runs as that pid; empty where it cannot be told
};

/// Owns a file descriptor; a forked child's copy is closed at the fork.
class LocalSocket {
 public:
  explicit LocalSocket(int fd) : fd_(fd), in_child_(fd) {}
  ~LocalSocket();
  LocalSocket(const LocalSocket&) = delete;
  LocalSocket& operator=(const LocalSocket&) = delete;

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] std::optional<Peer> peer() const;

 private:
  int fd_;
  base::ClosedInChild in_child_;
  base::ProcessBound process_;
};

/// Where sockets of this account go, the first that serves: $XDG_RUNTIME_DIR/wheatstone, else wheatstone-<uid> in the
/// system's temporary folder, else the same in /tmp. It serves where it is, or can be made, this account's own folder
/// that nobody else may enter (0700), and where the whole path with `name` fits a socket's address (107 bytes). Throws
/// ConfigurationError saying what is wrong with each where none serves.
[[nodiscard]] std::filesystem::path socket_path(std::string_view name);

/// A listening socket at `path`, for its owner only (0600). It appears there when it already listens, so that whoever
/// finds it refused knows it for stale. Throws ConnectionError.
[[nodiscard]] int listen_at(const std::filesystem::path& path);

/// A stream to whoever listens there, nobody else's than this account's. Throws ConnectionError.
[[nodiscard]] int connect_to(const std::filesystem::path& path);

/// Removes the sockets of `folder` (names ending in ".sock") that nobody listens at any more.
void remove_stale_sockets(const std::filesystem::path& folder) noexcept;

}  // namespace wheatstone::io
