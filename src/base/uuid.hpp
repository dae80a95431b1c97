#pragma once
// Identifiers of runs: UUID version 7 (RFC 9562, section 5.7), which sort by time.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <wheatstone/duration.hpp>

namespace wheatstone::base {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  /// "01a9c4d2-....", lower case, 36 characters.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] static std::optional<Uuid> parse(std::string_view text);
  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

/// A new identifier for that instant; random bits from the kernel.
[[nodiscard]] Uuid make_uuid_v7(Time now);

}  // namespace wheatstone::base
