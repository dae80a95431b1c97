#pragma once
// Waiting for an instant, with the last stretch spun.

#include <cstdint>
#include <optional>
#include <stop_token>

#include "base/clock.hpp"

namespace wheatstone::session {

/// Sleeps until shortly before the deadline, then spins for as long as wake-ups have lately been late: at most 1 ms and
/// half an interval, since a thread that never sleeps is soon made to wait by the kernel, and not for intervals above
/// 100 ms unless asked for. Never spins in virtual time. One thread.
class PreciseWait {
 public:
  PreciseWait(base::Clock& clock, std::int64_t interval, std::optional<bool> precise);

  base::Clock::Wake until(std::int64_t deadline, const std::stop_token& stop);

 private:
  base::Clock& clock_;
  bool spins_;
  std::int64_t most_margin_;
  std::int64_t margin_;  ///< how much of the wait is spun
};

}  // namespace wheatstone::session
