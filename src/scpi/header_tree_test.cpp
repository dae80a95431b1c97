#include "scpi/header_tree.hpp"

#include <gtest/gtest.h>

#include <wheatstone/error.hpp>

#include "scpi/error_list.hpp"
#include "scpi/message.hpp"

namespace wheatstone::scpi {
namespace {

HeaderTree supply() {
  HeaderTree tree;
  tree.insert(Pattern("[SOURce:]VOLTage[:LEVel][:IMMediate][:AMPLitude]"), true, true, 0);
  tree.insert(Pattern("[SOURce:]VOLTage:PROTection[:LEVel]"), true, true, 1);
  tree.insert(Pattern("CHANnel<n>:SCALe"), true, true, 2);
  tree.insert(Pattern("*CLS"), true, false, 3);
  tree.insert(Pattern("SYSTem:ERRor[:NEXT]?"), false, true, 4);
  tree.insert(Pattern("[SOURce:]CURRent"), true, true, 5);
  tree.insert(Pattern("[:SOURce[1|2]]:FREQuency"), true, true, 6);
  tree.insert(Pattern("CHANnel<n>:OFFSet"), true, true, 7);
  return tree;
}

std::vector<int> meanings(std::string_view message) {
  static const HeaderTree tree = supply();
  MessageReader units(message);
  HeaderTree::Path path;
  std::vector<int> all;
  for (std::string_view unit; units.next(unit);) {
    const HeaderHit hit = tree.find(unit, path);
    all.push_back(hit.error != 0 ? hit.error : hit.value);
  }
  return all;
}

using Values = std::vector<int>;

TEST(HeaderTree, FindsEveryLegalFormOfAHeader) {
  for (const char* legal :
       {"VOLT 1", "volt 1", ":VOLTage:LEVel 1", "SOUR:VOLT:AMPL 1", "source:voltage:imm:amplitude 1", "VOLT?"}) {
    EXPECT_EQ(meanings(legal), Values{0}) << legal;
  }
}

TEST(HeaderTree, RefusesAbbreviationsBetweenShortAndLong) {
  for (const char* wrong :
       {"VOLTA 1", "VOL 1", "SOURCES:VOLT 1", "VOLT:FOO 1", "SYST:ERR", "*CLS?", "", ":", "VOLT: 1"}) {
    HeaderTree tree = supply();
    HeaderTree::Path path;
    EXPECT_EQ(tree.find(wrong, path).error, k_undefined_header) << wrong;
  }
  EXPECT_EQ(meanings("AVERYLONGMNEMONICTHATNOBODYWOULDWRITE 1"), Values{k_mnemonic_too_long});
}

TEST(HeaderTree, ReadsNumericSuffixesAndTakesOneWhereTheyAreLeftOut) {
  const HeaderTree tree = supply();
  HeaderTree::Path path;
  EXPECT_EQ(tree.find("CHAN3:SCAL 1", path).suffixes[0], 3);
  EXPECT_EQ(tree.find(":channel:scale?", path).suffixes[0], 1);
  EXPECT_EQ(tree.find(":SOUR2:FREQ 1", path).suffixes[0], 2);
  EXPECT_EQ(tree.find(":FREQ 1", path).suffixes[0], 1);
  EXPECT_EQ(tree.find(":SOUR3:FREQ 1", path).error, k_suffix_out_of_range);
  EXPECT_EQ(tree.find(":CHAN0:SCAL 1", path).error, k_suffix_out_of_range);
  EXPECT_EQ(tree.find(":VOLT2 1", path).error, k_suffix_out_of_range);
  EXPECT_EQ(tree.find(":SOUR2:VOLT 1", path).error, k_suffix_out_of_range);
}

TEST(HeaderTree, FollowsTheHeaderPathOfCompoundMessages) {
  EXPECT_EQ(meanings("VOLT 1;CURR 2"), (Values{0, 5}));
  EXPECT_EQ(meanings("VOLT:PROT 5;LEV 1"), (Values{1, 0})) << "LEV is read below VOLT";
  EXPECT_EQ(meanings("VOLT:PROT 5;CURR 1"), (Values{1, k_undefined_header})) << "there is no VOLT:CURR";
  EXPECT_EQ(meanings("VOLT:PROT 5;:CURR 1"), (Values{1, 5}));
  EXPECT_EQ(meanings("VOLT:PROT 5;*CLS;LEV 1"), (Values{1, 3, 0})) << "common commands leave the path";
  EXPECT_EQ(meanings("CHAN2:SCAL 1;OFFS 0"), (Values{2, 7}));
  EXPECT_EQ(meanings("VOLT 1.5,(@1);:SYST:ERR?\n"), (Values{0, 4}));
}

TEST(HeaderTree, WantsWhiteSpaceBetweenHeaderAndArguments) {
  EXPECT_EQ(meanings("VOLT,1"), Values{k_syntax_error});
  EXPECT_EQ(meanings("VOLT\t1"), Values{0});
  EXPECT_EQ(meanings("VOLT?(@1)"), Values{k_syntax_error});
}

TEST(HeaderTree, RefusesTwoCommandsUnderOneHeader) {
  HeaderTree tree = supply();
  EXPECT_THROW(tree.insert(Pattern("VOLTage:LEVel"), true, false, 9), ConfigurationError);
  EXPECT_NO_THROW(tree.insert(Pattern("*CLS"), false, true, 9)) << "query and setting may differ";
}

}  // namespace
}  // namespace wheatstone::scpi
