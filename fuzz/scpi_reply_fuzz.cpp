// What an instrument, or a broken line, may answer.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "scpi/block.hpp"
#include "scpi/channel_list.hpp"
#include "scpi/number.hpp"
#include "scpi/pattern.hpp"
#include "scpi/response.hpp"
#include "wheatstone/error.hpp"

namespace {

namespace scpi = wheatstone::scpi;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_number(std::string_view text) {
  const auto number = scpi::parse_response_number(text);
  if (!number || !std::isfinite(*number)) return;
  std::string written;
  scpi::append_number(written, *number);
  const auto again = scpi::parse_response_number(written);
  require(again.has_value() && *again == *number);
}

void check_block(std::string_view text) {
  const auto data = scpi::parse_block(text);
  if (!data) return;
  require(data->data() >= text.data() && data->data() + data->size() <= text.data() + text.size());
  std::string written;
  scpi::append_block_header(written, data->size());
  written += *data;
  require(scpi::parse_block(written) == *data);
}

void check_pattern(std::string_view text) {
  try {
    const scpi::Pattern pattern(text);
    std::string shortest;
    pattern.append_shortest(shortest);
    if (!shortest.starts_with('*')) require(pattern.matches(shortest) || pattern.suffix_count() > 0);
  } catch (const wheatstone::ConfigurationError&) {
    return;  // most texts are no pattern
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_number(text);
  check_block(text);
  if (size < 200) check_pattern(text);
  scpi::ChannelList channels;
  static_cast<void>(scpi::parse_channel_list(text, channels));
  static_cast<void>(scpi::parse_decimal(text));
  static_cast<void>(scpi::parse_error_reply(text));
  static_cast<void>(scpi::parse_boolean_reply(text));
  static_cast<void>(scpi::parse_number_list(text));
  require(!scpi::split_reply(text).empty());
  return 0;
}
