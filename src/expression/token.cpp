#include "expression/token.hpp"

#include <array>

namespace wheatstone::expression {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
// Bytes of UTF-8 beyond ASCII belong to names: Ω, µV.
constexpr bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

void TokenReader::advance() {
  while (next_ < text_.size() && is_space(text_[next_])) ++next_;
  now_ = {.kind = Token::Kind::end, .text = {}, .at = next_};
  if (next_ == text_.size()) return;
  const char c = text_[next_];
  std::size_t end = next_ + 1;
  if (is_digit(c) || (c == '.' && end < text_.size() && is_digit(text_[end]))) {
    now_.kind = Token::Kind::number;
    end = number_end(next_);
  } else if (begins_name(c)) {
    now_.kind = Token::Kind::name;
    end = name_end(next_);
  } else {
    constexpr std::array<std::string_view, 6> k_pairs = {"<=", ">=", "==", "!=", "**", "&&"};
    now_.kind =
        std::string_view("+-*/^()<>,=").find(c) == std::string_view::npos ? Token::Kind::unknown : Token::Kind::symbol;
    for (const std::string_view pair : k_pairs) {
      if (text_.substr(next_, 2) != pair) continue;
      now_.kind = Token::Kind::symbol;
      end = next_ + 2;
    }
  }
  now_.text = text_.substr(next_, end - next_);
  next_ = end;
}

std::size_t TokenReader::number_end(std::size_t at) const {
  while (at < text_.size() && is_digit(text_[at])) ++at;
  if (at < text_.size() && text_[at] == '.') ++at;
  while (at < text_.size() && is_digit(text_[at])) ++at;
  if (at < text_.size() && (text_[at] == 'e' || text_[at] == 'E')) {
    std::size_t digits = at + 1;
    if (digits < text_.size() && (text_[digits] == '+' || text_[digits] == '-')) ++digits;
    const std::size_t first = digits;
    while (digits < text_.size() && is_digit(text_[digits])) ++digits;
    if (digits > first) at = digits;
  }
  return at;
}

std::size_t TokenReader::name_end(std::size_t at) const {
  while (at < text_.size() && (begins_name(text_[at]) || is_digit(text_[at]))) ++at;
  return at;
}

}  // namespace wheatstone::expression
