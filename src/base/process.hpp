#pragma once
// Objects belong to the process that made them: after a fork, the child's copies are inert.

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace wheatstone::base {

/// Counts forks this process descends through; changes in a child, never in the parent.
[[nodiscard]] std::uint64_t fork_generation() noexcept;

/// The login name of a user, or the user's number where it has none; of the process's own user; the machine's name.
[[nodiscard]] std::string user_name(unsigned int uid);
[[nodiscard]] std::string user_name();
[[nodiscard]] std::string host_name();

/// Remembers the process of its construction.
class ProcessBound {
 public:
  ProcessBound() noexcept : generation_(fork_generation()) {}

  [[nodiscard]] bool in_own_process() const noexcept { return generation_ == fork_generation(); }

  /// Throws ConfigurationError naming `what` where the process is a forked child.
  void require_own_process(std::string_view what) const;

 private:
  std::uint64_t generation_;
};

/// While it lives, `fd` is closed in every child at its fork, before the child's own code runs: what listens or is
/// locked ends with the process that it belongs to, however long its children live. One of the first 256 at a time;
/// beyond that it does nothing.
class ClosedInChild {
 public:
  explicit ClosedInChild(int fd) noexcept;
  ~ClosedInChild();
  ClosedInChild(const ClosedInChild&) = delete;
  ClosedInChild& operator=(const ClosedInChild&) = delete;

 private:
  std::atomic<int>* place_ = nullptr;
};

}  // namespace wheatstone::base
