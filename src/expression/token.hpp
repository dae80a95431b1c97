#pragma once
// The words of an expression.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wheatstone::expression {

struct Token {
  enum class Kind : std::uint8_t { end, number, name, symbol, unknown } kind = Kind::end;
  std::string_view text = {};
  std::size_t at = 0;  ///< bytes before it
};

/// Takes text apart, one word ahead. Views into the text, which has to outlive it.
class TokenReader {
 public:
  explicit TokenReader(std::string_view text) : text_(text) { advance(); }
  [[nodiscard]] const Token& now() const { return now_; }
  void advance();
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  [[nodiscard]] std::size_t number_end(std::size_t at) const;
  [[nodiscard]] std::size_t name_end(std::size_t at) const;

  std::string_view text_;
  std::size_t next_ = 0;
  Token now_;
};

}  // namespace wheatstone::expression
