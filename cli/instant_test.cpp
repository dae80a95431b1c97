#include "instant.hpp"

#include <gtest/gtest.h>

#include <wheatstone/error.hpp>

#include "text.hpp"

namespace wheatstone::cli {
namespace {

constexpr Time k_now{1795429802'000'000'000};  // 2026-11-23 10:30:02 UTC

std::string begin(std::string_view text) { return utc(typed_time(text, k_now).begin); }
std::string end(std::string_view text) { return utc(typed_time(text, k_now).end); }

TEST(TypedTime, is_a_day_a_minute_or_a_second) {
  EXPECT_EQ(utc(k_now), "2026-11-23 10:30:02");
  EXPECT_EQ(begin("2024-02-29"), "2024-02-29 00:00:00");
  EXPECT_EQ(end("2024-02-29"), "2024-03-01 00:00:00");
  EXPECT_EQ(begin("2026-11-23 10:15"), "2026-11-23 10:15:00");
  EXPECT_EQ(end("2026-11-23T10:15"), "2026-11-23 10:16:00");
  EXPECT_EQ(end("2026-11-23T10:15:07Z"), "2026-11-23 10:15:08");
}

TEST(TypedTime, counts_back_from_now) {
  EXPECT_EQ(begin("today"), "2026-11-23 00:00:00");
  EXPECT_EQ(end("yesterday"), "2026-11-23 00:00:00");
  EXPECT_EQ(begin("90min"), "2026-11-23 09:00:02");
  EXPECT_EQ(begin("2h"), "2026-11-23 08:30:02");
  EXPECT_EQ(begin("3d"), "2026-11-20 10:30:02");
  EXPECT_EQ(end("1w"), begin("7d"));
}

TEST(TypedTime, is_refused_where_nobody_knows_what_is_meant) {
  for (const char* const text : {"", "soon", "2026-13-01", "2026-02-30", "23.11.2026", "2026-11-23 25:00", "3 days",
                                 "-3d", "2026-11-23x", "0001-01-01", "99999999999d"}) {
    EXPECT_THROW(static_cast<void>(typed_time(text, k_now)), ConfigurationError) << text;
  }
}

}  // namespace
}  // namespace wheatstone::cli
