#include "scpi/response.hpp"

#include "scpi/keyword.hpp"
#include "scpi/message.hpp"
#include "scpi/mnemonic.hpp"
#include "scpi/number.hpp"

namespace wheatstone::scpi {

std::optional<ErrorReply> parse_error_reply(std::string_view reply) {
  const std::size_t comma = reply.find(',');
  const auto number = parse_response_integer(reply.substr(0, comma));
  if (!number || *number < -32768 || *number > 32767) return std::nullopt;
  if (comma == std::string_view::npos) return ErrorReply{static_cast<int>(*number), {}};
  return ErrorReply{static_cast<int>(*number), parse_text_reply(reply.substr(comma + 1))};
}

std::optional<bool> parse_boolean_reply(std::string_view reply) {
  reply = without_space_around(reply);
  if (const auto number = parse_response_number(reply)) return *number != 0.0;
  if (reply.size() > 3) return std::nullopt;
  const Mnemonic word = Mnemonic::pack(reply);
  if (word == Mnemonic::pack("ON")) return true;
  if (word == Mnemonic::pack("OFF")) return false;
  return std::nullopt;
}

std::optional<std::vector<double>> parse_number_list(std::string_view reply) {
  std::vector<double> numbers;
  for (std::size_t begin = 0;;) {
    const std::size_t comma = reply.find(',', begin);
    const auto number = parse_response_number(reply.substr(begin, comma - begin));
    if (!number) return std::nullopt;
    numbers.push_back(*number);
    if (comma == std::string_view::npos) return numbers;
    begin = comma + 1;
  }
}

std::vector<std::string_view> split_reply(std::string_view reply, char separator) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < reply.size(); ++at) {
    if (reply[at] == '"') in_string = !in_string;
    if (reply[at] != separator || in_string) continue;
    parts.push_back(without_space_around(reply.substr(begin, at - begin)));
    begin = at + 1;
  }
  parts.push_back(without_space_around(reply.substr(begin)));
  return parts;
}

std::string parse_text_reply(std::string_view reply) {
  reply = without_space_around(reply);
  if (reply.size() < 2 || reply.front() != '"' || reply.back() != '"') return std::string(reply);
  return unquoted(reply.substr(1, reply.size() - 2));
}

}  // namespace wheatstone::scpi
