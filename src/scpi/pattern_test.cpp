#include "scpi/pattern.hpp"

#include <gtest/gtest.h>

#include <wheatstone/error.hpp>

namespace wheatstone::scpi {
namespace {

std::string shortest(std::string_view printed, std::vector<int> suffixes = {}) {
  std::string text;
  Pattern(printed).append_shortest(text, suffixes);
  return text;
}

TEST(Pattern, WritesTheShortestLegalHeader) {
  EXPECT_EQ(shortest("[SOURce:]VOLTage[:LEVel][:IMMediate][:AMPLitude]"), "VOLT");
  EXPECT_EQ(shortest("CHANnel<n>:SCALe", {3}), "CHAN3:SCAL");
  EXPECT_EQ(shortest("OUTPut[:STATe]:DELay:RISE"), "OUTP:DEL:RISE");
  EXPECT_EQ(shortest("[:SOURce[1|2]]:FREQuency[:CW]"), "FREQ");
  EXPECT_EQ(shortest("SOURce[1|2]:FREQuency", {2}), "SOUR2:FREQ");
  EXPECT_EQ(shortest("*IDN?"), "*IDN");
}

TEST(Pattern, KnowsEveryLegalSelectionOfItsNodes) {
  EXPECT_EQ(Pattern("[SOURce:]VOLTage[:LEVel][:IMMediate][:AMPLitude]").variants().size(), 16u);
  EXPECT_EQ(Pattern("A[:B[:C]]").variants().size(), 3u);
}

TEST(Pattern, MatchesEitherFormInAnyCaseAndNothingBetween) {
  const Pattern volt("VOLTage[:DC]");
  for (const char* legal : {"VOLT", "volt:dc", ":VOLTAGE", "Voltage:DC"}) EXPECT_TRUE(volt.matches(legal)) << legal;
  for (const char* illegal : {"VOLTA", "VOL", "VOLT:AC", "VOLT:", "", "VOLT:DC:DC"})
    EXPECT_FALSE(volt.matches(illegal)) << illegal;
  EXPECT_TRUE(Pattern("SOURce[1|2]:FREQ").matches("sour2:freq"));
  EXPECT_FALSE(Pattern("SOURce[1|2]:FREQ").matches("sour3:freq"));
}

TEST(Pattern, RefusesWhatNoManualPrintsAndPointsAtIt) {
  for (const char* wrong : {"", "VOLT[:DC", "VOLT]", "VOLT::DC", "voltage", "A[B]C", "VOLT DC", "CHANnel<n:SCALe",
                            "SOURce[1|x]:FREQ", "VERYLONGMNEMONICINDEED"}) {
    EXPECT_THROW(Pattern{wrong}, ConfigurationError) << wrong;
  }
  try {
    Pattern("VOLT[:DC");
    FAIL();
  } catch (const ConfigurationError& error) {
    EXPECT_STREQ(error.what(), "the SCPI pattern 'VOLT[:DC' cannot be read at character 9: ']' is missing");
  }
}

}  // namespace
}  // namespace wheatstone::scpi
