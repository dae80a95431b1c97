#include "profile/command_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <wheatstone/error.hpp>

namespace wheatstone::profile {
namespace {

/// What `for:` puts in place of {name}: the value in headers, the key everywhere else.
struct Substitution {
  std::string name;
  std::string key;
  std::string value;
};

std::string replaced(std::string text, const std::string& name, const std::string& by) {
  const std::string mark = "{" + name + "}";
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size())) {
    text.replace(at, mark.size(), by);
  }
  return text;
}

class CommandReader {
 public:
  CommandReader(const Profile& profile, const Substitution& substitution)
      : profile_(profile), substitution_(substitution) {}

  [[nodiscard]] Command read(const std::string& id, const YamlEntry& entry) const;

 private:
  [[nodiscard]] std::string key_text(const YamlEntry& entry) const {
    return replaced(entry.text(), substitution_.name, substitution_.key);
  }
  [[nodiscard]] std::string header_text(const YamlEntry& entry) const {
    return replaced(entry.text(), substitution_.name, substitution_.value);
  }

  void read_patterns(const YamlEntry& entry, Command& command) const;
  void read_parameters(const YamlEntry& list, std::vector<Parameter>& out) const;
  [[nodiscard]] Parameter read_parameter(const YamlEntry& entry) const;
  void read_words(const YamlEntry& entry, Parameter& parameter) const;
  void read_range(const YamlEntry& entry, Parameter& parameter) const;
  void read_response(const YamlEntry& entry, Command& command) const;

  const Profile& profile_;
  const Substitution& substitution_;
};

/// Runs `make`, giving what it throws the place of `entry`.
template <typename Make>
auto at_place(const YamlEntry& entry, Make&& make) {
  try {
    return make();
  } catch (const ConfigurationError& error) {
    entry.fail(error.what());
  }
}

void CommandReader::read_patterns(const YamlEntry& entry, Command& command) const {
  const YamlEntry scpi = entry.at("scpi");
  const std::vector<YamlEntry> printed = scpi.is_list() ? scpi.items() : std::vector<YamlEntry>{scpi};
  for (const YamlEntry& one : printed) {
    command.patterns.push_back(at_place(one, [&] { return scpi::Pattern(header_text(one)); }));
  }
  if (command.patterns.empty()) scpi.fail("a header is missing");
}

void CommandReader::read_words(const YamlEntry& entry, Parameter& parameter) const {
  if (const auto words = entry.find("keywords")) {
    if (words->is_map()) {
      for (const auto& [word, channel] : words->members()) {
        parameter.keywords.push_back(at_place(channel, [&, &text = word] { return scpi::Keyword(text); }));
        parameter.keyword_channels.push_back(channel.integer());
      }
    } else {
      for (const YamlEntry& word : words->items()) {
        parameter.keywords.push_back(at_place(word, [&] { return scpi::Keyword(word.text()); }));
      }
    }
  }
  if (const auto headers = entry.find("headers")) {
    for (const YamlEntry& header : headers->items()) {
      parameter.patterns.push_back(at_place(header, [&] { return scpi::Pattern(header.text()); }));
    }
  }
}

void CommandReader::read_range(const YamlEntry& entry, Parameter& parameter) const {
  if (entry.is_list()) {
    const std::vector<double> ends = entry.numbers();
    if (ends.size() < 2 || ends.size() > 3 || ends[0] > ends[1])
      entry.fail("a range is [min, max] or [min, max, reset]");
    Bounds bounds{ends[0], ends[1], {}};
    if (ends.size() == 3) bounds.reset = ends[2];
    parameter.bounds.push_back(bounds);
    return;
  }
  const std::string reference = key_text(entry);
  const std::size_t dot = reference.find('.');
  const std::string name = dot == std::string::npos ? std::string() : reference.substr(dot + 1);
  if (reference.starts_with("channel.")) {
    for (const Channel& channel : profile_.channels) {
      const Quantity& quantity = at_place(entry, [&]() -> const Quantity& { return channel.quantity(name); });
      parameter.bounds.push_back({quantity.minimum, quantity.maximum, quantity.reset});
      if (parameter.unit.empty()) parameter.unit = quantity.unit;
    }
    if (parameter.bounds.empty()) entry.fail("the profile has no channels");
  } else if (reference.starts_with("function.")) {
    const Function& function = at_place(entry, [&]() -> const Function& { return profile_.function(name); });
    parameter.bounds.push_back({0.0, function.quantity.ranges.back().nominal, function.quantity.reset});
    if (parameter.unit.empty()) parameter.unit = function.quantity.unit;
  } else {
    entry.fail("a range is [min, max], channel.<quantity> or function.<name>");
  }
}

Parameter CommandReader::read_parameter(const YamlEntry& entry) const {
  entry.allow({"name", "kind", "unit", "range", "sets", "names_channel", "keywords", "headers", "optional", "values",
               "repeat", "follows_state"});
  Parameter parameter;
  parameter.name = entry.at("name").text();
  parameter.kind = static_cast<ParameterKind>(
      entry.at("kind").choice({"number", "integer", "boolean", "keyword", "string", "block", "raw"}));
  parameter.optional = entry.boolean_or("optional", false);
  parameter.follows_state = entry.boolean_or("follows_state", false);
  parameter.unit = Unit(entry.text_or("unit", ""));
  read_words(entry, parameter);
  if (const auto range = entry.find("range")) read_range(*range, parameter);
  if (const auto values = entry.find("values")) parameter.values = values->numbers();
  if (const auto sets = entry.find("sets")) {
    parameter.role = ParameterRole::set_point;
    parameter.quantity = key_text(*sets);
  }
  if (entry.boolean_or("names_channel", false)) parameter.role = ParameterRole::channel;
  if (!parameter.keyword_channels.empty() && parameter.role != ParameterRole::channel) {
    entry.fail("keywords with channel numbers need names_channel: true");
  }
  if (parameter.kind == ParameterKind::keyword && parameter.keywords.empty()) entry.fail("its keywords are missing");
  return parameter;
}

void CommandReader::read_parameters(const YamlEntry& list, std::vector<Parameter>& out) const {
  for (const YamlEntry& entry : list.items()) {
    Parameter parameter = read_parameter(entry);
    const int times = entry.integer_or("repeat", 1);
    for (int i = 0; i < times; ++i) {
      out.push_back(parameter);
      parameter.optional = true;
    }
  }
  if (out.size() > k_most_arguments) list.fail("a command has eight parameters at most");
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (out[i - 1].optional && !out[i].optional) list.fail("behind an optional parameter all are optional");
  }
}

void CommandReader::read_response(const YamlEntry& entry, Command& command) const {
  if (!command.can_query) return;
  if (const auto response = entry.find("response")) {
    command.response = static_cast<ResponseKind>(
        response->choice({"none", "number", "integer", "boolean", "keyword", "string", "numbers", "text", "block"}));
    return;
  }
  if (command.parameters.empty()) entry.fail("'response' is missing: what does the query answer?");
  switch (command.parameters.front().kind) {
    case ParameterKind::number:
      command.response = ResponseKind::number;
      return;
    case ParameterKind::integer:
      command.response = ResponseKind::integer;
      return;
    case ParameterKind::boolean:
      command.response = ResponseKind::boolean;
      return;
    case ParameterKind::keyword:
      command.response = ResponseKind::keyword;
      return;
    case ParameterKind::string:
      command.response = ResponseKind::string;
      return;
    case ParameterKind::block:
      command.response = ResponseKind::block;
      return;
    case ParameterKind::raw:
      command.response = ResponseKind::text;
      return;
  }
}

/// VOLT? MAX: where a setting takes MIN, MAX or DEF, its query does.
void add_limit_query(Command& command) {
  if (command.parameters.empty()) return;
  const Parameter& first = command.parameters.front();
  if (first.kind != ParameterKind::number && first.kind != ParameterKind::integer) return;
  Parameter limit;
  limit.name = "limit";
  limit.kind = ParameterKind::keyword;
  limit.optional = true;
  limit.unit = first.unit;
  limit.bounds = first.bounds;
  for (const scpi::Keyword& keyword : first.keywords) {
    const std::string& word = keyword.short_form();
    if (word == "MIN" || word == "MAX" || word == "DEF") limit.keywords.push_back(keyword);
  }
  if (!limit.keywords.empty()) command.query_parameters.push_back(std::move(limit));
}

/// What is set by it can be asked for, and asking does nothing else: MEASure:VPP? CHAN1 measures, *OPC? waits.
bool can_be_setting(const Command& command) {
  const auto is_optional = [](const Parameter& parameter) { return parameter.optional; };
  return command.can_set && command.can_query && !command.alone && !command.selects_channel &&
         command.response != ResponseKind::block && command.response != ResponseKind::none &&
         !command.parameters.empty() && !command.parameters.front().optional &&
         std::all_of(command.query_parameters.begin(), command.query_parameters.end(), is_optional);
}

Command CommandReader::read(const std::string& id, const YamlEntry& entry) const {
  entry.allow({"scpi", "for", "parameters", "query_parameters", "set", "query", "channels", "response", "digits",
               "overlapped", "alone", "recalls", "selects_channel", "setting", "reset", "source", "note"});
  Command command;
  command.id = replaced(id, substitution_.name, substitution_.key);
  read_patterns(entry, command);
  const bool query_only = command.patterns.front().is_query_only();
  command.can_set = entry.boolean_or("set", !query_only);
  command.can_query = entry.boolean_or("query", query_only);
  if (!command.can_set && !command.can_query) entry.fail("it can neither be set nor queried");
  if (const auto channels = entry.find("channels")) {
    command.channels = static_cast<Channels>(channels->choice({"none", "list", "suffix", "selected"}));
  }
  if (command.channels == Channels::suffix && command.patterns.front().suffix_count() == 0) {
    entry.fail("channels: suffix needs a header with <n>");
  }
  if (const auto list = entry.find("parameters")) read_parameters(*list, command.parameters);
  if (const auto list = entry.find("query_parameters")) {
    read_parameters(*list, command.query_parameters);
  } else if (command.can_query) {
    add_limit_query(command);
  }
  read_response(entry, command);
  command.response_digits = entry.integer_or("digits", 8);
  command.overlapped = entry.boolean_or("overlapped", false);
  command.alone = entry.boolean_or("alone", false);
  command.recalls = entry.boolean_or("recalls", false);
  command.selects_channel = entry.boolean_or("selects_channel", false);
  command.is_setting = entry.boolean_or("setting", can_be_setting(command));
  if (command.is_setting && !can_be_setting(command)) entry.at("setting").fail("a setting is both set and queried");
  if (const auto reset = entry.find("reset")) command.reset = reset->text();
  return command;
}

std::vector<Substitution> substitutions(const YamlEntry& entry) {
  const auto loop = entry.find("for");
  if (!loop) return {{}};
  const auto members = loop->members();
  if (members.size() != 1) loop->fail("for: names one placeholder, {f: {voltage_dc: \"VOLTage[:DC]\"}}");
  std::vector<Substitution> all;
  for (const auto& [key, value] : members.front().second.members()) {
    all.push_back({members.front().first, key, value.text()});
  }
  return all;
}

/// In the place of the one of the same id, where there is one.
void put(Command command, std::vector<Command>& commands) {
  const auto same =
      std::find_if(commands.begin(), commands.end(), [&](const Command& other) { return other.id == command.id; });
  if (same != commands.end()) {
    *same = std::move(command);
  } else {
    commands.push_back(std::move(command));
  }
}

}  // namespace

void read_commands(const YamlEntry& section, const Profile& profile, std::vector<Command>& commands) {
  for (const auto& [id, entry] : section.members()) {
    entry.attempt([&, &name = id, &read = entry] {
      for (const Substitution& substitution : substitutions(read)) {
        put(CommandReader(profile, substitution).read(name, read), commands);
      }
    });
  }
}

}  // namespace wheatstone::profile
