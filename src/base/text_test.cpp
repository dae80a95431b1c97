#include "base/text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/uuid.hpp"

namespace wheatstone::base {
namespace {

TEST(Text, names_the_nearest_spellings_first) {
  const std::vector<std::string> names = {"keysight/34470A", "keysight/EDU36311A", "keysight/EL33133A"};
  EXPECT_EQ(nearest("keysight/EDU36311", names).front(), "keysight/EDU36311A");
  EXPECT_EQ(nearest("34470A", names).front(), "keysight/34470A");
  EXPECT_TRUE(nearest("voltmeter", std::vector<std::string>{"zz"}).empty());
}

TEST(Text, prints_the_shortest_decimal_that_reads_back) {
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(2.0), "2");
  EXPECT_EQ(shortest(std::copysign(std::numeric_limits<double>::quiet_NaN(), -1.0)), "nan");
}

TEST(Uuid, sorts_by_time_and_reads_back) {
  const Uuid a = make_uuid_v7(Time{1'000'000'000'000'000'000});
  const Uuid b = make_uuid_v7(Time{1'000'000'001'000'000'000});
  EXPECT_LT(a, b);
  EXPECT_EQ(Uuid::parse(a.text()), a);
  EXPECT_EQ(a.text()[14], '7');
  EXPECT_FALSE(Uuid::parse("no").has_value());
}

TEST(Excerpt, is_short_text_as_it_is_and_says_how_long_a_longer_one_was) {
  EXPECT_EQ(excerpt("VOLT? (@1)"), "VOLT? (@1)");
  EXPECT_EQ(excerpt(std::string(1234, 'x'), 4), "xxxx... (1234 bytes)");
  EXPECT_EQ(excerpt(""), "");
}

TEST(Excerpt, keeps_characters_whole_and_shows_what_is_none) {
  EXPECT_EQ(excerpt("23 \u00b0C"), "23 \u00b0C");
  EXPECT_EQ(excerpt("a\u00b0b", 2), "a\u00b0... (4 bytes)");
  EXPECT_EQ(excerpt(std::string_view("\x1b[2J\0\n\xff\xc3", 8)), "\\x1b[2J\\x00\\x0a\\xff\\xc3");
  EXPECT_EQ(excerpt("\xc0\xaf\xed\xa0\x80"), "\\xc0\\xaf\\xed\\xa0\\x80") << "overlong, and half a pair";
}

}  // namespace
}  // namespace wheatstone::base
