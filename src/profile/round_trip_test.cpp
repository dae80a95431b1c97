// Every command of every shipped profile: what drivers send is what the simulation and the limits understand.
#include <gtest/gtest.h>

#include <cmath>

#include "profile/profile.hpp"
#include "scpi/number.hpp"

namespace wheatstone::profile {
namespace {

/// Owns the words that terms view.
struct Sample {
  std::string word;
  double number = 0;
  bool is_word = false;
  [[nodiscard]] Term term() const { return is_word ? Term(std::string_view(word)) : Term(number); }
};

/// What all of these channels allow; without any, what the selected channel does.
std::optional<Bounds> common_bounds(const CommandTable& table, const Parameter& parameter, std::vector<int> channels) {
  if (channels.empty()) channels = {1};
  std::optional<Bounds> common;
  for (const int channel : channels) {
    const Bounds* bounds = table.bounds(parameter, channel);
    if (bounds == nullptr) return std::nullopt;
    if (!common) common = *bounds;
    common->minimum = std::max(common->minimum, bounds->minimum);
    common->maximum = std::min(common->maximum, bounds->maximum);
  }
  return common;
}

/// The channel that a sample of a parameter names, if that is what the parameter does.
std::vector<int> channels_named(const Parameter& parameter, const Sample& sample, std::vector<int> otherwise) {
  if (parameter.role != ParameterRole::channel) return otherwise;
  if (!sample.is_word) return {static_cast<int>(sample.number)};
  for (std::size_t i = 0; i < parameter.keywords.size(); ++i) {
    if (parameter.keywords[i].matches(sample.word)) return {parameter.keyword_channels[i]};
  }
  return otherwise;
}

std::vector<Sample> samples_of(const Parameter& parameter, const std::optional<Bounds>& bounds) {
  std::vector<Sample> all;
  const auto number = [&](double value) { all.push_back({{}, value, false}); };
  const auto word = [&](std::string text) { all.push_back({std::move(text), 0, true}); };
  switch (parameter.kind) {
    case ParameterKind::number:
    case ParameterKind::integer: {
      const bool bounded = bounds && std::isfinite(bounds->minimum) && std::isfinite(bounds->maximum);
      number(bounded ? bounds->minimum : 1);
      number(bounded ? bounds->maximum : 2);
      break;
    }
    case ParameterKind::boolean:
      number(1);
      number(0);
      break;
    case ParameterKind::string:
      for (const scpi::Pattern& pattern : parameter.patterns) {
        std::string text;
        pattern.append_shortest(text);
        word(text);
      }
      if (parameter.patterns.empty()) word("it is \"so\", isn't it; yes");
      break;
    case ParameterKind::block:
      word(std::string("\n;,\0 x\n", 7));
      break;
    case ParameterKind::raw:
      word("ANY");
      break;
    case ParameterKind::keyword:
      break;
  }
  for (const scpi::Keyword& keyword : parameter.keywords) {
    word(keyword.printed());
    word(keyword.short_form());
  }
  return all;
}

void expect_same(const Sample& sample, const Parameter& parameter, const Argument& argument) {
  if (!sample.is_word) {
    EXPECT_EQ(argument.number, sample.number);
  } else if (parameter.kind == ParameterKind::block || parameter.kind == ParameterKind::raw) {
    EXPECT_EQ(argument.text, sample.word);
  } else if (parameter.kind == ParameterKind::string) {
    EXPECT_EQ(argument.kind, ArgumentKind::string);
  } else {
    ASSERT_EQ(argument.kind, ArgumentKind::keyword);
    EXPECT_TRUE(parameter.keywords[static_cast<std::size_t>(argument.keyword)].matches(sample.word));
  }
}

/// Sends the command with `count` arguments, the sample of each chosen by `round`; reads it; sends it again.
void round_trip(const CommandTable& table, const Command& command, bool is_query, std::size_t count, std::size_t round,
                const std::vector<int>& channels) {
  const auto& parameters = is_query ? command.query_parameters : command.parameters;
  std::vector<Sample> samples;
  std::vector<int> targets = channels;
  for (std::size_t i = 0; i < count; ++i) {
    const auto all = samples_of(parameters[i], common_bounds(table, parameters[i], targets));
    ASSERT_FALSE(all.empty()) << parameters[i].name;
    samples.push_back(all[round % all.size()]);
    targets = channels_named(parameters[i], samples.back(), targets);
  }
  std::vector<Term> terms;
  for (const Sample& sample : samples) terms.push_back(sample.term());
  std::string text;
  is_query ? table.append_query(text, command, terms, channels) : table.append_setting(text, command, terms, channels);
  SCOPED_TRACE(text);
  MatchContext context;
  const Match match = table.match(text, context);
  ASSERT_EQ(match.error, 0);
  ASSERT_EQ(match.command, &command);
  EXPECT_EQ(match.is_query, is_query);
  ASSERT_EQ(match.argument_count, count);
  for (std::size_t i = 0; i < count; ++i) expect_same(samples[i], parameters[i], match.arguments[i]);
  EXPECT_TRUE(std::equal(match.channels.begin(), match.channels.end(), channels.begin(), channels.end()));
}

std::vector<std::vector<int>> channel_choices(const CommandTable& table, const Command& command) {
  const std::vector<int> all(table.channels().begin(), table.channels().end());
  if (command.channels == Channels::list) return {{}, {all.front()}, {all.front(), all.back()}};
  if (command.channels == Channels::suffix) return {{all.front()}, {all.back()}};
  return {{}};
}

class RoundTrip : public testing::TestWithParam<std::string> {};

TEST_P(RoundTrip, OfEveryCommandGivesItselfBack) {
  const ProfilePointer profile = load_profile(GetParam());
  const CommandTable& table = *profile->commands;
  for (const Command& command : table.commands()) {
    SCOPED_TRACE(command.id);
    for (const bool is_query : {false, true}) {
      if (is_query ? !command.can_query : !command.can_set) continue;
      const auto& parameters = is_query ? command.query_parameters : command.parameters;
      std::size_t least = 0;
      while (least < parameters.size() && !parameters[least].optional) ++least;
      for (const auto& channels : channel_choices(table, command)) {
        if (channels.size() == 2 && channels[0] == channels[1]) continue;
        for (std::size_t count = least; count <= parameters.size(); ++count) {
          for (std::size_t round = 0; round < 24; ++round) {
            round_trip(table, command, is_query, count, round, channels);
          }
        }
      }
    }
  }
}

TEST_P(RoundTrip, OfEveryHeaderInItsLongestFormFindsTheSameCommand) {
  const ProfilePointer profile = load_profile(GetParam());
  for (const Command& command : profile->commands->commands()) {
    for (const scpi::Pattern& pattern : command.patterns) {
      std::string longest;
      for (const scpi::PatternNode& node : pattern.nodes()) {
        longest += (node.keyword.printed().starts_with('*') ? "" : ":") + node.keyword.printed();
        if (node.takes_suffix) longest += "1";
      }
      if (!command.can_set) longest += '?';
      MatchContext context;
      const Match match = profile->commands->match(longest, context);
      EXPECT_EQ(match.command, &command) << longest;
    }
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Shipped, RoundTrip, testing::ValuesIn(list_profiles()), test_name);

}  // namespace
}  // namespace wheatstone::profile
