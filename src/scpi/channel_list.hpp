#pragma once
// Channel lists: (@1), (@1,2), (@1:3) (SCPI-99 volume 1, section 8.3.2).

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wheatstone::scpi {

inline constexpr std::size_t k_most_channels = 16;

/// Channel numbers in the order given. A fixed array, so that parsing allocates nothing.
struct ChannelList {
  std::array<std::int32_t, k_most_channels> values = {};
  std::uint8_t count = 0;

  [[nodiscard]] bool empty() const { return count == 0; }
  [[nodiscard]] std::size_t size() const { return count; }
  [[nodiscard]] const std::int32_t* begin() const { return values.data(); }
  [[nodiscard]] const std::int32_t* end() const { return values.data() + count; }
  [[nodiscard]] std::int32_t operator[](std::size_t index) const { return values[index]; }
};

/// Reads "(@1,3:5)" into `list`. Returns 0, or -171 for what is no channel list, -223 for more than 16 channels. A
/// range may run downwards.
[[nodiscard]] int parse_channel_list(std::string_view text, ChannelList& list);

/// Appends "(@1,2)".
void append_channel_list(std::string& out, std::span<const int> channels);

}  // namespace wheatstone::scpi
