#pragma once
// Instants as people type them.

#include <string_view>
#include <wheatstone/duration.hpp>

namespace wheatstone::cli {

/// What an instant was typed as covers: a day covers all of it, a minute its sixty seconds.
struct TypedTime {
  Time begin = {};
  Time end = {};  ///< the first instant after it
};

/// "2026-11-23", "2026-11-23 10:15", "2026-11-23T10:15:02Z", all in UTC as the listings are; "today", "yesterday",
/// "now"; or how long ago: "30min", "2h", "3d", "2w". Throws ConfigurationError with what would be understood.
[[nodiscard]] TypedTime typed_time(std::string_view text, Time now);

/// Now, by the system's clock.
[[nodiscard]] Time wall_now();

}  // namespace wheatstone::cli
