#include "plot.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>
#include <vector>

#include "terminal.hpp"

namespace wheatstone::cli {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(Plot, draws_a_rising_line_from_the_lower_left_to_the_upper_right) {
  const std::vector<double> x = {0, 1, 2, 3};
  const std::string text = plot(x, x, {.x_label = "V", .y_label = "A", .width = 20, .height = 4, .unicode = false});
  EXPECT_EQ(text,
            "A\n"
            "3 |              ***\n"
            "  |        ******\n"
            "  |   *****\n"
            "0 |***\n"
            "  +-----------------\n"
            "   0       V       3\n");
}

TEST(Plot, puts_eight_dots_into_a_character_where_the_terminal_shows_braille) {
  const std::vector<double> x = {0, 1};
  const std::vector<double> y = {1, 1};
  const std::vector<std::string> lines = lines_of(plot(x, y, {.width = 20, .height = 2}));
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[2].substr(0, 7), "0.9 │");
  EXPECT_NE(plot(x, y, {.width = 20, .height = 2}).find("⠉"), std::string::npos);
}

TEST(Plot, is_never_wider_than_asked) {
  const std::vector<double> x = {-1.23456e-9, 5e12};
  const std::vector<double> y = {-123456, 0.001};
  for (std::size_t width = 20; width < 120; ++width) {
    const PlotOptions options = {.x_label = "a rather long label (V)", .y_label = "another one, Ω", .width = width};
    for (const std::string& line : lines_of(plot(x, y, options))) EXPECT_LE(columns_of(line), width) << line;
  }
}

TEST(Plot, leaves_out_what_is_not_finite_and_is_empty_where_nothing_is_left) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> x = {0, 1, 2};
  EXPECT_EQ(plot(x, std::vector<double>{nan, infinity, -infinity}, {}), "");
  EXPECT_EQ(plot({}, {}, {}), "");
  const std::string text = plot(x, std::vector<double>{0, nan, 1}, {.width = 20, .height = 2, .unicode = false});
  EXPECT_EQ(lines_of(text)[1].substr(0, 3), "1 |");
}

TEST(Plot, marks_what_is_infinite_at_the_edge_and_keeps_its_range) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<double> x = {0, 1, 2, 3};
  const std::vector<double> y = {0, infinity, 1, -infinity};
  const std::string text = plot(x, y, {.width = 20, .height = 3, .unicode = false});
  EXPECT_EQ(text.find("inf"), std::string::npos);
  EXPECT_EQ(lines_of(text)[1], "1 |     ^     *");
  EXPECT_EQ(lines_of(text)[2], "  |") << "nothing is drawn over the gap";
  EXPECT_EQ(lines_of(text)[3], "0 |*               v");
  EXPECT_NE(plot(x, y, {.width = 20, .height = 3}).find("▲"), std::string::npos);
}

TEST(Plot, parts_curves_where_a_point_has_no_place_across) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> x = {0, 3, nan, 0, 3};
  const std::vector<double> y = {0, 0, nan, 1, 1};
  const std::string text = plot(x, y, {.width = 20, .height = 4, .unicode = false});
  EXPECT_EQ(lines_of(text)[2], "  |") << "nothing goes from the end of one to the beginning of the other";
  EXPECT_EQ(lines_of(text)[4], "0 |*****************");
  const std::vector<double> ends = {0, 3};
  const std::string dots = plot(ends, ends, {.width = 20, .height = 4, .unicode = false, .joined = false});
  EXPECT_EQ(lines_of(dots)[2], "  |");
}

TEST(Terminal, cuts_lines_for_a_person_and_leaves_a_pipe_alone) {
  Terminal terminal;
  terminal.width = 5;
  EXPECT_EQ(terminal.fit("abcdefg\nΩΩ\n"), "abcdefg\nΩΩ\n");
  terminal.is_out_terminal = true;
  EXPECT_EQ(terminal.fit("abcdefg\nΩΩΩΩΩΩ\nabcde\n"), "abcd…\nΩΩΩΩ…\nabcde\n");
  terminal.unicode = false;
  EXPECT_EQ(terminal.fit("abcdefg"), "abcd>");
}

TEST(Terminal, cuts_lines_in_a_pipe_to_a_width_that_was_told) {
  Terminal terminal;
  terminal.width = 5;
  terminal.is_width_told = true;
  EXPECT_EQ(terminal.fit("abcdefg\nabcde\n"), "abcd…\nabcde\n");
}

}  // namespace
}  // namespace wheatstone::cli
