// Numbers, channel lists, blocks, arguments and replies.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "scpi/block.hpp"
#include "scpi/channel_list.hpp"
#include "scpi/error_list.hpp"
#include "scpi/message.hpp"
#include "scpi/number.hpp"
#include "scpi/response.hpp"

namespace wheatstone::scpi {
namespace {

constexpr double k_inf = std::numeric_limits<double>::infinity();

TEST(ResponseNumber, ReadsWhatInstrumentsSend) {
  EXPECT_EQ(parse_response_number("+1.49973E+00"), 1.49973);
  EXPECT_EQ(parse_response_number(" 12\n"), 12.0);
  EXPECT_EQ(parse_response_number("-.5"), -0.5);
  EXPECT_EQ(parse_response_number("+280E-03"), 0.28);
  EXPECT_EQ(parse_response_number("+9.90000000E+37"), k_inf);
  EXPECT_EQ(parse_response_number("-9.9E37"), -k_inf);
  EXPECT_TRUE(std::isnan(parse_response_number("9.91E37").value()));
  EXPECT_EQ(parse_response_number("1e-400"), 0.0);
}

TEST(ResponseNumber, IsAbsentForAnythingElse) {
  for (const char* wrong : {"", "+", "+-1", "++1", "volt", "1.5V", "1,2", "nan", "inf", "0x10", "1.5 2", "--1", "1e"}) {
    EXPECT_EQ(parse_response_number(wrong), std::nullopt) << wrong;
  }
}

TEST(ProgramNumber, KeepsItsSuffixApart) {
  EXPECT_EQ(parse_decimal("500 mV").value, 500.0);
  EXPECT_EQ(parse_decimal("500 mV").suffix, "mV");
  EXPECT_EQ(parse_decimal("1kOHM").suffix, "kOHM");
  EXPECT_EQ(parse_decimal("+2.5E-3").value, 0.0025);
  EXPECT_EQ(parse_decimal("1.5 E 3").value, 1500.0);
  EXPECT_EQ(parse_decimal("2EX").suffix, "EX");
  EXPECT_EQ(parse_decimal("#H1F").value, 31.0);
  EXPECT_EQ(parse_decimal("#b101").value, 5.0);
  EXPECT_EQ(parse_decimal("#Q17").value, 15.0);
  EXPECT_EQ(parse_decimal("1E99999").error, k_exponent_too_large);
  for (const char* wrong : {"", "-", "1.2.3", "5%%", "#HXY", "#H", "1!"})
    EXPECT_EQ(parse_decimal(wrong).error, k_invalid_number) << wrong;
}

TEST(Suffix, MultipliesAsTheStandardSays) {
  EXPECT_EQ(suffix_multiplier("mV", "V"), 1e-3);
  EXPECT_EQ(suffix_multiplier("V", "V"), 1.0);
  EXPECT_EQ(suffix_multiplier("MOHM", "Ohm"), 1e6);
  EXPECT_EQ(suffix_multiplier("mhz", "Hz"), 1e6);
  EXPECT_EQ(suffix_multiplier("MAV", "V"), 1e6);
  EXPECT_EQ(suffix_multiplier("us", "s"), 1e-6);
  EXPECT_EQ(suffix_multiplier("A", "V"), std::nullopt);
  EXPECT_EQ(suffix_multiplier("xV", "V"), std::nullopt);
  EXPECT_EQ(suffix_multiplier("V", ""), std::nullopt);
}

TEST(Number, WritesTheShortestDecimalThatReadsBack) {
  const auto written = [](double value) {
    std::string text;
    append_number(text, value);
    return text;
  };
  EXPECT_EQ(written(1.5), "1.5");
  EXPECT_EQ(written(0.0), "0");
  EXPECT_EQ(written(-2.0), "-2");
  EXPECT_EQ(written(0.001), "0.001");
  EXPECT_EQ(written(-0.125), "-0.125");
  EXPECT_EQ(written(1e-9), "1e-09");
  EXPECT_EQ(written(k_inf), "INF");
  for (const double value : {0.1, 1.0 / 3.0, 30.9, 1e22, 5e-324, 123456.789, 0.3 - 0.1, 999999.9995}) {
    EXPECT_EQ(parse_response_number(written(value)), value) << written(value);
    EXPECT_EQ(parse_decimal(written(value)).value, value) << written(value);
  }
}

TEST(Number, WritesRepliesAsKeysightDoes) {
  std::string text;
  append_nr3(text, 0.9997492);
  EXPECT_EQ(text, "+9.99749200E-01");
  text.clear();
  append_nr3(text, -k_inf, 1);
  EXPECT_EQ(text, "-9.9E+37");
}

TEST(ChannelList, ReadsSinglesListsAndRanges) {
  const auto read = [](std::string_view text) {
    ChannelList list;
    const int error = parse_channel_list(text, list);
    if (error != 0) return std::vector<int>{error};
    return std::vector<int>(list.begin(), list.end());
  };
  EXPECT_EQ(read("(@1)"), (std::vector<int>{1}));
  EXPECT_EQ(read("( @ 1 , 3:2 )"), (std::vector<int>{1, 3, 2}));
  EXPECT_EQ(read("(@1:3)"), (std::vector<int>{1, 2, 3}));
  for (const char* wrong : {"", "()", "(@)", "(@1", "@1", "(@1,)", "(@1:)", "(@a)", "(1)", "(@1 2)"}) {
    EXPECT_EQ(read(wrong), std::vector<int>{k_invalid_expression}) << wrong;
  }
  EXPECT_EQ(read("(@1:4000000)"), std::vector<int>{k_too_much_data});
}

TEST(Block, ReadsDefiniteAndIndefiniteOnes) {
  EXPECT_EQ(parse_block("#15hello"), "hello");
  EXPECT_EQ(parse_block("#15hello\n"), "hello");
  EXPECT_EQ(parse_block("#800000005hello"), "hello");
  EXPECT_EQ(parse_block("#0hello;\n"), "hello;");
  EXPECT_EQ(parse_block("#10"), "");
  for (const char* wrong : {"", "#", "#1", "#16hello", "hello", "#a5hello", "#14hello"})
    EXPECT_EQ(parse_block(wrong), std::nullopt) << wrong;
  std::string text;
  append_block_header(text, 5);
  append_block_header(text, 1000, 8);
  EXPECT_EQ(text, "#15#800001000");
}

std::vector<std::string> arguments(std::string_view text) {
  ArgumentReader reader(text);
  std::vector<std::string> all;
  for (Datum datum; reader.next(datum);) all.emplace_back(datum.text);
  if (reader.error() != 0) all.push_back(std::to_string(reader.error()));
  return all;
}

using Texts = std::vector<std::string>;

TEST(Arguments, KeepStringsBlocksAndListsWhole) {
  EXPECT_EQ(arguments("1.5 V, (@1,2)"), (Texts{"1.5 V", "(@1,2)"}));
  EXPECT_EQ(arguments("\"a,b;\"\"c\"\"\",MAX"), (Texts{"a,b;\"\"c\"\"", "MAX"}));
  EXPECT_EQ(arguments("#13a,b,2"), (Texts{"a,b", "2"}));
  EXPECT_EQ(arguments("#H1F"), (Texts{"#H1F"}));
  EXPECT_EQ(arguments(""), Texts{});
  EXPECT_EQ(arguments("1,,2"), (Texts{"1", "-102"}));
  EXPECT_EQ(arguments("1,"), (Texts{"1", "-102"}));
  EXPECT_EQ(arguments("\"open"), (Texts{"-151"}));
  EXPECT_EQ(arguments("(@1"), (Texts{"-171"}));
  EXPECT_EQ(arguments("#15hi"), (Texts{"-161"}));
  EXPECT_EQ(unquoted("say \"\"hi\"\""), "say \"hi\"");
}

TEST(Message, SplitsAtSemicolonsOutsideOfData) {
  MessageReader reader("DISP:TEXT \"a;b\";DATA #13;;;;*OPC?;\n");
  Texts units;
  for (std::string_view unit; reader.next(unit);) units.emplace_back(unit);
  EXPECT_EQ(units, (Texts{"DISP:TEXT \"a;b\"", "DATA #13;;;", "*OPC?"}));
}

TEST(Reply, ReadsErrorsBooleansAndLists) {
  EXPECT_EQ(parse_error_reply("-113,\"Undefined header\"\n")->number, -113);
  EXPECT_EQ(parse_error_reply("-113,\"Undefined header\"\n")->text, "Undefined header");
  EXPECT_EQ(parse_error_reply("+0,\"No error\"")->number, 0);
  EXPECT_FALSE(parse_error_reply("+1.49973E+00"));
  EXPECT_FALSE(parse_error_reply(""));
  EXPECT_EQ(parse_boolean_reply("1"), true);
  EXPECT_EQ(parse_boolean_reply("off\n"), false);
  EXPECT_EQ(parse_boolean_reply("maybe"), std::nullopt);
  EXPECT_EQ(parse_number_list("+1.0E0, 2,3\n"), (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(parse_number_list("1,x"), std::nullopt);
  EXPECT_EQ(split_reply("\"a;b\";2", ';'), (std::vector<std::string_view>{"\"a;b\"", "2"}));
}

TEST(ErrorList, KnowsTheStandardsTexts) {
  EXPECT_EQ(error_text(0), "No error");
  EXPECT_EQ(error_text(-113), "Undefined header");
  EXPECT_EQ(error_text(-222), "Data out of range");
  EXPECT_EQ(error_text(-410), "Query INTERRUPTED");
  EXPECT_EQ(error_text(-199), "Command error");
  EXPECT_EQ(error_answer(0), "+0,\"No error\"");
  EXPECT_EQ(error_answer(-113, "VOLTA"), "-113,\"Undefined header;VOLTA\"");
}

}  // namespace
}  // namespace wheatstone::scpi
