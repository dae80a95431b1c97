#include "profile/command_table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <wheatstone/error.hpp>

#include "profile/profile.hpp"

namespace wheatstone::profile {
namespace {

const CommandTable& supply() { return *load_profile("keysight/EDU36311A")->commands; }

int error_of(std::string_view unit) {
  MatchContext context;
  return supply().match(unit, context).error;
}

TEST(CommandTable, WritesTheShortestFormThatTheManualAllows) {
  const std::vector<int> one = {1};
  const std::vector<int> two = {1, 2};
  EXPECT_EQ(supply().setting(supply().at("voltage"), {1.5}, one), "VOLT 1.5,(@1)");
  EXPECT_EQ(supply().setting(supply().at("voltage"), {"maximum"}, two), "VOLT MAX,(@1,2)");
  EXPECT_EQ(supply().query(supply().at("voltage"), {}, one), "VOLT? (@1)");
  EXPECT_EQ(supply().query(supply().at("voltage"), {"MAX"}, one), "VOLT? MAX,(@1)");
  EXPECT_EQ(supply().setting(supply().at("output"), {true}, one), "OUTP ON,(@1)");
  EXPECT_EQ(supply().query(supply().at("identify")), "*IDN?");
  EXPECT_EQ(supply().query(supply().at("channel_condition"), {}, std::vector<int>{2}), "STAT:QUES:INST:ISUM2:COND?");
  EXPECT_EQ(supply().setting(supply().at("display_text"), {"say \"hi\""}), "DISP:TEXT \"say \"\"hi\"\"\"");
}

TEST(CommandTable, RefusesArgumentsThatDoNotFitBeforeAnythingIsSent) {
  EXPECT_THROW((void)supply().setting(supply().at("voltage")), ConfigurationError);
  EXPECT_THROW((void)supply().setting(supply().at("voltage"), {1.0, 2.0}), ConfigurationError);
  EXPECT_THROW((void)supply().setting(supply().at("voltage"), {"HIGH"}), ConfigurationError);
  EXPECT_THROW((void)supply().setting(supply().at("voltage"), {true}), ConfigurationError);
  EXPECT_THROW((void)supply().setting(supply().at("trigger_source"), {3}), ConfigurationError);
  EXPECT_THROW((void)supply().query(supply().at("clear_protection")), ConfigurationError);
  EXPECT_THROW((void)supply().setting(supply().at("measure_voltage")), ConfigurationError);
  EXPECT_THROW((void)supply().at("volatge"), ConfigurationError);
}

TEST(CommandTable, ReadsSuffixesKeywordsAndChannels) {
  MatchContext context;
  const Match match = supply().match("SOURce:VOLTage:LEVel 500 mV , (@1:2)", context);
  ASSERT_TRUE(match);
  EXPECT_EQ(match.command->id, "voltage");
  EXPECT_DOUBLE_EQ(match.arguments[0].number, 0.5);
  EXPECT_EQ(match.channels.size(), 2u);
  context.path = {};
  const Match on = supply().match("outp 1", context);
  EXPECT_EQ(on.arguments[0].kind, ArgumentKind::boolean);
  EXPECT_TRUE(on.channels.empty());
}

TEST(CommandTable, NamesTheStandardsErrors) {
  EXPECT_EQ(error_of("VOLTA 1"), scpi::k_undefined_header);
  EXPECT_EQ(error_of("VOLT"), scpi::k_missing_parameter);
  EXPECT_EQ(error_of("VOLT 1,2"), scpi::k_parameter_not_allowed);
  EXPECT_EQ(error_of("VOLT 1,(@1),3"), scpi::k_parameter_not_allowed);
  EXPECT_EQ(error_of("VOLT 7,(@1)"), scpi::k_data_out_of_range);
  EXPECT_EQ(error_of("VOLT 7,(@2)"), 0);
  EXPECT_EQ(error_of("VOLT 7,(@2,1)"), scpi::k_data_out_of_range);
  EXPECT_EQ(error_of("VOLT 1,(@4)"), scpi::k_data_out_of_range);
  EXPECT_EQ(error_of("VOLT HIGH"), scpi::k_illegal_parameter_value);
  EXPECT_EQ(error_of("VOLT 1 A"), scpi::k_invalid_suffix);
  EXPECT_EQ(error_of("INST:NSEL 1 V"), scpi::k_suffix_not_allowed);
  EXPECT_EQ(error_of("VOLT \"1\""), scpi::k_string_not_allowed);
  EXPECT_EQ(error_of("VOLT (@1)"), scpi::k_missing_parameter);
  EXPECT_EQ(error_of("VOLT 1..2"), scpi::k_invalid_number);
  EXPECT_EQ(error_of("*IDN"), scpi::k_undefined_header);
  EXPECT_EQ(error_of("*CLS 1"), scpi::k_parameter_not_allowed);
  EXPECT_EQ(error_of("STAT:QUES:INST:ISUM9:COND?"), scpi::k_suffix_out_of_range);
  EXPECT_EQ(error_of("DISP:TEXT HELLO"), scpi::k_character_data_not_allowed);
  EXPECT_EQ(error_of("TRIG:SOUR EXT"), scpi::k_illegal_parameter_value);
}

struct Seen {
  std::string quantity;
  int channel;
  double value;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> seen(std::string_view unit, int selected = 1) {
  MatchContext context{{}, selected};
  const Match match = supply().match(unit, context);
  EXPECT_EQ(match.error, 0) << unit;
  std::vector<SetPoint> points;
  supply().set_points(match, selected, points);
  std::vector<Seen> all;
  for (const SetPoint& point : points) all.push_back({std::string(point.quantity), point.channel, point.value});
  return all;
}

TEST(SetPoints, AreSeenThroughEveryWayToReachAnOutput) {
  EXPECT_EQ(seen("VOLT 1.5,(@1,2)"), (std::vector<Seen>{{"voltage", 1, 1.5}, {"voltage", 2, 1.5}}));
  EXPECT_EQ(seen("VOLT 1.5", 3), (std::vector<Seen>{{"voltage", 3, 1.5}}));
  EXPECT_EQ(seen("APPL P30V,12,0.5"), (std::vector<Seen>{{"voltage", 2, 12}, {"current", 2, 0.5}}));
  EXPECT_EQ(seen("APPL CH1,MAX,DEF"), (std::vector<Seen>{{"voltage", 1, 6.18}, {"current", 1, 5}}));
  EXPECT_EQ(seen("OUTP ON,(@2)"), (std::vector<Seen>{{"output", 2, 1}}));
  EXPECT_EQ(seen("VOLT:TRIG 3,(@1)"), (std::vector<Seen>{{"voltage", 1, 3}}));
  EXPECT_EQ(seen("OUTP:PAIR SER"), (std::vector<Seen>{{"pair", 1, 2}}));
  EXPECT_EQ(seen("OUTP:PAIR OFF"), (std::vector<Seen>{{"pair", 1, 0}}));
  EXPECT_EQ(seen("VOLT? MAX"), std::vector<Seen>{});
  EXPECT_TRUE(supply().at("recall").recalls) << "*RCL sets what nobody can see in its text";
}

TEST(CommandTable, ResolvesTheLimitThatAQueryAsksFor) {
  const auto resolved = [](std::string_view unit, int channel) {
    MatchContext context;
    const Match match = supply().match(unit, context);
    return supply().resolve(match.parameters()[0], match.arguments[0], channel);
  };
  EXPECT_EQ(resolved("VOLT? MAX,(@1)", 1), 6.18);
  EXPECT_EQ(resolved("VOLT? MAX,(@2)", 2), 30.9);
  EXPECT_EQ(resolved("CURR? MIN,(@1)", 1), 0.002);
  EXPECT_EQ(resolved("CURR? DEF,(@1)", 1), 5.0);
}

TEST(SetPoints, TheBoundsOfAnApplyAreThoseOfItsChannel) {
  MatchContext context;
  EXPECT_EQ(supply().match("APPL P6V,12", context).error, scpi::k_data_out_of_range);
  EXPECT_EQ(supply().match("APPL P30V,12", context).error, 0);
  EXPECT_EQ(supply().channel_named(supply().match("INST:NSEL 2", context)), 2);
  EXPECT_EQ(supply().channel_named(supply().match(":INST CH3", context)), 3);
}

TEST(CommandTable, OnlySettingsSelectAChannel) {
  const auto selected = [](std::string_view unit) {
    MatchContext context;
    return supply().channel_selected(supply().match(unit, context));
  };
  EXPECT_EQ(selected("INST:NSEL 2"), 2);
  EXPECT_EQ(selected("APPL CH3,1"), 3);
  EXPECT_EQ(selected("APPL? CH3"), std::nullopt);
  EXPECT_EQ(selected("VOLT 1,(@2)"), std::nullopt);
  EXPECT_EQ(selected("NONSENSE"), std::nullopt);
}

}  // namespace
}  // namespace wheatstone::profile
