#include "terminal.hpp"

#include <gtest/gtest.h>

namespace wheatstone::cli {
namespace {

TEST(Terminal, counts_columns_as_terminals_do) {
  EXPECT_EQ(columns_of("Ω mit Ä"), 7U);
  EXPECT_EQ(columns_of("測定"), 4U);
  EXPECT_EQ(columns_of("🔥 hot"), 6U);
  EXPECT_EQ(columns_of("e\u0301"), 1U);
  EXPECT_EQ(columns_of("\xff\xfe"), 2U);
}

TEST(Terminal, shortens_text_between_characters) {
  EXPECT_EQ(shortened("voltage", 7, true), "voltage");
  EXPECT_EQ(shortened("voltage", 4, true), "vol…");
  EXPECT_EQ(shortened("voltage", 4, false), "vol>");
  EXPECT_EQ(shortened("測定測定", 4, true), "測…");
  EXPECT_EQ(shortened("voltage", 0, true), "");
  for (std::size_t width = 0; width < 12; ++width)
    EXPECT_LE(columns_of(shortened("a🔥b測c\xff d", width, true)), width);
}

TEST(Terminal, lets_no_control_character_through) {
  EXPECT_EQ(printable("a\x1b[31mb\nc\td\x7f\u0085\xff"), "a?[31mb c d???");
  EXPECT_EQ(printable_lines("a\x07\nb"), "a?\nb");
  EXPECT_EQ(printable("Müller 🔥"), "Müller 🔥");
}

TEST(Terminal, limits_nothing_in_a_pipe_unless_it_is_told_a_width) {
  Terminal terminal{.width = 4};
  EXPECT_EQ(terminal.fit("voltage\nx\n"), "voltage\nx\n");
  terminal.is_width_told = true;
  EXPECT_EQ(terminal.fit("voltage\nx\n"), "vol…\nx\n");
}

TEST(Terminal, colours_only_where_there_are_colours) {
  EXPECT_EQ(Terminal{}.styled("killed", Style::bad), "killed");
  EXPECT_EQ(Terminal{.color = true}.styled("killed", Style::bad), "\x1b[31mkilled\x1b[0m");
  EXPECT_EQ(Terminal{.color = true}.styled("", Style::bad), "");
}

}  // namespace
}  // namespace wheatstone::cli
