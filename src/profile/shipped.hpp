#pragma once
// The profiles that travel inside the library; the table is made from profiles/**/*.yaml by cmake/embed_profiles.cmake.

#include <span>
#include <string_view>

namespace wheatstone::profile {

struct ShippedProfile {
  std::string_view file;  ///< "keysight/edu36311a.yaml", below profiles/
  std::string_view yaml;
};

[[nodiscard]] std::span<const ShippedProfile> shipped_profiles();

/// profiles/profile.schema.json, as text.
[[nodiscard]] std::string_view shipped_schema();

}  // namespace wheatstone::profile
