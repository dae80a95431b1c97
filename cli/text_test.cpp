#include "text.hpp"

#include <gtest/gtest.h>

namespace wheatstone::cli {
namespace {

TEST(Text, spells_instants_in_utc_before_and_after_1970) {
  EXPECT_EQ(utc(Time{1'795'428'902'123'456'789}), "2026-11-23 10:15:02");
  EXPECT_EQ(utc(Time{1'795'428'902'123'456'789}, true), "2026-11-23 10:15:02.123");
  EXPECT_EQ(utc(Time{-1'000'000}, true), "1969-12-31 23:59:59.999");
}

TEST(Text, sets_columns_apart_and_numbers_to_the_right) {
  EXPECT_EQ(columns({"run", "rows", "name"}, {{"01a9c4", "9", "IV"}, {"Ω", "12345", ""}}, {1}),
            "run      rows  name\n"
            "01a9c4      9  IV\n"
            "Ω       12345\n");
}

TEST(Text, quotes_words_for_a_shell_where_it_has_to) {
  EXPECT_EQ(shell_word("voltage=0:5:0.1"), "voltage=0:5:0.1");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("second try.yaml"), "'second try.yaml'");
  EXPECT_EQ(shell_word("Ohm's $law"), "'Ohm'\\''s $law'");
}

}  // namespace
}  // namespace wheatstone::cli
