#pragma once
// Replies taken apart. None of these throws: absence says that the text is something else, and the caller, who knows
// the command and the instrument, says so in words.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wheatstone::scpi {

/// An entry of the error queue: `-113,"Undefined header"`, `+0,"No error"`; some instruments leave the quotes out.
struct ErrorReply {
  int number = 0;
  std::string text = {};
};
[[nodiscard]] std::optional<ErrorReply> parse_error_reply(std::string_view reply);

/// "1", "0", "ON", "OFF", "+1".
[[nodiscard]] std::optional<bool> parse_boolean_reply(std::string_view reply);

/// Numbers between commas. Absent where one of them is no number; an empty reply is no number.
[[nodiscard]] std::optional<std::vector<double>> parse_number_list(std::string_view reply);

/// The reply split at `separator` (',' between values, ';' between the answers of a compound query), strings kept
/// whole.
[[nodiscard]] std::vector<std::string_view> split_reply(std::string_view reply, char separator = ',');

/// The text of a string reply without its quotes, or the reply itself where it has none.
[[nodiscard]] std::string parse_text_reply(std::string_view reply);

}  // namespace wheatstone::scpi
