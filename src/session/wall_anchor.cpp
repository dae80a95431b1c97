#include "session/wall_anchor.hpp"

#include <cstdlib>

namespace wheatstone::session {
namespace {
constexpr std::int64_t k_minute = 60'000'000'000;
constexpr std::int64_t k_jump = 10'000'000;
}  // namespace

WallAnchor::WallAnchor(base::Clock& clock) : clock_(clock), offset_(measured_offset()), taken_at_(clock.boottime()) {}

std::int64_t WallAnchor::measured_offset() const {
  const std::int64_t before = clock_.boottime();
  const std::int64_t wall = clock_.wall().nanoseconds;
  const std::int64_t after = clock_.boottime();
  return wall - before - (after - before) / 2;
}

std::optional<Duration> WallAnchor::refresh() {
  const std::int64_t offset = measured_offset();
  const std::int64_t now = clock_.boottime();
  if (now - taken_at_ < k_minute && std::llabs(offset - offset_) < k_jump) return std::nullopt;
  const Duration moved = std::chrono::nanoseconds(offset - offset_);
  offset_ = offset;
  taken_at_ = now;
  return moved;
}

}  // namespace wheatstone::session
