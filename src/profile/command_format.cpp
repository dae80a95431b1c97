// From arguments to text: what drivers send.

#include <fmt/format.h>

#include <wheatstone/error.hpp>

#include "base/text.hpp"
#include "profile/command_table.hpp"
#include "scpi/block.hpp"
#include "scpi/message.hpp"
#include "scpi/number.hpp"

namespace wheatstone::profile {
namespace {

[[noreturn]] void refuse(const Command& command, const Parameter& parameter, std::string_view why) {
  throw ConfigurationError(fmt::format("{} cannot take that {}: {}", command.header(), parameter.name, why));
}

const scpi::Keyword* keyword_of(const Parameter& parameter, std::string_view word) {
  for (const scpi::Keyword& keyword : parameter.keywords) {
    if (keyword.matches(word)) return &keyword;
  }
  return nullptr;
}

void append_keyword(std::string& out, const Command& command, const Parameter& parameter, std::string_view word) {
  if (const scpi::Keyword* keyword = keyword_of(parameter, word)) {
    out += keyword->short_form();
    return;
  }
  std::vector<std::string> words;
  for (const scpi::Keyword& keyword : parameter.keywords) words.push_back(keyword.printed());
  refuse(command, parameter, fmt::format("'{}' is not {}", word, words.empty() ? "a number" : base::listed(words)));
}

void append_string(std::string& out, const Command& command, const Parameter& parameter, std::string_view word) {
  for (const scpi::Pattern& pattern : parameter.patterns) {
    if (!pattern.matches(word)) continue;
    out += '"';
    pattern.append_shortest(out);
    out += '"';
    return;
  }
  if (!parameter.patterns.empty()) refuse(command, parameter, fmt::format("'{}' is none of those it knows", word));
  scpi::append_quoted(out, word);
}

void append_word(std::string& out, const Command& command, const Parameter& parameter, std::string_view word) {
  switch (parameter.kind) {
    case ParameterKind::string:
      return append_string(out, command, parameter, word);
    case ParameterKind::block:
      scpi::append_block_header(out, word.size());
      out += word;
      return;
    case ParameterKind::raw:
      out += word;
      return;
    default:
      return append_keyword(out, command, parameter, word);
  }
}

void append_term(std::string& out, const Command& command, const Parameter& parameter, const Term& term) {
  if (term.kind() == Term::Kind::word) return append_word(out, command, parameter, term.word());
  switch (parameter.kind) {
    case ParameterKind::boolean:
      out += term.number() != 0.0 ? "ON" : "OFF";
      return;
    case ParameterKind::number:
    case ParameterKind::integer:
    case ParameterKind::raw:
      if (term.kind() == Term::Kind::number) return scpi::append_number(out, term.number());
      refuse(command, parameter, "it takes a number, not true or false");
    default:
      refuse(command, parameter, "it takes a word, not a number");
  }
}

}  // namespace

void CommandTable::append(std::string& out, const Command& command, bool is_query, std::span<const Term> arguments,
                          std::span<const int> channels) const {
  const auto& parameters = is_query ? command.query_parameters : command.parameters;
  if (is_query ? !command.can_query : !command.can_set) {
    throw ConfigurationError(
        fmt::format("{} can only be {}", command.header(), is_query ? "set, not queried" : "queried, not set"));
  }
  if (arguments.size() > parameters.size()) {
    throw ConfigurationError(fmt::format("{}{} takes {} arguments at most, not {}", command.header(),
                                         is_query ? "?" : "", parameters.size(), arguments.size()));
  }
  if (arguments.size() < parameters.size() && !parameters[arguments.size()].optional) {
    throw ConfigurationError(fmt::format("{}{} needs its argument '{}'", command.header(), is_query ? "?" : "",
                                         parameters[arguments.size()].name));
  }
  command.patterns.front().append_shortest(
      out, channels.empty() || command.channels == Channels::suffix ? channels : std::span<const int>{});
  if (is_query) out += '?';
  char separator = ' ';
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    out += separator;
    separator = ',';
    append_term(out, command, parameters[i], arguments[i]);
  }
  if (command.channels == Channels::list && !channels.empty()) {
    out += separator;
    scpi::append_channel_list(out, channels);
  }
}

void CommandTable::append_setting(std::string& out, const Command& command, std::span<const Term> arguments,
                                  std::span<const int> channels) const {
  append(out, command, false, arguments, channels);
}

void CommandTable::append_query(std::string& out, const Command& command, std::span<const Term> arguments,
                                std::span<const int> channels) const {
  append(out, command, true, arguments, channels);
}

std::string CommandTable::setting(const Command& command, std::initializer_list<Term> arguments,
                                  std::span<const int> channels) const {
  std::string text;
  append(text, command, false, {arguments.begin(), arguments.size()}, channels);
  return text;
}

std::string CommandTable::query(const Command& command, std::initializer_list<Term> arguments,
                                std::span<const int> channels) const {
  std::string text;
  append(text, command, true, {arguments.begin(), arguments.size()}, channels);
  return text;
}

}  // namespace wheatstone::profile
