#include "scpi/channel_list.hpp"

#include <charconv>

#include "scpi/error_list.hpp"
#include "scpi/mnemonic.hpp"
#include "scpi/number.hpp"

namespace wheatstone::scpi {
namespace {

/// Takes one channel number off the front of `text`.
bool take_number(std::string_view& text, int& number) {
  text = without_space_around(text);
  if (text.empty() || !is_digit(text.front())) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  text = without_space_around(text);
  return error == std::errc();
}

int append_range(ChannelList& list, int first, int last) {
  const int step = first <= last ? 1 : -1;
  for (int channel = first;; channel += step) {
    if (list.count == k_most_channels) return k_too_much_data;
    list.values[list.count++] = channel;
    if (channel == last) return k_no_error;
  }
}

}  // namespace

int parse_channel_list(std::string_view text, ChannelList& list) {
  text = without_space_around(text);
  if (!text.starts_with('(') || !text.ends_with(')')) return k_invalid_expression;
  text = without_space_around(text.substr(1, text.size() - 2));
  if (!text.starts_with('@')) return k_invalid_expression;
  text.remove_prefix(1);
  list.count = 0;
  for (;;) {
    int first = 0;
    if (!take_number(text, first)) return k_invalid_expression;
    int last = first;
    if (text.starts_with(':')) {
      text.remove_prefix(1);
      if (!take_number(text, last)) return k_invalid_expression;
    }
    if (const int error = append_range(list, first, last); error != 0) return error;
    if (text.empty()) return k_no_error;
    if (text.front() != ',') return k_invalid_expression;
    text.remove_prefix(1);
  }
}

void append_channel_list(std::string& out, std::span<const int> channels) {
  out += "(@";
  for (std::size_t i = 0; i < channels.size(); ++i) {
    if (i > 0) out += ',';
    append_number(out, static_cast<long long>(channels[i]));
  }
  out += ')';
}

}  // namespace wheatstone::scpi
