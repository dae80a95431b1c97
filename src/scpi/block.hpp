#pragma once
// Arbitrary blocks (IEEE 488.2 sections 7.7.6 and 8.7.9): #15hello, and #0... up to the end of the message.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace wheatstone::scpi {

/// The head of a block: how long it is, and how many bytes follow.
struct BlockHeader {
  std::size_t head_length = 0;                  ///< 2 for #0 and #-with-one-digit heads: 2 + n
  std::optional<std::size_t> data_length = {};  ///< absent for the indefinite form, whose data ends with the message
};

/// Reads the head at the start of `text`. Absent where it is no block, or where more bytes are needed to tell: 11
/// always suffice.
[[nodiscard]] std::optional<BlockHeader> parse_block_header(std::string_view text);

/// The data of a whole block that fills `text`, without the newline that ends a message. Absent where the block is
/// malformed or shorter than it says.
[[nodiscard]] std::optional<std::string_view> parse_block(std::string_view text);

/// Appends "#15" before five bytes: the head of a definite block with the fewest digits, or with `digits` of them as
/// some instruments always send ("#800000005").
void append_block_header(std::string& out, std::size_t data_length, int digits = 0);

}  // namespace wheatstone::scpi
