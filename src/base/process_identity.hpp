#pragma once
// Which process it was, and whether it still runs.

#include <cstdint>
#include <optional>
#include <string>

namespace wheatstone::base {

/// Which process of which start of which machine: a number alone is given to another process one day.
struct ProcessIdentity {
  std::int64_t number = 0;
  std::uint64_t started = 0;  ///< ticks since the machine's start, /proc/PID/stat field 22 (proc(5))
  std::string machine = {};   ///< the machine's start and the processes that it sees: boot id and pid namespace

  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};
[[nodiscard]] ProcessIdentity this_process();

/// Whether that process runs. None where it ran on another machine or among other processes, and nobody here can tell.
[[nodiscard]] std::optional<bool> is_running(const ProcessIdentity& process);

}  // namespace wheatstone::base
