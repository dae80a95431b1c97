#include "scpi/message.hpp"

#include <algorithm>

#include "scpi/block.hpp"
#include "scpi/error_list.hpp"
#include "scpi/mnemonic.hpp"

namespace wheatstone::scpi {
namespace {

/// The position behind what begins at `at`, when that is a string, a block or a parenthesis; else `at + 1`.
std::size_t behind_whole(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '"' || c == '\'') {
    const std::size_t close = text.find(c, at + 1);
    return close == std::string_view::npos ? text.size() : close + 1;
  }
  if (c == '(') {
    const std::size_t close = text.find(')', at + 1);
    return close == std::string_view::npos ? text.size() : close + 1;
  }
  if (c == '#') {
    if (const auto header = parse_block_header(text.substr(at))) {
      if (!header->data_length) return text.size();
      const std::size_t begin = at + header->head_length;
      return begin + std::min(*header->data_length, text.size() - begin);
    }
  }
  return at + 1;
}

}  // namespace

MessageReader::MessageReader(std::string_view message) : rest_(message) {}

bool MessageReader::next(std::string_view& unit) {
  while (!rest_.empty()) {
    std::size_t at = 0;
    while (at < rest_.size() && rest_[at] != ';') at = behind_whole(rest_, at);
    unit = rest_.substr(0, at);
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
    // A block may end in bytes that look like white space; trim only what stands behind no block.
    const bool holds_block = unit.find('#') != std::string_view::npos;
    unit = holds_block ? without_space_before(unit) : without_space_around(unit);
    if (!unit.empty()) return true;
  }
  return false;
}

ArgumentReader::ArgumentReader(std::string_view arguments) : rest_(arguments) {}

bool ArgumentReader::fail(int error) {
  error_ = error;
  rest_ = {};
  return false;
}

bool ArgumentReader::next(Datum& datum) {
  rest_ = without_space_before(rest_);
  if (rest_.empty()) return false;
  if (!first_) {
    if (rest_.front() != ',') return fail(k_syntax_error);
    rest_.remove_prefix(1);
    rest_ = without_space_before(rest_);
  }
  first_ = false;
  if (rest_.empty() || rest_.front() == ',') return fail(k_syntax_error);
  switch (rest_.front()) {
    case '"':
    case '\'':
      return quoted(datum);
    case '(':
      return expression(datum);
    case '#':
      if (rest_.size() > 1 && is_digit(rest_[1])) return block(datum);
      [[fallthrough]];
    default:
      return plain(datum);
  }
}

bool ArgumentReader::quoted(Datum& datum) {
  const char quote = rest_.front();
  std::size_t at = 1;
  while (true) {
    at = rest_.find(quote, at);
    if (at == std::string_view::npos) return fail(k_invalid_string);
    if (at + 1 == rest_.size() || rest_[at + 1] != quote) break;
    at += 2;  // a doubled quote stands for itself
  }
  datum = {DatumKind::string, rest_.substr(1, at - 1)};
  rest_.remove_prefix(at + 1);
  return true;
}

bool ArgumentReader::block(Datum& datum) {
  const auto header = parse_block_header(rest_);
  if (!header) return fail(k_invalid_block);
  std::string_view data = rest_.substr(header->head_length);
  if (header->data_length) {
    if (data.size() < *header->data_length) return fail(k_invalid_block);
    data = data.substr(0, *header->data_length);
    rest_.remove_prefix(header->head_length + *header->data_length);
  } else {
    if (data.ends_with('\n')) data.remove_suffix(1);
    rest_ = {};
  }
  datum = {DatumKind::block, data};
  return true;
}

bool ArgumentReader::expression(Datum& datum) {
  const std::size_t close = rest_.find(')');
  if (close == std::string_view::npos) return fail(k_invalid_expression);
  datum = {DatumKind::expression, rest_.substr(0, close + 1)};
  rest_.remove_prefix(close + 1);
  return true;
}

bool ArgumentReader::plain(Datum& datum) {
  const std::size_t comma = std::min(rest_.find(','), rest_.size());
  const std::string_view text = without_space_around(rest_.substr(0, comma));
  datum = {is_letter(text.front()) ? DatumKind::character : DatumKind::number, text};
  rest_.remove_prefix(comma);
  return true;
}

std::string unquoted(std::string_view inside) {
  std::string text;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    text += inside[i];
    if ((inside[i] == '"' || inside[i] == '\'') && i + 1 < inside.size() && inside[i + 1] == inside[i]) ++i;
  }
  return text;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace wheatstone::scpi
