#pragma once
// Objects belong to the process that made them: after a fork, the child's copies are inert.

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace wheatstone::base {

/// Counts forks this process descends through; changes in a child, never in the parent.
[[nodiscard]] std::uint64_t fork_generation() noexcept;

/// The login name of the process's user, or the user's number where it has none; and the machine's name.
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

}  // namespace wheatstone::base
