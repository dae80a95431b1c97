#include "scpi/block.hpp"

#include <charconv>

#include "scpi/mnemonic.hpp"

namespace wheatstone::scpi {

std::optional<BlockHeader> parse_block_header(std::string_view text) {
  if (text.size() < 2 || text[0] != '#' || !is_digit(text[1])) return std::nullopt;
  const auto digits = static_cast<std::size_t>(text[1] - '0');
  if (digits == 0) return BlockHeader{2, std::nullopt};
  if (text.size() < 2 + digits) return std::nullopt;
  std::size_t length = 0;
  const char* const last = text.data() + 2 + digits;
  const auto [end, error] = std::from_chars(text.data() + 2, last, length);
  if (error != std::errc() || end != last) return std::nullopt;
  return BlockHeader{2 + digits, length};
}

std::optional<std::string_view> parse_block(std::string_view text) {
  const auto header = parse_block_header(text);
  if (!header) return std::nullopt;
  text.remove_prefix(header->head_length);
  if (!header->data_length) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    return text;
  }
  if (text.size() < *header->data_length) return std::nullopt;
  const std::string_view behind = text.substr(*header->data_length);
  if (!without_space_around(behind).empty()) return std::nullopt;
  return text.substr(0, *header->data_length);
}

void append_block_header(std::string& out, std::size_t data_length, int digits) {
  char text[24];
  char* const end = std::to_chars(text, text + sizeof text, data_length).ptr;
  const auto needed = static_cast<int>(end - text);
  if (digits < needed) digits = needed;
  out += '#';
  out += static_cast<char>('0' + digits);
  out.append(static_cast<std::size_t>(digits - needed), '0');
  out.append(text, end);
}

}  // namespace wheatstone::scpi
