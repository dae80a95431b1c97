#pragma once
// Finds where a response message ends in a stream of bytes.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace wheatstone::transport {

/// Follows a response message (IEEE 488.2, section 8.3) as its bytes come in. A message ends at a newline that is in no
/// definite-length block (8.7.9). An indefinite block (8.7.10) may hold newlines and ends with one; a stream of bytes
/// has no END to tell them apart, so the newline that ends it is the one after which nothing more has come. Each byte
/// is looked at once; a block's contents are stepped over.
class MessageScanner {
 public:
  /// Looks at what came since the last call. `message` holds all bytes so far, from the message's first. Returns the
  /// number of bytes before the newline once it is there. Throws CommunicationError for a block header that is none.
  [[nodiscard]] std::optional<std::size_t> scan(std::string_view message);

  /// How many bytes are at least still to come: what is missing of a block and the newline.
  [[nodiscard]] std::size_t missing(std::size_t held) const { return position_ >= held ? position_ - held + 1 : 1; }

  void reset() { *this = MessageScanner{}; }

 private:
  enum class State : std::uint8_t { element_start, element, quoted, block_digit, block_length, indefinite };

  void step(char c);

  std::size_t position_ = 0;  ///< of the next byte to look at
  State state_ = State::element_start;
  char quote_ = 0;
  int digits_left_ = 0;
  std::size_t length_ = 0;
};

}  // namespace wheatstone::transport
