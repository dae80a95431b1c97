#include "transport/message_scanner.hpp"

#include <wheatstone/error.hpp>

namespace wheatstone::transport {

std::optional<std::size_t> MessageScanner::scan(std::string_view message) {
  while (position_ < message.size()) {
    if (state_ == State::element) {
      // The common case, a number: go to its end at once.
      position_ = message.find_first_of("\n,;\"'", position_);
      if (position_ == std::string_view::npos) {
        position_ = message.size();
        break;
      }
    }
    if (state_ == State::indefinite) {
      position_ = message.size();
      if (message.back() == '\n') return message.size() - 1;
      break;
    }
    const char c = message[position_];
    if (c == '\n') return position_;
    ++position_;
    step(c);
  }
  return std::nullopt;
}

void MessageScanner::step(char c) {
  switch (state_) {
    case State::quoted:
      if (c == quote_) state_ = State::element;
      return;
    case State::block_digit:
      if (c == 'H' || c == 'Q' || c == 'B') {  // a number in hexadecimal, octal or binary (8.7.5 to 8.7.7)
        state_ = State::element;
        return;
      }
      if (c < '0' || c > '9') throw CommunicationError("The answer holds a block whose header is not '#' and a digit");
      digits_left_ = c - '0';
      length_ = 0;
      state_ = digits_left_ == 0 ? State::indefinite : State::block_length;
      return;
    case State::block_length:
      if (c < '0' || c > '9') throw CommunicationError("The answer holds a block whose length is not a number");
      length_ = length_ * 10 + static_cast<std::size_t>(c - '0');
      if (--digits_left_ > 0) return;
      position_ += length_;
      state_ = State::element;
      return;
    case State::element_start:
      if (c == ' ') return;
      if (c == '#') {
        state_ = State::block_digit;
        return;
      }
      [[fallthrough]];
    case State::element:
      state_ = State::element;
      if (c == ',' || c == ';') state_ = State::element_start;
      if (c == '"' || c == '\'') {
        quote_ = c;
        state_ = State::quoted;
      }
      return;
    case State::indefinite:
      return;
  }
}

}  // namespace wheatstone::transport
