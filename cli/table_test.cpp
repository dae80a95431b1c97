#include "table.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace wheatstone::cli {
namespace {

Table runs() {
  Table table({{.title = "run"},
               {.title = "started", .rank = 2},
               {.title = "rows", .is_number = true, .rank = 1},
               {.title = "name", .least = 6},
               {.title = "tags", .rank = 3}});
  table.add({"01a9c4", "2026-11-23 10:15:02", "31", "a curve of a diode", ""});
  table.add({"92254f", "2026-11-23 10:16:00", "7", "測定", ""});
  return table;
}

std::string at(std::size_t width) { return runs().text({.width = width, .is_width_told = true}); }

TEST(Table, is_whole_in_a_pipe_and_leaves_out_what_is_empty) {
  EXPECT_EQ(runs().text({}),
            "run     started              rows  name\n"
            "01a9c4  2026-11-23 10:15:02    31  a curve of a diode\n"
            "92254f  2026-11-23 10:16:00     7  測定\n");
}

TEST(Table, shortens_what_may_be_and_then_leaves_out_by_rank) {
  EXPECT_EQ(at(44),
            "run     started              rows  name\n"
            "01a9c4  2026-11-23 10:15:02    31  a curve …\n"
            "92254f  2026-11-23 10:16:00     7  測定\n");
  EXPECT_EQ(at(30),
            "run     rows  name\n"
            "01a9c4    31  a curve of a di…\n"
            "92254f     7  測定\n");
  EXPECT_EQ(at(16),
            "run     name\n"
            "01a9c4  a curve…\n"
            "92254f  測定\n");
}

TEST(Table, never_is_wider_than_the_terminal) {
  for (std::size_t width = 1; width < 90; ++width) {
    std::istringstream lines(at(width));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(columns_of(line), width) << line;
  }
}

}  // namespace
}  // namespace wheatstone::cli
